import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKillSwitch } from '../../src/team/kill-switch.ts';

const by = { issuer: 'token', subject: 'root', name: 'Root' };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kw-kill-'));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

it('is on while the file is there, in every process that looks at it', async () => {
  const path = join(folder, 'deep', 'kill');
  const [one, two] = [createKillSwitch(path), createKillSwitch(path)];
  expect(await one.state()).toEqual({ active: false });
  expect(await one.set(true, { by, reason: 'a\nb\u0007c' })).toEqual({ active: true, reason: 'a b c' });
  expect([two.lastSeen(), await two.state(), two.lastSeen()]).toEqual([
    { active: false },
    { active: true, reason: 'a b c' },
    { active: true, reason: 'a b c' },
  ]);
  expect(await two.set(false, { by })).toEqual({ active: false });
  expect(await two.set(false, { by })).toEqual({ active: false });
  expect(await one.set(true, { by })).toEqual({ active: true, reason: 'switched by Root' });
});

it('counts as on where that can not be told', async () => {
  await mkdir(join(folder, 'kill'));
  expect(await createKillSwitch(join(folder, 'kill')).state()).toMatchObject({ active: true });
});

it('tells of it while it is on', async () => {
  const path = join(folder, 'kill');
  const stop = new AbortController();
  const told: unknown[] = [];
  await writeFile(path, 'first\n');
  const watching = createKillSwitch(path).watch(async (state) => {
    told.push(state);
    stop.abort();
  }, stop.signal);
  await watching;
  expect(told).toEqual([{ active: true, reason: 'first' }]);
});
