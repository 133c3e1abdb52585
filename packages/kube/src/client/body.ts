import { KubeError } from '../errors.ts';

/** Reads a body whole as UTF-8. Throws `too-large` as soon as the limit is passed. */
export async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number, what: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes)
      throw new KubeError(
        'too-large',
        `The answer for ${what} is larger than ${maxBytes} bytes. Ask for less: a namespace, a selector, a limit.`,
        { details: { maxBytes } },
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString('utf8');
}

/** Reads what is left of an unwanted body, if it is small, so that its connection can be used again. */
export async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > 64 * 1024) break;
  }
}

/** The lines of a body, without their ends; empty ones are left out. Throws `too-large` for a line beyond the limit. */
export async function* readLines(body: AsyncIterable<Uint8Array>, maxLineBytes: number): AsyncGenerator<string, void, undefined> {
  let pending: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...pending, chunk.subarray(start, end)])
        .toString('utf8')
        .trim();
      pending = [];
      length = 0;
      start = end + 1;
      if (line !== '') yield line;
    }
    const rest = chunk.subarray(start);
    length += rest.length;
    if (length > maxLineBytes) throw new KubeError('too-large', `One event of a watch is larger than ${maxLineBytes} bytes.`);
    if (rest.length > 0) pending.push(rest);
  }
  const last = Buffer.concat(pending).toString('utf8').trim();
  if (last !== '') yield last;
}
