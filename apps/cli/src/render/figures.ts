import type { RunCost, Usage } from '@kw/agent';
import type { Messages } from '../messages.ts';

/** A count as people read it: `950`, `12.3k`, `1.2M`. */
export function countOf(value: number): string {
  if (value < 1_000) return String(Math.round(value));
  if (value < 999_500) return `${trimmed(value / 1_000)}k`;
  return `${trimmed(value / 1_000_000)}M`;
}

/** Bytes as people read them. */
export function bytesOf(value: number): string {
  if (value < 1_000) return `${value} B`;
  return value < 999_500 ? `${trimmed(value / 1_000)} kB` : `${trimmed(value / 1_000_000)} MB`;
}

/** A duration as people read it: `0.3s`, `14s`, `2m05s`. */
export function durationOf(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}

const signs = new Map([
  ['USD', '$'],
  ['CNY', '¥'],
  ['EUR', '€'],
]);

/** Money with its sign; `≤` where it may have been less, `~` where tokens were estimated. */
export function moneyOf({ amount, currency, estimated, atMost }: RunCost): string {
  const digits = amount >= 1 ? 2 : amount >= 0.01 ? 3 : 4;
  const about = atMost === true ? '≤' : estimated === true ? '~' : '';
  const sign = signs.get(currency);
  return sign === undefined ? `${about}${amount.toFixed(digits)} ${currency}` : `${about}${sign}${amount.toFixed(digits)}`;
}

/** What a question took, on one line. */
export function usageLine(
  {
    usage,
    cost,
    turns,
    milliseconds,
  }: { readonly usage: Usage; readonly cost?: RunCost | undefined; readonly turns: number; readonly milliseconds: number },
  messages: Messages,
): string {
  const { inputTokens, outputTokens, cachedInputTokens = 0, estimated } = usage;
  // The model of rules counts nothing.
  if (inputTokens + outputTokens === 0) return durationOf(milliseconds);
  const about = estimated === true ? '~' : '';
  return [
    messages.requests(turns),
    `${about}${messages.tokens(countOf(inputTokens), countOf(outputTokens), cachedInputTokens > 0 ? countOf(cachedInputTokens) : undefined)}`,
    ...(cost === undefined ? [] : [moneyOf(cost)]),
    durationOf(milliseconds),
  ].join(' · ');
}

function trimmed(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '');
}
