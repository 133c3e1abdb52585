import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isKwError, type KwError } from '@kw/agent';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sqliteStore, type SqliteStore } from '../src/index.ts';
import { note, temporaryDirectory } from './scene.ts';

const owner = { issuer: 'local', subject: 'ada' };
const idle = { type: 'none' } as const;

interface Scene {
  readonly store: SqliteStore;
  readonly path: string;
  readonly told: readonly string[];
  readonly pass: (ms: number) => void;
  readonly append: (head: number) => Promise<string>;
}

/** An open store with one entry in it, on a clock of its own. */
async function opened(): Promise<Scene> {
  const path = join(await temporaryDirectory(), 'sessions.db');
  let now = 1_000_000;
  const told: string[] = [];
  const store = sqliteStore({ path, clock: () => now, onUnavailable: ({ message }: KwError) => told.push(message) });
  onTestFinished(() => store.close());
  await store.sessions.create({ id: 's1', owner });
  await store.sessions.append('s1', [note('first')], { expectedHead: 0, work: idle });
  return {
    store,
    path,
    told,
    pass: (ms) => {
      now += ms;
    },
    append: (expectedHead) => outcome(store.sessions.append('s1', [note('more')], { expectedHead, work: idle })),
  };
}

/** `ok`, or what was refused with `store-unavailable`. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return 'ok';
  expect(isKwError(error) && error.code).toBe('store-unavailable');
  return error instanceof Error ? error.message : '';
}

describe('a store whose file is taken away while it is used', () => {
  it.each(['', '-wal'])('refuses what is written, with the file and the way out: %j', async (suffix) => {
    const { store, path, pass, append, told } = await opened();
    expect(await outcome(store.check())).toBe('ok');
    await rm(`${path}${suffix}`);
    pass(2_000);
    const message = await append(1);
    expect(message).toContain(`${path}${suffix} is gone or another file`);
    expect(message).toContain('restart this program');
    expect(await append(1)).toBe(message);
    expect(await outcome(store.check())).toBe(message);
    expect(told).toEqual([message]);
    expect(await store.sessions.read('s1', { after: 0 })).toHaveLength(1);
  });

  it('notices another file in its place', async () => {
    const { store, path, pass, append } = await opened();
    await rename(path, `${path}.aside`);
    await writeFile(path, '');
    expect(await outcome(store.check())).toContain('another file');
    pass(2_000);
    expect(await append(1)).toContain('another file');
  });

  it('goes on when the file is moved back', async () => {
    const { store, path, pass, append } = await opened();
    await rename(path, `${path}.aside`);
    expect(await outcome(store.check())).toContain(path);
    await rename(`${path}.aside`, path);
    expect(await outcome(store.check())).toBe('ok');
    pass(2_000);
    expect(await append(1)).toBe('ok');
  });

  it('is told of at most once a minute', async () => {
    const { path, pass, append, told } = await opened();
    await rm(path);
    for (let second = 0; second < 90; second += 1) {
      pass(1_000);
      await append(1);
    }
    expect(told).toHaveLength(2);
  });

  it('does not look at the file with each write', async () => {
    const { path, pass, append } = await opened();
    await rename(path, `${path}.aside`);
    pass(1_999);
    expect(await append(1)).toBe('ok');
    pass(1);
    expect(await append(2)).toContain(path);
  });
});

it('a store that is closed is not told of as one that fails', async () => {
  const { store, told } = await opened();
  await store.close();
  expect(await outcome(store.check())).toContain('was closed');
  expect(told).toEqual([]);
});
