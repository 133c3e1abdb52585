import type { KwError } from '@kw/agent';

/** What came of the last writes. */
export interface WriteHealth {
  /** Why what is written does not arrive at the moment; undefined where it does. */
  failure(): KwError | undefined;
  worked(step: WriteStep): void;
  failed(step: WriteStep, error: KwError): void;
}

/** What a write goes through: its transaction, then the disk where it must outlive the power. */
export type WriteStep = 'commit' | 'sync';

/** The same trouble is told again after this time. */
const silenceMs = 60_000;

/** Keeps it; `onUnavailable` is told of a trouble when it begins, and at most once a minute while it lasts. */
export function createWriteHealth(clock: () => number, onUnavailable: (error: KwError) => void = () => {}): WriteHealth {
  const failures = new Map<WriteStep, KwError>();
  let told: { readonly message: string; readonly at: number } | undefined;
  return {
    failure: () => failures.get('commit') ?? failures.get('sync'),
    worked: (step) => {
      failures.delete(step);
    },
    failed: (step, error) => {
      failures.set(step, error);
      const at = clock();
      if (told?.message === error.message && Math.abs(at - told.at) < silenceMs) return;
      told = { message: error.message, at };
      onUnavailable(error);
    },
  };
}
