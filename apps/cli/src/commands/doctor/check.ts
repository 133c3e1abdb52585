import type { Bilingual } from '../../errors.ts';

/** How a check ended. `skipped`: it could not be made, because of another one. */
export type Status = 'ok' | 'warn' | 'fail' | 'skipped';

/** What a check found, and the way out. */
export interface Finding {
  readonly status: Status;
  readonly message: Bilingual;
  readonly fix?: Bilingual;
}

/** One check: what it looks at, and how long it may take. */
export interface Check {
  /** For programs. */
  readonly name: string;
  readonly title: Bilingual;
  readonly timeoutMs: number;
  readonly run: (signal: AbortSignal) => Promise<Finding>;
}

/** A finding of a check that was made. */
export interface Checked extends Finding {
  readonly name: string;
  readonly title: Bilingual;
  readonly durationMs: number;
}

/** What the surroundings of a check give. */
export interface CheckOptions {
  readonly signal: AbortSignal;
  readonly monotonic: () => number;
  /** Words for what a check threw. */
  readonly explain: (error: unknown) => Finding;
}

/** Makes a check within its time; what it throws, and its time-out, are findings. */
export async function make({ name, title, timeoutMs, run }: Check, { signal, monotonic, explain }: CheckOptions): Promise<Checked> {
  const since = monotonic();
  const expired = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, expired]);
  const finding = await Promise.race([run(either), aborted(either)]).catch((error: unknown) =>
    expired.aborted ? tooLong(timeoutMs) : explain(error),
  );
  return { name, title, ...finding, durationMs: Math.round(monotonic() - since) };
}

/** A check that does not look at its signal is left behind. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

function tooLong(timeoutMs: number): Finding {
  const seconds = timeoutMs / 1000;
  return { status: 'fail', message: { en: `no answer within ${seconds} s`, zh: `${seconds} 秒内没有响应` } };
}
