import { sleepFor } from './abort.ts';

const endGraceMs = 50;

/** What the bytes so far were: `enough` ends the reading. */
export type Taken = 'more' | 'enough';

/**
 * Hands the bytes of a body on as they arrive; rejects with the signal's reason when it is aborted.
 * Where `take` has enough, the stream gets a moment to end by itself, so that its connection can be used again; then it is closed.
 */
export async function readBody(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  take: (bytes: Uint8Array) => Taken | Promise<Taken>,
): Promise<void> {
  const reader = body.getReader();
  // Ends the pending `read()`, as the standard wants it: a race for each piece would cost more than reading it.
  const leave = (): void => void reader.cancel(signal.reason).catch(() => {}); // it may be broken already
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) {
        ended = true;
        return;
      }
      const taken = take(value);
      if ((typeof taken === 'string' ? taken : await taken) === 'enough') return;
    }
  } catch (error) {
    ended = true;
    leave();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', leave);
    if (!ended) await close(reader, signal);
  }
}

async function close(reader: ReadableStreamDefaultReader<Uint8Array>, signal: AbortSignal): Promise<void> {
  const drained = drain(reader).catch(() => {}); // what comes after the end does not matter
  await Promise.race([drained, sleepFor(signal.aborted ? 0 : endGraceMs, new AbortController().signal)]);
  reader.cancel().catch(() => {}); // the connection may be gone
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}
