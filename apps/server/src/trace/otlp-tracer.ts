import { type Context, ROOT_CONTEXT, type Span, type SpanOptions, trace, type Tracer } from '@opentelemetry/api';
import { toOtlpJson } from './otlp-json.ts';
import { recordSpan, type RecordedSpan, toMs } from './recorded-span.ts';
import type { TraceSettings } from './trace-settings.ts';

/** What a tracer needs of its surroundings. */
export interface OtlpOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly random: (bytes: number) => Uint8Array;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told once where spans cannot be sent. */
  readonly warn: (message: string) => void;
}

/** A tracer that sends its spans to a collector. */
export interface OtlpTracer {
  readonly tracer: Pick<Tracer, 'startSpan'>;
  /** Sends what waits. Never rejects. */
  flush(): Promise<void>;
}

const maxWaiting = 4_096; // what comes beyond is left out
const maxBatch = 512;
const everyMs = 5_000;

/** Makes a tracer by the settings of the environment: OTLP over HTTP, as JSON. */
export function otlpTracer(settings: TraceSettings, { fetch, random, now, warn }: OtlpOptions): OtlpTracer {
  let waiting: RecordedSpan[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending: Promise<void> = Promise.resolve();
  let warned = false;

  const say = (reason: string): void => {
    if (!warned) warn(`traces cannot be sent to ${settings.url}: ${reason}`);
    warned = true;
  };
  const send = async (batch: readonly RecordedSpan[]): Promise<void> => {
    try {
      const answer = await fetch(settings.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...settings.headers },
        body: toOtlpJson(batch, settings.resource),
        signal: AbortSignal.timeout(settings.timeoutMs),
        redirect: 'error',
      });
      await answer.body?.cancel();
      if (!answer.ok) say(`it answers ${answer.status}`);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const spans = waiting;
    waiting = [];
    sending = sending.then(async () => {
      for (let at = 0; at < spans.length; at += maxBatch) await send(spans.slice(at, at + maxBatch));
    });
    return sending;
  };
  const ended = (span: RecordedSpan): void => {
    if (waiting.length >= maxWaiting) return;
    waiting.push(span);
    if (waiting.length === maxBatch) void flush();
    else if (timer === undefined) {
      timer = setTimeout(() => void flush(), everyMs);
      timer.unref();
    }
  };
  const id = (bytes: number): string => [...random(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const isSampled = (traceId: string, parentFlags: number | undefined): boolean => {
    if (parentFlags !== undefined && settings.followsParent) return (parentFlags & 1) === 1;
    return Number.parseInt(traceId.slice(-8), 16) < settings.ratio * 0x1_0000_0000;
  };
  const startSpan = (name: string, options: SpanOptions = {}, context: Context = ROOT_CONTEXT): Span => {
    const parent = options.root === true ? undefined : trace.getSpanContext(context);
    const traceId = parent?.traceId ?? id(16);
    const sampled = isSampled(traceId, parent?.traceFlags);
    const own = { traceId, spanId: id(8), traceFlags: sampled ? 1 : 0 };
    if (!sampled) return trace.wrapSpanContext(own);
    const { kind = 0, attributes = {}, startTime } = options;
    return recordSpan({ context: own, parentSpanId: parent?.spanId, name, kind, startedAt: toMs(startTime, now), attributes }, now, ended);
  };
  return { tracer: { startSpan }, flush };
}
