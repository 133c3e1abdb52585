import { isKubectlAIError, KubectlAIError } from './error.ts';
import { readEvents, type StreamMessage } from './read-events.ts';
import type { WireCursor } from './wire.ts';

/** How often and how soon a broken stream is taken up again. */
export interface ReconnectOptions {
  /** Attempts in a row without a new event. Default 5; 0 switches it off. */
  readonly attempts?: number;
  /** Wait before the first attempt in milliseconds, doubled up to 4 s. Default 250. */
  readonly delayMs?: number;
}

/** Where a stream stands. */
export interface Place {
  readonly runId?: string | undefined;
  readonly cursor?: WireCursor | undefined;
}

/**
 * Events up to the run's end or its parking. A connection that breaks is opened again at the last place; as the server knows
 * the place exactly, nothing is missing and nothing comes twice. Throws {@link KubectlAIError} where that fails, or the signal's reason.
 */
export async function* follow(
  open: (place: Place) => Promise<Response>,
  start: Place,
  {
    reconnect: { attempts = 5, delayMs = 250 } = {},
    signal,
  }: { readonly reconnect?: ReconnectOptions | undefined; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<StreamMessage> {
  let place = start;
  let parked = false;
  for (let failures = 0; ;) {
    let cause: unknown;
    try {
      const response = await open(place);
      if (response.status === 204) return; // the reader has seen the end before
      place = { ...place, runId: place.runId ?? runOf(response) };
      for await (const message of readEvents(response)) {
        const { event, cursor } = message;
        place = { runId: event.run_id ?? place.runId, cursor: cursor ?? place.cursor };
        parked = event.status === 'awaiting_approval';
        failures = 0;
        yield message;
        if (event.done) return;
      }
      if (parked) return;
    } catch (error) {
      signal?.throwIfAborted();
      if (place.runId === undefined || !mayPass(error)) throw error;
      cause = error;
    }
    failures += 1;
    if (place.runId === undefined || failures > attempts) throw broken(place, cause);
    await sleep(Math.min(delayMs * 2 ** (failures - 1), 4000), signal);
  }
}

// The server names the run before its first event.
function runOf(response: Response): string | undefined {
  return /\/runs\/([^/?]+)/.exec(response.headers.get('content-location') ?? '')?.[1];
}

function mayPass(error: unknown): boolean {
  if (!isKubectlAIError(error)) return true; // the connection broke
  return error.status === undefined ? error.code === 'connection-failed' : error.status >= 500 || error.status === 429;
}

function broken({ runId, cursor }: Place, cause: unknown): KubectlAIError {
  const where = runId === undefined ? '' : ` The run goes on: resumeStream('${runId}', '${cursor ?? '0:0'}', ...) takes it up again.`;
  return new KubectlAIError('stream-broken', `The stream ended before the run did.${where}`, { cause });
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
