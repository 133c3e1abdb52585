import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqliteStore } from '../src/index.ts';
import { createWalSync } from '../src/sqlite/wal-sync.ts';
import { temporaryDirectory } from './scene.ts';

/** A disk whose flushes end when they are told to. */
function slowDisk(): {
  readonly log: string[];
  readonly open: (path: string) => Promise<{ datasync(): Promise<void>; sync(): Promise<void>; close(): Promise<void> }>;
  readonly flushes: PromiseWithResolvers<void>[];
} {
  const log: string[] = [];
  const flushes: PromiseWithResolvers<void>[] = [];
  return {
    log,
    flushes,
    open: (path) => {
      log.push(`open ${path}`);
      return Promise.resolve({
        datasync: () => {
          const flush = Promise.withResolvers<void>();
          flushes.push(flush);
          return flush.promise;
        },
        sync: () => {
          log.push(`sync ${path}`);
          return Promise.resolve();
        },
        close: () => {
          log.push(`close ${path}`);
          return Promise.resolve();
        },
      });
    },
  };
}

const turns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('what was committed comes onto the disk', () => {
  it('with the name of its file, and one flush for all who ask while another one is under way', async () => {
    const { open, log, flushes } = slowDisk();
    const disk = createWalSync('/state/sessions.db', open);
    const ended: string[] = [];
    const first = disk.sync().then(() => ended.push('first'));
    await turns();
    const later = [disk.sync(), disk.sync(), disk.sync()].map((one) => one.then(() => ended.push('later')));
    await turns();
    expect(flushes).toHaveLength(1);
    flushes[0]?.resolve();
    await first;
    await turns();
    expect(ended).toEqual(['first']); // what was committed after a flush had begun needs another one
    expect(flushes).toHaveLength(2);
    flushes[1]?.resolve();
    await Promise.all(later);
    expect(flushes).toHaveLength(2);
    await disk.close();
    expect(log).toEqual(['open /state/sessions.db-wal', 'open /state', 'sync /state', 'close /state', 'close /state/sessions.db-wal']);
  });

  it('or whoever waits is told, and the next one has a file of its own', async () => {
    const { open, log, flushes } = slowDisk();
    const disk = createWalSync('/state/sessions.db', open);
    const refused = disk.sync().catch(String);
    await turns();
    const next = disk.sync();
    flushes[0]?.reject(new Error('EIO'));
    expect(await refused).toBe('Error: EIO');
    await turns();
    flushes[1]?.resolve();
    await next;
    expect(log.filter((line) => line === 'open /state/sessions.db-wal')).toHaveLength(2);
    await disk.close();
  });
});

it('what need not outlive the power does not wait for what must, and both stand in their order', async () => {
  const store = sqliteStore({ path: join(await temporaryDirectory(), 'sessions.db') });
  const owner = { issuer: 'local', subject: 'ada' };
  await store.sessions.create({ id: 's1', owner });
  const ended: string[] = [];
  const durable = store.sessions
    .append('s1', [{ type: 'cancel-request', runId: 'r1', by: owner, reason: 'enough' }], { expectedHead: 0, work: { type: 'none' } })
    .then(() => ended.push('durable'));
  const lease = store.sessions.acquire('s1', 1_000).then(() => ended.push('cheap'));
  await Promise.all([durable, lease]);
  expect(ended).toEqual(['cheap', 'durable']);
  expect((await store.sessions.read('s1', { after: 0 })).map(({ seq }) => seq)).toEqual([1]);
  await store.close();
});
