import type { Preset } from './preset.ts';
import type { Price } from './price.ts';

/** A row of the table: the price of a model family at one vendor. */
interface PriceRow extends Price {
  readonly provider: string;
  /** Matches the model's name in lower case. */
  readonly pattern: RegExp;
  /** The last day (ISO) of a price that the vendor has announced to change. */
  readonly until?: string;
  readonly asOf: string;
  readonly source: string;
}

const deepSeek = {
  provider: 'deepseek',
  currency: 'USD',
  atMost: true,
  asOf: '2026-10-31',
  source: 'api-docs.deepseek.com/quick_start/pricing',
} as const;
const openAI = { provider: 'openai', currency: 'USD', asOf: '2026-11-05', source: 'developers.openai.com/api/docs/pricing' } as const;
const anthropic = {
  provider: 'anthropic',
  currency: 'USD',
  asOf: '2026-10-31',
  source: 'platform.claude.com/docs/en/models/overview',
} as const;
const google = { provider: 'gemini', currency: 'USD', asOf: '2026-10-07', source: 'ai.google.dev/gemini-api/docs/pricing' } as const;
const xAI = { provider: 'grok', currency: 'USD', asOf: '2026-09-29', source: 'docs.x.ai/developers/grok-4-7' } as const;
const aliyun = { provider: 'qwen', currency: 'CNY', asOf: '2026-05-31', source: 'help.aliyun.com/zh/model-studio (Beijing)' } as const;
const ark = { provider: 'doubao', currency: 'CNY', asOf: '2024-05-31', source: 'volcengine.com/docs/82379' } as const;

const overLong = (input: number, cachedInput: number, output: number): Required<Pick<Price, 'long'>>['long'] => ({
  inputTokens: 272_000,
  input: input * 2,
  cachedInput: cachedInput * 2,
  output: output * 1.5,
});

/**
 * Published prices per million tokens, in the vendors' own currencies; the first row that fits wins.
 * Only what was read at the vendor, or in several places that quote it alike, is here: a model without a row has no price.
 */
const priceRows: readonly PriceRow[] = [
  // Peak rates; other hours and weekends cost half.
  { ...deepSeek, pattern: /^deepseek-(flash|v4-flash|v4\.1-flash)/, input: 0.3, cachedInput: 0.006, output: 1.2 },
  { ...deepSeek, pattern: /^deepseek-v4-pro/, input: 1.32, cachedInput: 0.044, output: 3.96 },
  { ...openAI, pattern: /^gpt-6-luna/, input: 0.1, cachedInput: 0.01, output: 0.5, long: overLong(0.1, 0.01, 0.5) },
  { ...openAI, pattern: /^gpt-6-sol/, input: 2, cachedInput: 0.2, output: 10, long: overLong(2, 0.2, 10) },
  { ...openAI, pattern: /^gpt-5\.6-luna/, input: 0.2, cachedInput: 0.02, output: 1.2, long: overLong(0.2, 0.02, 1.2) },
  { ...openAI, pattern: /^gpt-5\.6-terra/, input: 2, cachedInput: 0.2, output: 12, long: overLong(2, 0.2, 12) },
  { ...openAI, pattern: /^gpt-5\.4-mini/, input: 0.75, cachedInput: 0.075, output: 4.5 },
  // Its compatible endpoint has no prompt cache.
  { ...anthropic, pattern: /^claude-sonnet-5/, input: 2, output: 10 },
  { ...anthropic, pattern: /^claude-opus-5-5/, input: 4, output: 20 },
  { ...anthropic, pattern: /^claude-opus-5(?!-)/, input: 5, output: 25 },
  { ...anthropic, pattern: /^claude-haiku-4-5/, input: 1, output: 5 },
  { ...google, pattern: /^gemini-3\.8-flash$/, until: '2026-12-31', input: 0.75, cachedInput: 0.075, output: 3.75 },
  { ...google, pattern: /^gemini-3\.8-flash$/, input: 1.5, cachedInput: 0.15, output: 7.5, atMost: true },
  {
    ...xAI,
    pattern: /^grok-4\.[567]/,
    input: 2,
    cachedInput: 0.5,
    output: 6,
    long: { inputTokens: 200_000, input: 4, cachedInput: 1, output: 12 },
  },
  { ...aliyun, pattern: /^qwen-turbo$/, input: 0.3, output: 0.6 },
  { ...aliyun, pattern: /^qwen-plus$/, input: 0.8, output: 2 },
  { ...aliyun, pattern: /^qwen-max$/, input: 2.4, output: 9.6 },
  { ...ark, pattern: /^doubao-pro-(4k|32k)$/, input: 0.8, output: 2 },
  { ...ark, pattern: /^doubao-pro-128k$/, input: 5, output: 9 },
  { ...ark, pattern: /^doubao-lite-(4k|32k)$/, input: 0.3, output: 0.6 },
];

/** The price of a model at a provider: the configuration's own (by name, then `*`), else the published one; undefined where none is known. */
export function priceOf(model: string, preset: Pick<Preset, 'id' | 'prices'>, today?: string): Price | undefined {
  const own = new Map(Object.entries(preset.prices ?? {}));
  const given = own.get(model) ?? own.get('*');
  if (given !== undefined) return given;
  const name = model.toLowerCase();
  const row = priceRows.find(
    (one) => one.provider === preset.id && one.pattern.test(name) && (today === undefined || one.until === undefined || today <= one.until),
  );
  if (row === undefined) return undefined;
  const { provider: _provider, pattern: _pattern, until: _until, ...price } = row;
  return price;
}
