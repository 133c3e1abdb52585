import type { JsonValue } from './json.ts';

/** A name that a vendor has retired, and what stands for it now. */
export interface Successor {
  readonly provider: string;
  readonly model: string;
  /** The day on which the vendor stopped to serve the name, where it is known. */
  readonly since?: string;
  /** Names that stand for it, newest first; the first in the vendor's live list is taken. */
  readonly candidates: readonly string[];
  /** Fields of the body that keep its behaviour: the old name's choice of thinking. */
  readonly body: Readonly<Record<string, JsonValue>>;
}

// DeepSeek's change log: V4.1 Flash is `deepseek-flash` since 2026-09; `deepseek-v4-flash` is its older name.
const deepSeekFlash = ['deepseek-flash', 'deepseek-v4-flash'];

// Alibaba's notice 731 of Model Studio: replaced by the newest of Qwen3.6 and Qwen3.7.
const qwenFlash = ['qwen3.7-flash', 'qwen3.6-flash', 'qwen-flash'];

// Volcengine's pages date the end of four names of the first generation; the candidates are today's models of that size.
const doubaoPro = ['doubao-seed-2-1-pro-260915', 'doubao-seed-2-1-pro-260628', 'doubao-seed-2-1-turbo-260628'];
const doubaoLite = ['doubao-seed-2-1-lite-260915', 'doubao-seed-2-1-turbo-260628'];
const doubao = { provider: 'doubao', body: { thinking: { type: 'disabled' } } } as const;
const doubaoEnd = '2025-02-27';

/** The dated table of retired names. */
export const successors: readonly Successor[] = [
  {
    provider: 'deepseek',
    model: 'deepseek-chat',
    since: '2026-07-24',
    candidates: deepSeekFlash,
    body: { thinking: { type: 'disabled' } },
  },
  {
    provider: 'deepseek',
    model: 'deepseek-coder',
    since: '2026-07-24',
    candidates: deepSeekFlash,
    body: { thinking: { type: 'disabled' } },
  },
  {
    provider: 'deepseek',
    model: 'deepseek-reasoner',
    since: '2026-07-24',
    candidates: deepSeekFlash,
    body: { thinking: { type: 'enabled' } },
  },
  { provider: 'qwen', model: 'qwen-turbo', since: '2026-10-10', candidates: qwenFlash, body: { enable_thinking: false } },
  { ...doubao, model: 'doubao-pro-4k', since: doubaoEnd, candidates: doubaoPro },
  ...['doubao-pro-32k', 'doubao-pro-128k', 'doubao-pro-vision', 'doubao-pro-search'].map((model) => ({
    ...doubao,
    model,
    candidates: doubaoPro,
  })),
  ...['doubao-lite-4k', 'doubao-lite-32k', 'doubao-lite-128k'].map((model) => ({
    ...doubao,
    model,
    since: doubaoEnd,
    candidates: doubaoLite,
  })),
];

/** Finds the retired name in the table. */
export function successorOf(provider: string, model: string): Successor | undefined {
  return successors.find((entry) => entry.provider === provider && entry.model === model);
}
