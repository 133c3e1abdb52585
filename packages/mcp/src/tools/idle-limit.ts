/** A limit of a call that can stand still. */
export interface IdleLimit {
  readonly signal: AbortSignal;
  /** The time begins anew. */
  readonly begin: () => void;
  /** A person is asked: time stands still. */
  readonly pause: () => void;
  readonly end: () => void;
}

/** Begins to count; the error of the signal is in these words. */
export function idleLimit(ms: number): IdleLimit {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => over.abort(new Error(`no answer within ${ms / 1_000} s; a longer \`timeout\` can be set in mcp.yaml`)), ms);
  };
  begin();
  return { signal: over.signal, begin, pause: () => clearTimeout(timer), end: () => clearTimeout(timer) };
}
