import type { ServerResponse } from 'node:http';
import { setImmediate as nextTick } from 'node:timers/promises';
import type { Wire } from './server-turn.ts';

/** One event, or a comment where there is no data, as it goes over the wire. */
export function encodeEvent(data: string | undefined, { newline = '\n', multiline = false }: Wire): string {
  if (data === undefined) return `: keep-alive${newline}${newline}`;
  const lines = multiline && data !== '[DONE]' ? JSON.stringify(JSON.parse(data), null, 1).split('\n') : [data];
  return `${lines.map((line) => `data: ${line}`).join(newline)}${newline}${newline}`;
}

/** Writes text in packets of the wire's size and waits where the client does not keep up. */
export async function writeBytes(response: ServerResponse, text: string, { packetBytes }: Wire, signal: AbortSignal): Promise<void> {
  const bytes = Buffer.from(text);
  const size = packetBytes ?? Math.max(1, bytes.length);
  for (let at = 0; at < bytes.length && !signal.aborted; at += size) {
    if (!response.write(bytes.subarray(at, at + size))) await drained(response, signal);
    if (packetBytes !== undefined) await nextTick();
  }
  signal.throwIfAborted();
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
