import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that lives as long as the test. */
export interface TestFolder {
  readonly path: string;
  /** Writes a file (folders are made) and returns its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** Writes an executable shell script. */
  script(name: string, body: string): Promise<string>;
}

/** Makes a fresh folder for one test. */
export async function createFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'kw-kube-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const write: TestFolder['write'] = async (name, content) => {
    const file = join(path, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  return {
    path,
    write,
    script: async (name, body) => {
      const file = await write(name, `#!/bin/sh\n${body}\n`);
      await chmod(file, 0o755);
      return file;
    },
  };
}
