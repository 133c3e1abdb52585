import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePrivateFile } from '../../../src/commands/init/write-file.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kw-write-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writePrivateFile', () => {
  it('makes the folder 0700 and the file 0600, and leaves nothing beside it', async () => {
    const path = join(folder, 'a/b/config.yaml');
    await writePrivateFile(path, 'x: 1\n', '1');
    expect(await readFile(path, 'utf8')).toBe('x: 1\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, 'a/b'))).toEqual(['config.yaml']);
  });

  it('takes permissions away from a file that others could read', async () => {
    const path = join(folder, 'config.yaml');
    await writeFile(path, 'old', { mode: 0o644 });
    await writePrivateFile(path, 'new', '1');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('writes what a link points to', async () => {
    await mkdir(join(folder, 'dotfiles'));
    await writeFile(join(folder, 'dotfiles/config.yaml'), 'old');
    await symlink(join(folder, 'dotfiles/config.yaml'), join(folder, 'config.yaml'));
    await writePrivateFile(join(folder, 'config.yaml'), 'new', '1');
    expect(await readlink(join(folder, 'config.yaml'))).toBe(join(folder, 'dotfiles/config.yaml'));
    expect(await readFile(join(folder, 'dotfiles/config.yaml'), 'utf8')).toBe('new');
  });

  it('leaves the old file and nothing else where it can not be replaced', async () => {
    const path = join(folder, 'config.yaml');
    await mkdir(path);
    await expect(writePrivateFile(path, 'new', '1')).rejects.toThrow('rename');
    expect(await readdir(folder)).toEqual(['config.yaml']);
  });
});
