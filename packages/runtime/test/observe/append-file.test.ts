import { chmod, link, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAppendFile } from '../../src/observe/append-file.ts';

let folder: string;
const mine = process.getuid?.();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kw-append-test-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('openAppendFile', () => {
  it('makes a file for its owner alone, and appends', async () => {
    const path = join(folder, 'log');
    for (const text of ['a\n', 'b\n']) {
      const file = openAppendFile(path, mine);
      file.write(text);
      file.close();
      file.write('nothing after its end\n');
    }
    expect(await readFile(path, 'utf8')).toBe('a\nb\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('takes the rights of others away from a file of ours', async () => {
    const path = join(folder, 'log');
    await writeFile(path, 'old\n');
    await chmod(path, 0o666);
    openAppendFile(path, mine).close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each(['link', 'hard link', 'pipe', 'directory', 'foreign'])('refuses what may be a trap: %s', async (trap) => {
    const path = join(folder, 'log');
    const other = join(folder, 'other');
    await writeFile(other, 'precious\n');
    if (trap === 'link') await symlink(other, path);
    if (trap === 'hard link') await link(other, path);
    if (trap === 'pipe') execFileSync('mkfifo', [path]);
    const wanted = trap === 'directory' ? folder : trap === 'foreign' ? other : path;
    const owner = trap === 'foreign' ? (mine ?? 0) + 1 : mine;
    const code = trap === 'directory' ? 'file-not-writable' : 'unsafe-file';
    expect(() => openAppendFile(wanted, owner)).toThrow(expect.objectContaining({ code }));
    expect(await readFile(other, 'utf8')).toBe('precious\n');
  });
});
