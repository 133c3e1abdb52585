import type { Readable } from 'node:stream';

/** Characters of piped input that are taken; the model sees far less. */
const maxCharacters = 64 * 1024 * 1024;

/** Reads a stream to its end as UTF-8; beyond 64 Mi characters the rest is read and dropped, so that the writer ends well. */
export async function readAll(stream: Readable, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder('utf-8');
  const parts: string[] = [];
  let length = 0;
  const onAbort = (): void => {
    stream.destroy();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const chunk of stream) {
      if (length > maxCharacters) continue;
      const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      parts.push(text);
      length += text.length;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  return parts.join('') + decoder.decode();
}
