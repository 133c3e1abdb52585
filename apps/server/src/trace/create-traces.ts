import { AsyncLocalStorage } from 'node:async_hooks';
import { type Attributes, type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import type { ApiObserver } from '@kw/http';
import type { Observer } from '@kw/runtime';
import { traceRuns } from './trace-runs.ts';
import { parseTraceparent } from './traceparent.ts';

/** What is asked of the API, as far as a span tells it. */
export interface TracedRequest {
  readonly method: string;
  readonly path: string;
  readonly traceparent: string | undefined;
}

/** Spans of a service. */
export interface Traces {
  /** For the runtime: runs, requests to models, tools, approvals. */
  readonly observer: Observer;
  /** For the API: the route of a request. */
  readonly api: ApiObserver;
  /** Handles a request within a span of its own, which ends with the answer's head. */
  around(request: TracedRequest, handle: () => Promise<Response>): Promise<Response>;
}

/** What traces are made with. */
export interface TraceOptions {
  /** Of `@opentelemetry/api`: one of our own, or of an SDK that the embedding program has set up. */
  readonly tracer: Pick<Tracer, 'startSpan'>;
  /** True: questions, answers, arguments and results stand in the spans, without their secrets. */
  readonly capturesContent?: boolean;
}

const quiet = new Set(['/livez', '/readyz', '/metrics', '/api/v1/health']);
const serverError = 500;

/** Makes spans by the semantic conventions of OpenTelemetry for HTTP and generative AI. */
export function createTraces({ tracer, capturesContent = false }: TraceOptions): Traces {
  const current = new AsyncLocalStorage<{ readonly span: Span; readonly context: Context }>();
  return {
    observer: traceRuns({ tracer, capturesContent, parent: () => current.getStore()?.context ?? ROOT_CONTEXT }),
    api: {
      onRequest: ({ method, route }) => {
        current.getStore()?.span.setAttribute('http.route', route).updateName(`${method} ${route}`);
      },
    },
    around: async ({ method, path, traceparent }, handle) => {
      if (quiet.has(path)) return handle();
      const caller = parseTraceparent(traceparent);
      const parent = caller === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, caller);
      const attributes: Attributes = { 'http.request.method': method, 'url.path': path.slice(0, maxPath), 'url.scheme': 'http' };
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
      try {
        const response = await current.run({ span, context: trace.setSpan(ROOT_CONTEXT, span) }, handle);
        span.setAttribute('http.response.status_code', response.status);
        if (response.status >= serverError)
          span.setAttribute('error.type', String(response.status)).setStatus({ code: SpanStatusCode.ERROR });
        return response;
      } finally {
        span.end();
      }
    },
  };
}

const maxPath = 400;
