import type { PlacedEvent } from './stream-events.ts';
import { type TextSink, type TextStream, webBody } from './text-stream.ts';

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
  /** Milliseconds since any moment. */
  readonly monotonic?: () => number;
  /** Sends the text in place of the answer's body; absent: the answer has a web stream. */
  readonly take?: ((stream: TextStream) => void) | undefined;
}

const heartbeat = ':\n\n';

// The documented client takes each network read, at most 64 KiB, for whole lines. So no more than this goes out in one
// burst, and a reader has a moment to take what was sent before more comes.
const burstUnits = 16_384;
const settleMs = 20;

// A longer event is no whole network read at any client: it goes out in pieces as the reader takes them, and is not copied as one.
const wholeUnits = 131_072;
const pieceUnits = 32_768;

// Its place, then one JSON object on one line.
function encodeEvent({ cursor, event }: PlacedEvent): readonly string[] {
  const json = JSON.stringify(event);
  if (json.length <= wholeUnits) return [`id: ${cursor}\ndata: ${json}\n\n`];
  return [`id: ${cursor}\ndata: `, ...inPieces(json), '\n\n'];
}

// Pairs of surrogates are not cut.
function* inPieces(text: string): Iterable<string> {
  for (let at = 0; at < text.length;) {
    const end = Math.min(text.length, at + pieceUnits);
    const last = text.charCodeAt(end - 1);
    const next = end < text.length && last >= 0xd8_00 && last < 0xdc_00 ? end - 1 : end;
    yield text.slice(at, next);
    at = next;
  }
}

/**
 * Sends events as they come, each as one chunk. Events are taken only as fast as the reader reads; one that lets a full queue
 * stand is disconnected. When the reader leaves, `events` is aborted.
 */
export function eventStream(events: (signal: AbortSignal) => AsyncIterable<PlacedEvent>, options: SseOptions): Response {
  const stream: TextStream = {
    open: (sink) => send(events, sink, options),
  };
  const { take, headers, limits } = options;
  take?.(stream);
  return new Response(take === undefined ? webBody(stream, limits.maxQueueBytes) : null, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no', ...headers },
  });
}

function send(
  events: (signal: AbortSignal) => AsyncIterable<PlacedEvent>,
  sink: TextSink,
  { limits, signal, onEnd, toFailure, monotonic = () => performance.now() }: SseOptions,
): ReturnType<TextStream['open']> {
  const leaving = new AbortController();
  const ending = leaving.signal;
  const leave = (): void => leaving.abort();
  signal?.addEventListener('abort', leave);
  if (signal?.aborted === true) leave();
  let hasLeft = false;
  let drained: (() => void) | undefined;
  const hasRoom = (): boolean => sink.waiting() < limits.maxQueueBytes;

  // Resolves when the reader has taken what waits; false where it does not.
  const room = (): Promise<boolean> =>
    new Promise((resolve) => {
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
      if (ending.aborted) stop();
    });

  const pump = async (): Promise<void> => {
    const beat = setInterval(() => {
      if (!isWithin && hasRoom()) sink.write(heartbeat);
    }, limits.heartbeatMs);
    let all = false;
    let stalled = false;
    let isWithin = false; // an event: what else is written would be a part of it
    let sinceRest = 0;
    let sentAt = 0;
    let cursor: PlacedEvent['cursor'] | undefined;
    try {
      for await (const placed of events(ending)) {
        if (ending.aborted) break;
        const pieces = encodeEvent(placed);
        const units = pieces.reduce((sum, { length }) => sum + length, 0);
        const now = monotonic();
        sinceRest = now - sentAt > settleMs ? units : sinceRest + units;
        sentAt = now;
        if (sinceRest > burstUnits) {
          await pause(settleMs, ending);
          sinceRest = units;
        }
        isWithin = pieces.length > 1;
        for (const piece of pieces) {
          stalled = !hasRoom() && !(await room());
          if (stalled) return;
          sink.write(piece);
        }
        isWithin = false;
        ({ cursor } = placed);
      }
      all = !ending.aborted;
    } catch (error) {
      if (!ending.aborted && !isWithin && hasRoom()) {
        const broken = { delta: '', session_id: '', status: 'error', done: false, error: toFailure(error) };
        sink.write(`data: ${JSON.stringify(broken)}\n\n`);
      }
    } finally {
      clearInterval(beat);
      signal?.removeEventListener('abort', leave);
      // A reader that does not read is cut off: a clean end would wait for it. The last event may alone be more than the queue holds.
      const takesAll = !stalled && !isWithin && (hasRoom() || (await room()));
      if (!hasLeft) {
        if (takesAll) sink.end();
        else sink.cut();
      }
      leave();
      onEnd?.({ all, cursor });
    }
  };
  void pump();
  return {
    drained: () => drained?.(),
    left: () => {
      hasLeft = true;
      leave();
    },
  };
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
