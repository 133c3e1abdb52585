import type { ServerResponse } from 'node:http';
import type { TextStream } from '@kw/http';

/** Sends an answer's head, then a stream's text as it comes: one chunk each, without a web stream in between. */
export function sendStream(stream: TextStream, { status, headers }: Response, outgoing: ServerResponse): void {
  outgoing.writeHead(status, Object.fromEntries(headers));
  outgoing.flushHeaders();
  let waitsForDrain = false;
  const onDrain = (): void => {
    waitsForDrain = false;
    drained();
  };
  const write = (text: string): void => {
    const { socket } = outgoing;
    // What waits in the answer itself, whose connection still serves an earlier one or which has no chunks, goes its way.
    if (socket === null || !outgoing.chunkedEncoding || outgoing.writableLength > socket.writableLength) {
      outgoing.write(text);
      return;
    }
    // The answer's own `write` makes three writes of a chunk, which are put together again a turn later.
    const hasRoom = socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
    if (hasRoom || waitsForDrain) return;
    waitsForDrain = true;
    socket.once('drain', onDrain);
  };
  const { drained, left } = stream.open({
    write,
    waiting: () => outgoing.writableLength,
    end: () => outgoing.end(),
    cut: () => outgoing.destroy(),
  });
  outgoing.on('drain', drained);
  outgoing.on('close', left);
  outgoing.on('error', left);
  if (outgoing.destroyed) left();
}
