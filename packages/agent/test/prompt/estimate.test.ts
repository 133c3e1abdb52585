import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../src/prompt/estimate.ts';

/** Texts with their tokens in two public vocabularies, o200k_base and cl100k_base. */
const known: readonly (readonly [string, number, number])[] = [
  ['Hello, world!', 4, 4],
  ['antidisestablishmentarianism', 6, 6],
  ['2 + 2 = 4', 7, 7],
  ['お誕生日おめでとう', 8, 9],
  ['为什么结账服务一直重启？请检查一下最近的事件和日志，并告诉我应该怎么修复。集群在生产环境，不要修改任何东西。', 35, 55],
  [
    'The pod web-5d4f8b7c9-abcde in namespace shop is restarting because its liveness probe fails with HTTP 500; check the logs of the previous container.',
    40,
    40,
  ],
];

describe('the estimate of tokens', () => {
  it.each(known)('of "%s" is rather too high, and not by much', (text, newer, older) => {
    const estimate = estimateTokens(text);
    expect(estimate).toBeGreaterThanOrEqual(Math.max(newer, older));
    expect(estimate).toBeLessThanOrEqual(Math.max(newer, older) * 1.35 + 1);
  });

  it('of nothing is nothing, and grows with the text', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('a b c d e f')).toBeGreaterThan(estimateTokens('a b c'));
  });

  it('of a huge text is quick and about right', () => {
    const line = 'Warning  BackOff  2m (x14 over 5m)  kubelet  Back-off restarting failed container\n';
    const text = line.repeat(60_000);
    const exact = estimateTokens(line) * 60_000;
    const estimate = estimateTokens(text);
    expect(estimate).toBeGreaterThan(exact * 0.97);
    expect(estimate).toBeLessThan(exact * 1.2);
  });
});
