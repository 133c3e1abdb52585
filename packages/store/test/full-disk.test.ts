import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isKwError } from '@kw/agent';
import { expect, it, onTestFinished } from 'vitest';
import { type Access, createAccess } from '../src/sqlite/access.ts';
import { sessionSchema } from '../src/sqlite/session-schema.ts';
import { temporaryDirectory } from './scene.ts';

interface Scene {
  readonly access: Access;
  readonly path: string;
  readonly told: readonly string[];
  readonly pass: (ms: number) => void;
  /** Writes a row of 100 KB. */
  readonly grow: () => Promise<unknown>;
}

async function opened(): Promise<Scene> {
  const path = join(await temporaryDirectory(), 'sessions.db');
  let now = 1_000_000;
  const told: string[] = [];
  const access = createAccess(path, sessionSchema, { clock: () => now, onUnavailable: ({ message }) => told.push(message) });
  onTestFinished(() => access.close());
  return {
    access,
    path,
    told,
    pass: (ms) => {
      now += ms;
    },
    grow: () =>
      access.write((connection) => connection.statement('INSERT INTO feed (sessions) VALUES (?)').run('x'.repeat(100_000)), {
        durable: false,
      }),
  };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    (error: unknown) => (isKwError(error) ? error.code : 'other'),
  );
}

it('a write that fails for want of room is told once, and the check is back by itself when there is room', async () => {
  const { access, pass, told, grow } = await opened();
  await grow();
  await access.read((connection) => connection.statement('PRAGMA max_page_count = 30').get());
  expect([await codeOf(grow()), await codeOf(grow())]).toEqual(['store-unavailable', 'store-unavailable']);
  expect(told).toEqual([expect.stringContaining('Free space on its disk')]);
  // What needs no more room can be written: so it is with a disk that was freed.
  expect(await codeOf(access.check())).toBe('ok');
  await access.read((connection) => connection.statement('PRAGMA max_page_count = 100000').get());
  expect(await codeOf(grow())).toBe('ok');
  pass(60_000);
  expect(told).toHaveLength(1);
});

it('the check stays refused while nothing can be written at all', async () => {
  const { access, pass, grow } = await opened();
  await grow();
  await access.read((connection) => connection.exec('PRAGMA query_only = ON'));
  expect(await codeOf(grow())).toBe('store-unavailable');
  for (let tries = 0; tries < 3; tries += 1) {
    expect(await codeOf(access.check())).toBe('store-unavailable');
    pass(1_000);
  }
  await access.read((connection) => connection.exec('PRAGMA query_only = OFF'));
  expect(await codeOf(access.check())).toBe('ok');
});

it('a full disk is given the room of the -wal file, and the write is tried once more', async () => {
  const { access, path, told, grow } = await opened();
  for (let row = 0; row < 10; row += 1) await grow();
  const before = (await stat(`${path}-wal`)).size;
  let tries = 0;
  const write = access.write(
    (connection) => {
      tries += 1;
      if (tries === 1) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
      connection.statement("UPDATE counters SET value = value + 1 WHERE name = 'deleted'").run();
    },
    { durable: true },
  );
  expect([await codeOf(write), tries]).toEqual(['ok', 2]);
  expect(before).toBeGreaterThan(1_000_000);
  expect((await stat(`${path}-wal`)).size).toBeLessThan(50_000);
  expect(told).toEqual([]);
});
