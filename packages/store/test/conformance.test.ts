import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryOutputStore, memorySessionStore } from '@kw/agent';
import { describe, it } from 'vitest';
import { sqliteStore } from '../src/index.ts';
import { outputStoreConformance, sessionStoreConformance } from '../src/testing/index.ts';

describe('sqliteStore sessions', () => {
  const cases = sessionStoreConformance(async (clock) => {
    const directory = await mkdtemp(join(tmpdir(), 'kw-store-'));
    const path = join(directory, 'sessions.db');
    const first = sqliteStore({ path, clock });
    const second = sqliteStore({ path, clock });
    return {
      first: first.sessions,
      second: second.sessions,
      close: async () => {
        await Promise.all([first.close(), second.close()]);
        await rm(directory, { recursive: true });
      },
    };
  });
  for (const { name, run } of cases) it(name, run);
});

describe('sqliteStore outputs', () => {
  const cases = outputStoreConformance(async (outputLimits) => {
    const directory = await mkdtemp(join(tmpdir(), 'kw-store-'));
    const store = sqliteStore({ path: join(directory, 'sessions.db'), outputLimits });
    return {
      store: store.outputs,
      close: async () => {
        await store.close();
        await rm(directory, { recursive: true });
      },
    };
  });
  for (const { name, run } of cases) it(name, run);
});

describe('memorySessionStore', () => {
  const cases = sessionStoreConformance(async (now) => {
    const store = memorySessionStore({ now });
    return { first: store, second: store, close: () => store.close() };
  });
  for (const { name, run } of cases) it(name, run);
});

describe('memoryOutputStore', () => {
  const cases = outputStoreConformance(async ({ maxOutputBytes, maxSessionBytes }) => ({
    store: memoryOutputStore({ maxOutputUnits: maxOutputBytes, maxSessionUnits: maxSessionBytes }),
    close: async () => {},
  }));
  for (const { name, run } of cases) it(name, run);
});
