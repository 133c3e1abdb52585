import type { ModelLimits } from './chat-model.ts';
import type { Quirks } from './quirks.ts';

/** A model family as data: its sizes and what its vendors accept. */
export interface Family {
  readonly id: string;
  /** Matches the model's name in lower case, without a leading `owner/`. */
  readonly pattern: RegExp;
  readonly limits: ModelLimits;
  /** Whether it may think before it answers. */
  readonly reasons: boolean;
  readonly quirks?: Partial<Quirks>;
}

/** Sizes that are safe for a model of which nothing is known. */
export const unknownLimits: ModelLimits = { contextWindow: 8_192, maxOutputTokens: 2_048 };

const k = 1_024;

/**
 * The known families; the first whose pattern fits wins.
 * Sizes are the vendors' published ones of November 2026, the smaller one where they differ.
 */
export const families: readonly Family[] = [
  {
    // Thinks by default and answers 400 where the reasoning of an answer with calls is missing.
    id: 'deepseek-v4',
    pattern: /^deepseek-?(v4|v4\.1|flash|pro)/,
    limits: { contextWindow: 1_000_000, maxOutputTokens: 384_000 },
    reasons: true,
    quirks: { reasoning: 'always', emptyReasoning: true },
  },
  {
    // Answers 400 where the input has reasoning.
    id: 'deepseek-r1',
    pattern: /^deepseek-r1/,
    limits: { contextWindow: 64 * k, maxOutputTokens: 8 * k },
    reasons: true,
    quirks: { reasoning: 'never' },
  },
  {
    id: 'deepseek-reasoner',
    pattern: /^deepseek-reasoner/,
    limits: { contextWindow: 128 * k, maxOutputTokens: 64 * k },
    reasons: true,
    quirks: { reasoning: 'within-turn' },
  },
  { id: 'deepseek', pattern: /^deepseek/, limits: { contextWindow: 128 * k, maxOutputTokens: 8 * k }, reasons: false },
  { id: 'qwen-math', pattern: /^qwen2\.5-math/, limits: { contextWindow: 4 * k, maxOutputTokens: 3 * k }, reasons: false },
  { id: 'qwen-max', pattern: /^qwen-max/, limits: { contextWindow: 32 * k, maxOutputTokens: 8 * k }, reasons: false },
  {
    id: 'qwen2.5-coder-small',
    pattern: /^qwen2\.5-coder-(0\.5|1\.5|3)b/,
    limits: { contextWindow: 32 * k, maxOutputTokens: 8 * k },
    reasons: false,
  },
  { id: 'qwen2.5', pattern: /^qwen2\.5/, limits: { contextWindow: 128 * k, maxOutputTokens: 8 * k }, reasons: false },
  { id: 'qwq', pattern: /^qwq/, limits: { contextWindow: 128 * k, maxOutputTokens: 8 * k }, reasons: true },
  { id: 'qwen3', pattern: /^qwen3/, limits: { contextWindow: 128 * k, maxOutputTokens: 32 * k }, reasons: true },
  { id: 'qwen', pattern: /^qwen/, limits: { contextWindow: 128 * k, maxOutputTokens: 8 * k }, reasons: false },
  { id: 'doubao-4k', pattern: /^doubao-.*-4k/, limits: { contextWindow: 4 * k, maxOutputTokens: 4 * k }, reasons: false },
  { id: 'doubao-128k', pattern: /^doubao-.*-128k/, limits: { contextWindow: 128 * k, maxOutputTokens: 4 * k }, reasons: false },
  {
    id: 'doubao-seed',
    pattern: /^doubao-seed/,
    limits: { contextWindow: 256 * k, maxOutputTokens: 16 * k },
    reasons: true,
    quirks: { reasoning: 'within-turn' },
  },
  { id: 'doubao', pattern: /^doubao/, limits: { contextWindow: 32 * k, maxOutputTokens: 4 * k }, reasons: false },
  {
    // With tools, Chat Completions takes these only where reasoning is switched off by name (developers.openai.com, gpt-6-luna).
    id: 'gpt-6',
    pattern: /^gpt-(5\.[6-9]|[6-9])/,
    limits: { contextWindow: 1_050_000, maxOutputTokens: 128_000 },
    reasons: true,
    quirks: { temperature: false, toolsBody: { reasoning_effort: 'none' } },
  },
  {
    id: 'gpt-5',
    pattern: /^gpt-5/,
    limits: { contextWindow: 400_000, maxOutputTokens: 128_000 },
    reasons: true,
    quirks: { temperature: false },
  },
  { id: 'gpt-4.1', pattern: /^gpt-4\.1/, limits: { contextWindow: 1_047_576, maxOutputTokens: 32_768 }, reasons: false },
  { id: 'gpt-4', pattern: /^(gpt-4o|gpt-4-turbo|chatgpt-4o)/, limits: { contextWindow: 128_000, maxOutputTokens: 4_096 }, reasons: false },
  {
    id: 'o',
    pattern: /^o[1-9]\b/,
    limits: { contextWindow: 128_000, maxOutputTokens: 65_536 },
    reasons: true,
    quirks: { temperature: false },
  },
  {
    id: 'gpt-oss',
    pattern: /^gpt-oss/,
    limits: { contextWindow: 128 * k, maxOutputTokens: 32 * k },
    reasons: true,
    quirks: { reasoning: 'within-turn' },
  },
  {
    // Answers 400 where a call lacks its signature; this value is the documented one for calls of other models.
    id: 'gemini-3',
    pattern: /^gemini-([3-9]|(flash|flash-lite|pro)-latest)/,
    limits: { contextWindow: 1_048_576, maxOutputTokens: 65_536 },
    reasons: true,
    quirks: { missingCallFields: { extra_content: { google: { thought_signature: 'skip_thought_signature_validator' } } } },
  },
  { id: 'gemini', pattern: /^gemini/, limits: { contextWindow: 1_048_576, maxOutputTokens: 8_192 }, reasons: true },
  {
    // Other temperatures than the default are refused since this generation.
    id: 'claude-5',
    pattern: /^claude-\w+-5/,
    limits: { contextWindow: 1_000_000, maxOutputTokens: 128_000 },
    reasons: true,
    quirks: { temperature: false },
  },
  { id: 'claude', pattern: /^claude/, limits: { contextWindow: 200_000, maxOutputTokens: 32_000 }, reasons: true },
  { id: 'grok-4.7', pattern: /^grok-4\.[5-7]/, limits: { contextWindow: 500_000, maxOutputTokens: 32_768 }, reasons: true },
  { id: 'grok', pattern: /^grok/, limits: { contextWindow: 131_072, maxOutputTokens: 16_384 }, reasons: true },
  {
    id: 'kimi',
    pattern: /^(kimi|moonshot)/,
    limits: { contextWindow: 128 * k, maxOutputTokens: 16 * k },
    reasons: true,
    quirks: { reasoning: 'always' },
  },
  {
    id: 'glm',
    pattern: /^glm/,
    limits: { contextWindow: 128 * k, maxOutputTokens: 32 * k },
    reasons: true,
    quirks: { reasoning: 'within-turn' },
  },
  {
    id: 'minimax',
    pattern: /^minimax/,
    limits: { contextWindow: 192 * k, maxOutputTokens: 32 * k },
    reasons: true,
    quirks: { reasoning: 'always' },
  },
  { id: 'llama', pattern: /^(meta-)?llama-?[34]/, limits: { contextWindow: 128 * k, maxOutputTokens: 4 * k }, reasons: false },
  {
    id: 'mistral',
    pattern: /^(mistral|ministral|codestral|devstral)/,
    limits: { contextWindow: 32 * k, maxOutputTokens: 4 * k },
    reasons: false,
  },
];

/** The family of a model's name; undefined where none is known. */
export function familyOf(model: string): Family | undefined {
  const name = model
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^((us|eu|apac|global)\.)?(openai|anthropic|amazon|meta|mistral|qwen|deepseek|google)\./, '');
  return families.find((family) => family.pattern.test(name));
}
