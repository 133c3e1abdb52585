// Replays the recorded answers against the sandbox and writes the table into the README:
//   KW_TEST_BIN=FOLDER node scripts/conformance.ts
// FOLDER holds kubectl 1.36 and helm 4.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRecordedCluster } from '../test/conformance/cluster.ts';
import { knownDifferences } from '../test/conformance/known-differences.ts';
import { loadRecorded } from '../test/conformance/recorded.ts';
import type { Outcome } from '../test/conformance/replay.ts';
import { replayCommands, replayRequests, seedWorldInProcess } from '../test/conformance/replay.ts';

const binaries = process.env.KW_TEST_BIN;
if (!binaries) throw new Error('KW_TEST_BIN must name the folder of kubectl 1.36 and helm 4');
const recorded = loadRecorded();
const outcomes: Outcome[] = [];
const cluster = await startRecordedCluster(recorded);
await seedWorldInProcess(cluster, recorded);
for await (const outcome of replayRequests(recorded, cluster))
  outcomes.push({ ...outcome, section: 'requests that kubectl does not send' });
await cluster.close();
for await (const outcome of replayCommands(recorded, { binaries, path: process.env.PATH ?? '' })) outcomes.push(outcome);

const sections = Map.groupBy(outcomes, ({ section }) => section);
const count = (of: readonly Outcome[], test: (outcome: Outcome) => boolean): number => of.filter(test).length;
const cells = (name: string, of: readonly Outcome[]): string[] => {
  const same = count(of, ({ kind }) => kind === 'same' || kind === 'order');
  const unstable = count(of, ({ kind }) => kind === 'unstable');
  const known = count(of, ({ kind, id }) => kind === 'different' && knownDifferences.has(id));
  return [name, ...[of.length, same, unstable, known, of.length - same - unstable - known].map(String)];
};
const rows = [
  ['section', 'cases', 'same', 'not the same twice on a real cluster either', 'known difference', 'unexplained'],
  ...[...sections].map(([name, of]) => cells(name, of)),
  cells('**all**', outcomes),
];
const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
const line = (row: readonly string[], fill: string): string =>
  `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
const [head = [], ...body] = rows;
const table = [
  line(head, ' '),
  line(
    head.map(() => ''),
    '-',
  ),
  ...body.map((row) => line(row, ' ')),
];
const differences = outcomes
  .filter(({ kind, id }) => kind === 'different' && knownDifferences.has(id))
  .map(
    ({ id, cmd }) =>
      `- \`${cmd.length > 90 ? `${cmd.slice(0, 90)}...` : cmd}\`${typeof id === 'string' ? ` (${id})` : ''}: ${knownDifferences.get(id)}`,
  );
const text = [...table, '', 'Known differences:', '', ...differences].join('\n');
const readme = join(import.meta.dirname, '../README.md');
const [before, rest] = readFileSync(readme, 'utf8').split('<!-- conformance -->\n');
const after = rest?.split('<!-- /conformance -->')[1];
if (before === undefined || after === undefined)
  throw new Error('README.md has no place for the table: <!-- conformance --> ... <!-- /conformance -->');
writeFileSync(readme, `${before}<!-- conformance -->\n${text}\n<!-- /conformance -->${after}`);
const unexplained = outcomes.filter(({ kind, id }) => kind === 'different' && !knownDifferences.has(id));
for (const { id, cmd, difference } of unexplained) console.log(`#${id} ${cmd}\n  ${difference.join('\n  ')}`);
console.log(cells('all', outcomes).join(' '));
if (unexplained.length > 0) process.exitCode = 1;
