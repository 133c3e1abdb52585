import type { PlacedEvent } from './stream-events.ts';

/** Limits of one stream. */
export interface SseLimits {
  readonly heartbeatMs: number;
  readonly maxQueueBytes: number;
  readonly stallMs: number;
}

/** What a stream does beside sending. */
export interface SseOptions {
  readonly limits: SseLimits;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the stream, such as at the server's end; the reader comes back with its cursor. */
  readonly signal?: AbortSignal | undefined;
  /** Called once when nothing more is sent; with `all` where the events had come to their end. */
  readonly onEnd?: (end: { readonly all: boolean; readonly cursor: PlacedEvent['cursor'] | undefined }) => void;
  /** Called with what made the stream break. */
  readonly toFailure: (error: unknown) => { readonly code: string; readonly message: string };
}

const encoder = new TextEncoder();
const heartbeat = encoder.encode(':\n\n');

// The documented client takes each network read, at most 64 KiB, for whole lines. So no more than this goes out in one
// burst, and a reader has a moment to take what was sent before more comes.
const burstBytes = 32_768;
const settleMs = 20;

// Its place, then one JSON object on one line.
function encodeEvent({ cursor, event }: PlacedEvent): Uint8Array {
  return encoder.encode(`id: ${cursor}\ndata: ${JSON.stringify(event)}\n\n`);
}

/**
 * Sends events as they come, each as one chunk. Events are taken only as fast as the reader reads; one that lets a full queue
 * stand is disconnected. When the reader leaves, `events` is aborted.
 */
export function eventStream(
  events: (signal: AbortSignal) => AsyncIterable<PlacedEvent>,
  { limits, headers, signal, onEnd, toFailure }: SseOptions,
): Response {
  const leaving = new AbortController();
  const ending = signal === undefined ? leaving.signal : AbortSignal.any([leaving.signal, signal]);
  let drained: (() => void) | undefined;
  let cursor: PlacedEvent['cursor'] | undefined;

  // Resolves when the reader has taken what waits; false where it does not.
  const room = (controller: ReadableStreamDefaultController<Uint8Array>): Promise<boolean> => {
    if ((controller.desiredSize ?? 0) > 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (taken: boolean): void => {
        clearTimeout(timer);
        ending.removeEventListener('abort', stop);
        drained = undefined;
        resolve(taken);
      };
      const stop = (): void => settle(false);
      const timer = setTimeout(stop, limits.stallMs);
      ending.addEventListener('abort', stop);
      drained = () => settle(true);
    });
  };

  const pump = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const beat = setInterval(() => {
      if ((controller.desiredSize ?? 0) > 0) controller.enqueue(heartbeat);
    }, limits.heartbeatMs);
    let all = false;
    let sinceRest = 0;
    try {
      for await (const placed of events(ending)) {
        if (ending.aborted) break;
        const bytes = encodeEvent(placed);
        sinceRest += bytes.length;
        if (sinceRest > burstBytes) {
          await pause(settleMs, ending);
          sinceRest = bytes.length;
        }
        if (!(await room(controller))) return;
        controller.enqueue(bytes);
        cursor = placed.cursor;
      }
      all = !ending.aborted;
    } catch (error) {
      if (!ending.aborted && (controller.desiredSize ?? 0) > 0) {
        const broken = { delta: '', session_id: '', status: 'error', done: false, error: toFailure(error) };
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(broken)}\n\n`));
      }
    } finally {
      clearInterval(beat);
      if ((controller.desiredSize ?? 0) > 0 || !leaving.signal.aborted) close(controller);
      leaving.abort();
      onEnd?.({ all, cursor });
    }
  };

  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        void pump(controller);
      },
      pull: () => drained?.(),
      cancel: () => leaving.abort(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: limits.maxQueueBytes }),
  );
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no', ...headers },
  });
}

// A reader that does not read is cut off: a clean end would wait for it.
function close(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    if ((controller.desiredSize ?? 0) > 0) controller.close();
    else controller.error(new Error('the reader is too slow'));
  } catch {
    // it has left
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
