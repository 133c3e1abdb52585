import { isValidSpanId, isValidTraceId, type SpanContext } from '@opentelemetry/api';

/** Reads the header `traceparent` (https://www.w3.org/TR/trace-context/); undefined where it is none. */
export function parseTraceparent(header: string | null | undefined): SpanContext | undefined {
  const found = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(header?.trim() ?? '');
  const [, version, traceId = '', spanId = '', flags = '00', rest] = found ?? [];
  if (!isValidTraceId(traceId) || !isValidSpanId(spanId) || (version === '00' && rest !== undefined)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}

/** Writes the header `traceparent`. */
export function toTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & 1}`;
}
