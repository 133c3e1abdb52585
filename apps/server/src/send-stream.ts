import type { ServerResponse } from 'node:http';
import type { TextStream } from '@kw/http';

/** Sends an answer's head, then a stream's text as it comes: one chunk each, without a web stream in between. */
export function sendStream(stream: TextStream, { status, headers }: Response, outgoing: ServerResponse): void {
  outgoing.writeHead(status, Object.fromEntries(headers));
  outgoing.flushHeaders();
  const { drained, left } = stream.open({
    write: (text) => outgoing.write(text),
    waiting: () => outgoing.writableLength,
    end: () => outgoing.end(),
    cut: () => outgoing.destroy(),
  });
  outgoing.on('drain', drained);
  outgoing.on('close', left);
  outgoing.on('error', left);
  if (outgoing.destroyed) left();
}
