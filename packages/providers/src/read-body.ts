import { createAbortRace, sleepFor } from './abort.ts';

const endGraceMs = 50;

/**
 * The bytes of a body as they arrive; rejects with the signal's reason when it is aborted.
 * Whoever stops reading early gives the stream a moment to end by itself, so that its connection can be used again;
 * then it is closed.
 */
export async function* readBody(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  const abort = createAbortRace(signal);
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await abort.race(reader.read());
      if (done) {
        ended = true;
        return;
      }
      yield value;
    }
  } catch (error) {
    ended = true;
    reader.cancel().catch(() => {}); // it is broken already
    throw error;
  } finally {
    abort.leave();
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
