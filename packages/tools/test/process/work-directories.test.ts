import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkDirectories } from '../../src/process/work-directories.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'kw-work-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('work directories', () => {
  it('are one for each session, for this user alone', async () => {
    const directories = createWorkDirectories({ parent, remove: false });
    const [one, same, other] = await Promise.all(['a', 'a', 'b'].map((session) => directories.enter(session)));
    expect(one?.path).toBe(same?.path);
    expect(one?.path).not.toBe(other?.path);
    expect(basename(one?.path ?? '')).toMatch(/^kubelet-wuhrai-/);
    expect((await stat(one?.path ?? '')).mode & 0o777).toBe(0o700);
    await directories.close();
  });

  it('go at once where the last command left nothing, and stay the same where it left a file', async () => {
    const directories = createWorkDirectories({ parent, remove: false });
    const empty = await directories.enter('a');
    empty.leave();
    expect(await readdir(parent)).toEqual([]);
    const first = await directories.enter('a');
    await writeFile(join(first.path, 'pods.yaml'), '');
    first.leave();
    expect((await directories.enter('a')).path).toBe(first.path);
    await directories.close();
    expect(existsSync(join(first.path, 'pods.yaml'))).toBe(true);
  });

  it('are removed with their files where that is wanted', async () => {
    const directories = createWorkDirectories({ parent, remove: true });
    const { path, leave } = await directories.enter('a');
    await writeFile(join(path, 'pods.yaml'), '');
    leave();
    await directories.close();
    expect(await readdir(parent)).toEqual([]);
  });

  it('are `/` where none can be made', async () => {
    const directories = createWorkDirectories({ parent: join(parent, 'missing'), remove: true });
    const { path, leave } = await directories.enter('a');
    expect(path).toBe('/');
    leave();
    await directories.close();
  });
});
