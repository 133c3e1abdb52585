import { describe, expect, it } from 'vitest';
import { messagesIn } from '../../src/messages.ts';
import { bytesOf, countOf, durationOf, moneyOf, usageLine } from '../../src/render/figures.ts';
import { statusText } from '../../src/render/status-line.ts';

describe('figures', () => {
  it('are short', () => {
    expect([0, 999, 1_000, 12_345, 123_456, 999_600].map(countOf)).toEqual(['0', '999', '1k', '12.3k', '123k', '1M']);
    expect([27, 1_500, 25_800, 4_000_000].map(bytesOf)).toEqual(['27 B', '1.5 kB', '25.8 kB', '4 MB']);
    expect([40, 9_900, 14_200, 125_000].map(durationOf)).toEqual(['0.0s', '9.9s', '14s', '2m05s']);
  });

  it('name the currency and how sure they are', () => {
    expect(moneyOf({ amount: 0.00342, currency: 'USD' })).toBe('$0.0034');
    expect(moneyOf({ amount: 1.5, currency: 'CNY', atMost: true })).toBe('≤¥1.50');
    expect(moneyOf({ amount: 0.02, currency: 'CHF', estimated: true })).toBe('~0.020 CHF');
  });

  it('say what a question took', () => {
    const usage = { inputTokens: 12_345, outputTokens: 512, cachedInputTokens: 8_100 };
    const cost = { amount: 0.0034, currency: 'USD' };
    expect(usageLine({ usage, cost, turns: 3, milliseconds: 14_000 }, messagesIn('en'))).toBe(
      '3 requests · 12.3k in (8.1k cached), 512 out · $0.0034 · 14s',
    );
    expect(usageLine({ usage: { inputTokens: 10, outputTokens: 2, estimated: true }, turns: 1, milliseconds: 200 }, messagesIn('zh'))).toBe(
      '1 次请求 · ~输入 10，输出 2 · 0.2s',
    );
  });
});

describe('the line that says what is going on', () => {
  const command = 'kubectl logs deployment/checkout -n shop --tail=5000';

  it('has the command, how far it is and the seconds', () => {
    expect(statusText(command, { detail: '300 lines, 45 kB', seconds: 12, columns: 97 })).toBe(`${command} · 300 lines, 45 kB 12s`);
  });

  it('fits into 60 columns, the seconds always', () => {
    const shown = statusText(command, { detail: `300 lines, 45 kB: ${'x'.repeat(100)}`, seconds: 12, columns: 57 });
    expect(shown).toHaveLength(57);
    expect(shown).toMatch(/^kubectl logs .*… · 300 lines, 45 kB.*… 12s$/);
  });
});
