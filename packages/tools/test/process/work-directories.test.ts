import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
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

  it('wait for the next command, and go soon where the last one left nothing', async () => {
    const patient = createWorkDirectories({ parent, remove: false });
    const { path, leave } = await patient.enter('a');
    leave();
    const next = await patient.enter('a');
    expect(next.path).toBe(path);
    next.leave();
    await patient.close();
    expect(await readdir(parent)).toEqual([]);
    const hasty = createWorkDirectories({ parent, remove: false, idleMs: 0 });
    const empty = await hasty.enter('a');
    empty.leave();
    await expect.poll(() => readdir(parent)).toEqual([]);
    await hasty.close();
  });

  it('stay the same where a command left a file', async () => {
    const directories = createWorkDirectories({ parent, remove: false, idleMs: 0 });
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

  it('of a process that was killed go when they are empty; those of living processes, and with files in them, stay', async () => {
    const owner = { process: { scope: 'abc', id: 2, start: '7' }, isAlive: ({ id }: { readonly id: number }) => id === 3 };
    const left = ['abc-1-5-dead01', 'abc-1-5-full01', 'abc-3-5-live01', 'def-1-5-other1', 'x-1-5-foreign'].map(
      (name) => `kubelet-wuhrai-${name}`,
    );
    for (const name of left) await mkdir(join(parent, name));
    await writeFile(join(parent, 'kubelet-wuhrai-abc-1-5-full01', 'pod.yaml'), '');
    const directories = createWorkDirectories({ parent, remove: false, owner });
    const { path, leave } = await directories.enter('a');
    expect(basename(path)).toMatch(/^kubelet-wuhrai-abc-2-7-\w{6}$/);
    leave();
    await directories.close();
    expect((await readdir(parent)).toSorted()).toEqual(left.slice(1).toSorted());
  });
});
