import type { Runs } from '@kw/agent';

const restMs = 1_000;

/** Drives runs until the signal is aborted, and begins again where that fails. Never rejects. */
export async function keepDriving(
  runs: Runs,
  { signal, print }: { readonly signal: AbortSignal; readonly print: (line: string) => void },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await runs.drive(signal);
    } catch (error) {
      if (signal.aborted) return;
      print(`error: runs are not driven for the moment: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (!signal.aborted) await rest(signal);
  }
}

function rest(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, restMs);
    signal.addEventListener('abort', done);
  });
}
