import type { Attributes, HrTime, Span, SpanContext, SpanKind, SpanStatus, TimeInput } from '@opentelemetry/api';

/** A span that has ended. */
export interface RecordedSpan {
  readonly context: SpanContext;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  readonly status: SpanStatus;
}

/** What a span begins with. */
export interface SpanStart {
  readonly context: SpanContext;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startedAt: number;
  readonly attributes: Attributes;
}

/** Begins a span that is given to `ended` when it has ended. Events and links are not kept. */
export function recordSpan(start: SpanStart, now: () => number, ended: (span: RecordedSpan) => void): Span {
  const attributes: Attributes = { ...start.attributes };
  let { name } = start;
  let status: SpanStatus = { code: 0 };
  let isOpen = true;
  const span: Span = {
    spanContext: () => start.context,
    setAttribute: (key, value) => {
      attributes[key] = value;
      return span;
    },
    setAttributes: (more) => {
      Object.assign(attributes, more);
      return span;
    },
    addEvent: () => span,
    addLink: () => span,
    addLinks: () => span,
    setStatus: (next) => {
      status = next;
      return span;
    },
    updateName: (next) => {
      name = next;
      return span;
    },
    end: (endTime) => {
      if (!isOpen) return;
      isOpen = false;
      ended({ ...start, name, attributes, status, endedAt: Math.max(start.startedAt, toMs(endTime, now)) });
    },
    isRecording: () => isOpen,
    recordException: (error) => {
      attributes['exception.message'] = typeof error === 'string' ? error : (error.message ?? '');
    },
  };
  return span;
}

/** A time of the API in milliseconds since the epoch. */
export function toMs(time: TimeInput | undefined, now: () => number): number {
  if (time === undefined) return now();
  if (typeof time === 'number') return time;
  return time instanceof Date ? time.getTime() : hrToMs(time);
}

function hrToMs([seconds, nanoseconds]: HrTime): number {
  return seconds * 1_000 + nanoseconds / 1e6;
}
