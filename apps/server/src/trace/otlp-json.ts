import type { Attributes } from '@opentelemetry/api';
import type { RecordedSpan } from './recorded-span.ts';

const scope = 'kubelet-wuhrai';

/** Spans as OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): ids in hexadecimal, 64-bit numbers as strings. */
export function toOtlpJson(spans: readonly RecordedSpan[], resource: Readonly<Record<string, string>>): string {
  const version = resource['service.version'];
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: toAttributes(resource) },
        scopeSpans: [{ scope: { name: scope, ...(version !== undefined && { version }) }, spans: spans.map(toSpan) }],
      },
    ],
  });
}

function toSpan({ context, parentSpanId, name, kind, startedAt, endedAt, attributes, status }: RecordedSpan): object {
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    flags: context.traceFlags,
    name,
    kind: kind + 1, // OTLP counts from UNSPECIFIED
    startTimeUnixNano: toNanos(startedAt),
    endTimeUnixNano: toNanos(endedAt),
    attributes: toAttributes(attributes),
    status: { code: status.code, ...(status.message !== undefined && { message: status.message }) },
  };
}

function toNanos(ms: number): string {
  const whole = Math.floor(ms);
  return `${BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6))}`;
}

function toAttributes(attributes: Readonly<Attributes>): readonly object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [{ key, value: toValue(value) }],
  );
}

function toValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toValue) } };
  return { stringValue: JSON.stringify(value) };
}
