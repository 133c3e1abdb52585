import type { JsonValue } from './json.ts';

/** A name that a vendor has retired, and what stands for it now. */
export interface Successor {
  readonly provider: string;
  readonly model: string;
  /** The day on which the vendor stopped to serve the name. */
  readonly since: string;
  /** Names that stand for it, newest first; the first in the vendor's live list is taken. */
  readonly candidates: readonly string[];
  /** Fields of the body that keep its behaviour: the old name's choice of thinking. */
  readonly body: Readonly<Record<string, JsonValue>>;
}

// DeepSeek's change log: V4.1 Flash is `deepseek-flash` since 2026-09; `deepseek-v4-flash` is its older name.
const deepSeekFlash = ['deepseek-flash', 'deepseek-v4-flash'];

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
];

/** Finds the retired name in the table. */
export function successorOf(provider: string, model: string): Successor | undefined {
  return successors.find((entry) => entry.provider === provider && entry.model === model);
}
