/** What the environment says of traces, by the names of OpenTelemetry. */
export interface TraceSettings {
  /** Where spans go: a collector's `/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly resource: Readonly<Record<string, string>>;
  /** The share of traces without a caller's decision that is kept, 0 to 1. */
  readonly ratio: number;
  /** True: a caller's decision counts. */
  readonly followsParent: boolean;
  /** True: questions, answers, arguments and results stand in the spans, without their secrets. */
  readonly capturesContent: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

const defaultTimeoutMs = 10_000;

/** Reads the settings; undefined where no collector is named or traces are switched off. Throws Error for an address that is none. */
export function traceSettings(env: Variables, version: string): TraceSettings | undefined {
  const own = text(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
  const base = text(env['OTEL_EXPORTER_OTLP_ENDPOINT']);
  if ((own === undefined && base === undefined) || env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return undefined;
  if (env['OTEL_TRACES_EXPORTER'] === 'none') return undefined;
  const url = own ?? `${(base ?? '').replace(/\/+$/, '')}/v1/traces`;
  if (!URL.canParse(url) || !/^https?:/i.test(url)) {
    const name = own === undefined ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
    throw new Error(`${name} is ${JSON.stringify(own ?? base)}: it must be a URL of a collector, such as http://localhost:4318.`);
  }
  const timeout = Number(env['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT'] ?? env['OTEL_EXPORTER_OTLP_TIMEOUT']);
  const { ratio, followsParent } = sampler(env);
  return {
    url,
    headers: pairs(env['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] ?? env['OTEL_EXPORTER_OTLP_HEADERS']),
    timeoutMs: timeout > 0 ? timeout : defaultTimeoutMs,
    resource: {
      'service.name': 'kubelet-wuhrai',
      'service.version': version,
      ...pairs(env['OTEL_RESOURCE_ATTRIBUTES']),
      ...(text(env['OTEL_SERVICE_NAME']) !== undefined && { 'service.name': String(env['OTEL_SERVICE_NAME']) }),
    },
    ratio,
    followsParent,
    capturesContent: env['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT']?.toLowerCase() === 'true',
  };
}

function sampler(env: Variables): Pick<TraceSettings, 'ratio' | 'followsParent'> {
  const name = text(env['OTEL_TRACES_SAMPLER']) ?? 'parentbased_always_on';
  const given = Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? '1');
  const share = given >= 0 && given <= 1 ? given : 1;
  const ratio = name.endsWith('always_off') ? 0 : name.endsWith('traceidratio') ? share : 1;
  return { ratio, followsParent: name.startsWith('parentbased_') };
}

/** `a=1,b=2` with values in percent-encoding, as OpenTelemetry writes lists. */
function pairs(list: string | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (list ?? '').split(',').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at <= 0 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const];
    }),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function text(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}
