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

/** How a stream is followed. */
export interface FollowOptions {
  readonly reconnect?: ReconnectOptions | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Over the ends of runs, until the reader leaves. */
  readonly endless?: boolean;
}

/**
 * Events up to the run's end or its parking. A connection that breaks is opened again at the last place; as the server knows
 * the place exactly, nothing is missing and nothing comes twice. Throws {@link KubectlAIError} where that fails, or the signal's reason.
 */
export async function* follow(
  open: (place: Place) => Promise<Response>,
  start: Place,
  { reconnect: { attempts = 5, delayMs = 250 } = {}, signal, endless = false }: FollowOptions,
): AsyncGenerator<StreamMessage> {
  let place = start;
  let parked = false;
  let waits = 0; // since the last event
  for (let failures = 0; ;) {
    let cause: unknown;
    try {
      const response = await open(place);
      if (endless) failures = 0; // nothing need happen in a session
      if (response.status === 204) return; // the reader has seen the end before
      place = { ...place, runId: place.runId ?? runOf(response) };
      for await (const message of readEvents(response)) {
        const { event, cursor } = message;
        place = { runId: event.run_id ?? place.runId, cursor: cursor ?? place.cursor };
        parked = event.status === 'awaiting_approval';
        failures = waits = 0;
        yield message;
        if (event.done && !endless) return;
      }
      if (parked && !endless) return;
    } catch (error) {
      signal?.throwIfAborted();
      if (place.runId === undefined || !mayPass(error)) throw error;
      cause = error;
    }
    failures += 1;
    if (place.runId === undefined || failures > attempts) throw broken(place, { endless, cause });
    await sleep(Math.min(delayMs * 2 ** waits, 4000), signal);
    waits += 1;
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

function broken(
  { runId, cursor = '0:0' }: Place,
  { endless, cause }: { readonly endless: boolean; readonly cause: unknown },
): KubectlAIError {
  const again = endless ? `followSession(id, { cursor: '${cursor}' })` : `resumeStream('${runId}', '${cursor}', ...)`;
  const message = `The stream broke off. ${runId === undefined ? '' : `What it tells of goes on: ${again} takes it up again.`}`;
  return new KubectlAIError('stream-broken', message.trim(), { cause });
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
