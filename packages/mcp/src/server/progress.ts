import type { RequestScope } from './rpc.ts';

/** A client that waits hears something at least this often. */
const everyMs = 4_000;

/** Tells a client that asked for it that a call still runs, and what it says meanwhile. */
export interface Progress {
  say(message: string): void;
  stop(): void;
}

/** Begins to tell of a call; does nothing where the client did not ask. */
export function tellProgress(scope: RequestScope, what: string): Progress {
  const { progressToken } = scope;
  if (progressToken === undefined) return { say: () => undefined, stop: () => undefined };
  const startedAt = performance.now();
  let step = 0;
  const send = (message: string): void => {
    step += 1;
    void scope.notify('notifications/progress', { progressToken, progress: step, message }).catch(() => undefined); // the client left
  };
  const timer = setInterval(() => send(`${what} runs for ${Math.round((performance.now() - startedAt) / 1_000)} s`), everyMs);
  return {
    say: (message) => {
      timer.refresh();
      send(message);
    },
    stop: () => clearInterval(timer),
  };
}
