import { open } from 'node:fs/promises';
import { resolve } from 'node:path';

/** A file whose text goes with a question. */
export interface Attachment {
  /** As it was written. */
  readonly path: string;
  readonly text: string;
  readonly bytes: number;
}

/** More of a file is not read; the model sees less still. */
const maxBytes = 4 * 1024 * 1024;

/** The files that a question names by `@path`; what is no readable file stays words. */
export async function attachmentsOf(question: string, home: string): Promise<readonly Attachment[]> {
  const paths = new Set([...question.matchAll(/(?:^|\s)@(\S+)/g)].map(([, path = '']) => path));
  const found: Attachment[] = [];
  for (const path of paths) {
    const text = await readStart(resolve(path.replace(/^~(?=\/)/, home)));
    if (text !== undefined) found.push({ path, text, bytes: Buffer.byteLength(text) });
  }
  return found;
}

async function readStart(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      if (!(await file.stat()).isFile()) return undefined;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return undefined; // it is a word, such as @team
  }
}
