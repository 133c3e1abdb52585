import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killAtRandom } from './kill-at-random.ts';

it('a write that was asked over HTTP survives kill -9: another process answers, it runs once, a third reads on from the old cursor', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kw-kill-'));
  try {
    const report = await killAtRandom({ kills: 6, seed: 26, directory });
    expect(report.broken).toEqual([]);
    expect(report.once + report.interrupted).toBe(6);
    expect(report.resumed).toBeGreaterThan(0);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}, 180_000);
