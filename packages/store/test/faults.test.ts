import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isKwError } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { sqliteStore } from '../src/index.ts';
import { note, startChild, temporaryDirectory } from './scene.ts';

const owner = { issuer: 'local', subject: 'ada' };
const idle = { type: 'none' } as const;

async function filled(path: string, count = 300): Promise<void> {
  const store = sqliteStore({ path });
  await store.sessions.create({ id: 's1', owner });
  for (let head = 0; head < count; head += 100) {
    const notes = Array.from({ length: 100 }, (_, index) => note(`${head + index} ${'x'.repeat(500)}`));
    await store.sessions.append('s1', notes, { expectedHead: head, work: idle });
  }
  await store.close();
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(isKwError(error) && error.code).toBe('store-unavailable');
  return error instanceof Error ? error.message : '';
}

describe('the files', () => {
  it('are private to the user: 0600 in a directory that is made 0700', async () => {
    const path = join(await temporaryDirectory(), 'state', 'deep', 'sessions.db');
    const store = sqliteStore({ path });
    await store.sessions.create({ id: 's1', owner });
    const sink = await store.outputs.write('s1');
    await sink.close();
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
    const files = [
      path,
      `${path}-wal`,
      `${path}-shm`,
      join(path, '..', 'sessions.outputs.db'),
      join(path, '..', 'sessions.outputs.db-wal'),
    ];
    for (const file of files) expect([file, (await stat(file)).mode & 0o777]).toEqual([file, 0o600]);
    await store.close();
  });

  it('are made at the first use, not before', async () => {
    const path = join(await temporaryDirectory(), 'sessions.db');
    const store = sqliteStore({ path });
    await store.close();
    expect(existsSync(path)).toBe(false);
  });

  it('keep everything when they are opened again', async () => {
    const path = join(await temporaryDirectory(), 'sessions.db');
    await filled(path);
    const store = sqliteStore({ path });
    expect((await store.sessions.snapshot('s1', 0)).entries).toHaveLength(300);
    await store.close();
  });

  it('do not keep the bytes of a deleted session', async () => {
    const path = join(await temporaryDirectory(), 'sessions.db');
    const store = sqliteStore({ path });
    await store.sessions.create({ id: 's1', owner });
    await store.sessions.append('s1', [note('needle-in-the-log')], { expectedHead: 0, work: idle });
    await store.sessions.delete('s1');
    await store.close();
    expect((await readFile(path)).includes('needle-in-the-log')).toBe(false);
  });
});

describe('a store that cannot be used says which file and the way out, and changes nothing', () => {
  it('where the file is no database', async () => {
    const path = join(await temporaryDirectory(), 'sessions.db');
    await writeFile(path, 'these are my notes, not a database\n'.repeat(100));
    const store = sqliteStore({ path });
    const message = await refusal(store.sessions.get('s1'));
    expect(message).toContain(path);
    expect(message).toContain('Move it aside');
    expect(await readFile(path, 'utf8')).toContain('these are my notes');
    await store.close();
  });

  it("where the database is another program's", async () => {
    const path = join(await temporaryDirectory(), 'sessions.db');
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    const before = await readFile(path);
    const store = sqliteStore({ path });
    expect(await refusal(store.sessions.create({ id: 's1', owner }))).toContain('another program');
    await store.close();
    expect(await readFile(path)).toEqual(before);
  });

  it('where the database was written by a newer version', async () => {
    const path = join(await temporaryDirectory(), 'sessions.db');
    await filled(path);
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    const store = sqliteStore({ path });
    expect(await refusal(store.sessions.get('s1'))).toContain('newer version');
    await store.close();
  });

  it('where the file was cut', async () => {
    const path = join(await temporaryDirectory(), 'sessions.db');
    await filled(path);
    const { size } = await stat(path);
    await truncate(path, Math.floor(size / 2));
    const cut = await readFile(path);
    const store = sqliteStore({ path });
    const message = await refusal(store.sessions.read('s1', { after: 0, limit: 10_000 }));
    expect(message).toContain(path);
    expect(message).toContain('damaged');
    await store.close();
    expect(await readFile(path)).toEqual(cut);
  });

  it('where the directory cannot be made', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'file'), '');
    const store = sqliteStore({ path: join(directory, 'file', 'sessions.db') });
    expect(await refusal(store.sessions.get('s1'))).toContain(join(directory, 'file', 'sessions.db'));
    await store.close();
  });

  it('where it was closed', async () => {
    const store = sqliteStore({ path: join(await temporaryDirectory(), 'sessions.db') });
    await store.close();
    expect(await refusal(store.sessions.get('s1'))).toContain('was closed');
  });
});

it('a -wal file that was cut in the middle gives the entries before the cut, in order', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'sessions.db');
  const store = sqliteStore({ path });
  await store.sessions.create({ id: 's1', owner });
  for (let head = 0; head < 50; head += 1) await store.sessions.append('s1', [note(`${head}`)], { expectedHead: head, work: idle });
  const copy = join(directory, 'copy.db');
  const wal = await readFile(`${path}-wal`);
  await writeFile(copy, await readFile(path));
  await writeFile(`${copy}-wal`, wal.subarray(0, Math.floor(wal.length * 0.6)));
  await store.close();
  const reopened = sqliteStore({ path: copy });
  const { entries } = await reopened.sessions.snapshot('s1', 0);
  expect(entries.length).toBeGreaterThan(5);
  expect(entries.length).toBeLessThan(50);
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  await reopened.close();
});

it('a full disk refuses the write, keeps what was acknowledged, and reads go on', async () => {
  const path = join(await temporaryDirectory(), 'sessions.db');
  await filled(path);
  const child = startChild('appender.ts', [path, 's1', 'full'], { shell: "trap '' XFSZ; ulimit -f 700" });
  await child.ended;
  const report: unknown = JSON.parse(child.errors());
  expect(report).toMatchObject({ code: 'store-unavailable', read: 1 });
  expect(child.errors()).toContain(path);
  const lines = child.output().trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(10);
  const store = sqliteStore({ path });
  const entries = await store.sessions.read('s1', { after: 300, limit: 100_000 });
  expect(entries.length).toBe(lines.length);
  expect((await store.sessions.append('s1', [note('space again')], { expectedHead: 300 + lines.length, work: idle })).type).toBe(
    'appended',
  );
  await store.close();
});

it('a read-only directory is read, and writes are refused', async () => {
  const directory = await temporaryDirectory();
  const state = join(directory, 'state');
  await mkdir(state);
  const path = join(state, 'sessions.db');
  await filled(path);
  await chmod(directory, 0o755);
  await chmod(path, 0o444);
  await chmod(state, 0o555);
  const root = process.getuid?.() === 0; // root may write everywhere: the child is somebody else
  const child = startChild('appender.ts', [path, 's1', 'reader'], root ? { uid: 65_534 } : {});
  await child.ended;
  await chmod(state, 0o755);
  expect(JSON.parse(child.errors())).toMatchObject({ code: 'store-unavailable', read: 1 });
  expect(child.errors()).toContain('read-only');
  expect(child.output()).toBe('');
});

it('a lock that another process holds for a moment is waited for, without stopping this one', async () => {
  const path = join(await temporaryDirectory(), 'sessions.db');
  await filled(path);
  const store = sqliteStore({ path });
  await store.sessions.get('s1');
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const append = store.sessions.append('s1', [note('x')], { expectedHead: 300, work: idle });
  let reads = 0;
  for (; reads < 20; reads += 1) await store.sessions.changed('s1', { timeoutMs: 10 });
  other.exec('COMMIT');
  other.close();
  expect(await append).toEqual({ type: 'appended', head: 301 });
  await store.close();
});

it('writes that come together are one transaction, and one that is refused does not stop the others', async () => {
  const store = sqliteStore({ path: join(await temporaryDirectory(), 'sessions.db') });
  await store.sessions.create({ id: 's1', owner });
  const results = await Promise.allSettled([
    store.sessions.create({ id: 's2', owner }),
    store.sessions.create({ id: 's1', owner }),
    store.sessions.append('s1', [note('x')], { expectedHead: 0, work: idle }),
    store.sessions.append('nobody', [note('x')], { expectedHead: 0, work: idle }),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  await store.close();
});

it('the engine is loaded at the first use and warns of nothing', async () => {
  const child = startChild('lazy.ts', [join(await temporaryDirectory(), 'sessions.db')]);
  await child.ended;
  expect([child.output(), child.errors()]).toEqual(['false true\n', '']);
});
