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
  // An answer whose connection still serves an earlier one, or which has no chunks, is written its own way to its end.
  const direct =
    outgoing.socket !== null && outgoing.chunkedEncoding && outgoing.writableLength === outgoing.socket.writableLength
      ? outgoing.socket
      : undefined;
  const write = (text: string): void => {
    if (direct === undefined) {
      outgoing.write(text);
      return;
    }
    if (direct.destroyed) return; // its `close` is under way
    // The answer's own `write` makes three writes of a chunk, which are put together again a turn later.
    const hasRoom = direct.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
    if (hasRoom || waitsForDrain) return;
    waitsForDrain = true;
    direct.once('drain', onDrain);
  };
  const { drained, left } = stream.open({
    write,
    waiting: () => direct?.writableLength ?? outgoing.writableLength,
    end: () => outgoing.end(),
    cut: () => outgoing.destroy(),
  });
  outgoing.on('drain', drained);
  outgoing.on('close', left);
  outgoing.on('error', left);
  if (outgoing.destroyed) left();
}
