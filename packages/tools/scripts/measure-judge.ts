/**
 * Measures how long a judgement takes: `node scripts/measure-judge.ts [ROUNDS]` prints p50, p99 and the slowest, in milliseconds,
 * over the corpus of the tests and over lines that are made to be slow.
 */
import { judgeShell } from '../src/bash/judge-shell.ts';
import { judgeKubectl } from '../src/kubectl/judge-kubectl.ts';
import { readCorpus } from '../test/effects/corpus.ts';

const rounds = Number(process.argv[2] ?? 5);
const kubectlLines = ['reads', 'changes', 'bypasses'].flatMap(readCorpus).map(({ command }) => command);
const shellLines = readCorpus('shell').map(({ command }) => command);
const slowLines = [
  'kubectl get pods; '.repeat(3_000),
  '$('.repeat(400),
  '('.repeat(5_000),
  `echo ${'$(echo '.repeat(120)}x${')'.repeat(120)}`,
  `bash -c "${'bash -c '.repeat(20)}"`,
  `awk '${'/a/{print} '.repeat(3_000)}'`,
  `sed '${'s/a/b/;'.repeat(6_000)}'`,
  `kubectl get pods ${'-n x '.repeat(12_000)}`,
  `kubectl patch deploy x -p '${'['.repeat(30_000)}'`,
  `kubectl get secrets -o jsonpath='${'{.a}'.repeat(10_000)}'`,
  `cat ${'a/../'.repeat(12_000)}`,
  `echo ${'"${a:-'.repeat(200)}x${'}"'.repeat(200)}`,
  `kubectl apply -f - <<X\n${'- '.repeat(20_000)}a\nX`,
  `x=1; ${'x=$((x+1)); '.repeat(2_000)}`,
  '{'.repeat(65_000),
  `kubectl get pods ${'{a'.repeat(30_000)}`,
  'a'.repeat(65_000),
  '\\'.repeat(65_000),
  `'${'x'.repeat(65_000)}'`,
];

function time(judge: () => unknown): number {
  const start = performance.now();
  judge();
  return performance.now() - start;
}

function report(name: string, times: readonly number[]): void {
  const sorted = [...times].sort((left, right) => left - right);
  const at = (share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
  process.stdout.write(`${name}: n ${sorted.length}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms\n`);
}

const corpusTimes: number[] = [];
const slowTimes: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  for (const line of kubectlLines) corpusTimes.push(time(() => judgeKubectl(line)));
  for (const line of shellLines) corpusTimes.push(time(() => judgeShell(line)));
  for (const line of slowLines)
    slowTimes.push(
      time(() => judgeKubectl(line)),
      time(() => judgeShell(line)),
    );
}
report('corpus', corpusTimes);
report('made to be slow', slowTimes);
