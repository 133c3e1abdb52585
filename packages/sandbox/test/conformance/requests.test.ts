import { describe, expect, it } from 'vitest';
import { startRecordedCluster } from './cluster.ts';
import { knownDifferences } from './known-differences.ts';
import { loadRecorded } from './recorded.ts';
import { replayRequests, seedWorldInProcess } from './replay.ts';

describe('requests that were answered by a real API server', () => {
  it('are answered the same: status, headers and body', { timeout: 120_000 }, async () => {
    const recorded = loadRecorded();
    const cluster = await startRecordedCluster(recorded);
    const different: unknown[] = [];
    try {
      await seedWorldInProcess(cluster, recorded);
      for await (const outcome of replayRequests(recorded, cluster)) {
        if (outcome.kind !== 'same' && !knownDifferences.has(outcome.id)) different.push(outcome);
      }
    } finally {
      await cluster.close();
    }
    expect(different).toEqual([]);
  });
});
