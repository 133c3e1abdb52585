import { describe, expect, it } from 'vitest';
import { knownDifferences, olderClientDifferences } from './known-differences.ts';
import { loadRecorded } from './recorded.ts';
import { replayCommands } from './replay.ts';

const noCases: ReadonlySet<number | string> = new Set();

/** The folders of kubectl (1.36; an earlier minor) and helm 4. The tests' setup names the first, full CI the second as well. */
const clients: readonly {
  readonly name: string;
  readonly binaries: string | undefined;
  readonly expected: ReadonlySet<number | string>;
}[] = [
  { name: 'kubectl 1.36', binaries: process.env.KW_TEST_BIN, expected: noCases },
  { name: 'an older kubectl', binaries: process.env.KW_TEST_BIN_OLDER, expected: olderClientDifferences },
];

for (const { name, binaries, expected } of clients) {
  describe.skipIf(!binaries)(`commands of ${name} that were answered by a real cluster`, () => {
    it('are answered the same: exit code, output and errors', { timeout: 20 * 60_000 }, async () => {
      const different: unknown[] = [];
      for await (const outcome of replayCommands(loadRecorded(), { binaries: binaries ?? '', path: process.env.PATH ?? '' })) {
        if (outcome.kind === 'different' && !knownDifferences.has(outcome.id) && !expected.has(outcome.id)) different.push(outcome);
      }
      expect(different).toEqual([]);
    });
  });
}
