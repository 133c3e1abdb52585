import { createTraces, type Traces } from './create-traces.ts';
import { type OtlpOptions, otlpTracer } from './otlp-tracer.ts';
import { traceSettings } from './trace-settings.ts';

/** Traces that are sent to a collector. */
export interface RunningTraces extends Traces {
  /** Sends what waits. Never rejects. */
  flush(): Promise<void>;
}

/** What traces need of the program. */
export interface StartTracesOptions extends Partial<Omit<OtlpOptions, 'warn'>>, Pick<OtlpOptions, 'warn'> {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** Traces as the variables of OpenTelemetry ask for them; undefined where they name no collector. Throws Error for one whose address is none. */
export function startTraces({
  env,
  version,
  warn,
  fetch = globalThis.fetch,
  random = (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  now = Date.now,
}: StartTracesOptions): RunningTraces | undefined {
  const settings = traceSettings(env, version);
  if (settings === undefined) return undefined;
  const { tracer, flush } = otlpTracer(settings, { fetch, random, now, warn });
  return { ...createTraces({ tracer, capturesContent: settings.capturesContent }), flush };
}
