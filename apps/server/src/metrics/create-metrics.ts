import type { ApiObserver, Exposition } from '@kw/http';
import type { Observer } from '@kw/runtime';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { countEntry } from './count-entry.ts';

/** Counters of a service, filled by what happens in its process. No label holds the name of a person, a namespace or a session. */
export interface Metrics {
  /** For the runtime: runs, tools, approvals, tokens, requests to models. */
  readonly observer: Observer;
  /** For the API: requests and streams. */
  readonly api: ApiObserver;
  /** Prometheus's text format. */
  exposition(): Promise<Exposition>;
}

/** What the counters of runs and models are. */
export interface RunMeters {
  readonly runs: Counter;
  readonly turns: Counter;
  readonly toolCalls: Counter;
  readonly toolSeconds: Histogram;
  readonly approvals: Counter;
  readonly tokens: Counter;
  readonly cost: Counter;
}

const prefix = 'kubelet_wuhrai_';
/** Gauges of the library whose names say that they were counters. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];
const requestBuckets = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 60];
const modelBuckets = [0.25, 0.5, 1, 2, 5, 10, 20, 60, 120];
const toolBuckets = [0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60, 300];

/** Makes the metrics of one service, with a registry of their own. */
export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  const counter = (name: string, help: string, labelNames: readonly string[] = []): Counter =>
    new Counter({ name: `${prefix}${name}`, help, labelNames: [...labelNames], registers });
  const histogram = (
    name: string,
    help: string,
    options: { readonly labelNames: readonly string[]; readonly buckets: number[] },
  ): Histogram =>
    new Histogram({ name: `${prefix}${name}`, help, buckets: options.buckets, labelNames: [...options.labelNames], registers });
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name: `${prefix}${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });

  const requests = counter('http_requests_total', 'Requests by route and status.', ['method', 'route', 'status']);
  const requestSeconds = histogram('http_request_duration_seconds', "Until an answer's headers.", {
    labelNames: ['method', 'route'],
    buckets: requestBuckets,
  });
  const modelRequests = counter('llm_requests_total', 'Requests to models.', ['provider', 'model']);
  const modelErrors = counter('llm_errors_total', 'Requests to models that failed, by code.', ['provider', 'model', 'code']);
  const modelSeconds = histogram('llm_request_duration_seconds', 'Whole requests to models.', {
    labelNames: ['provider', 'model'],
    buckets: modelBuckets,
  });
  const firstSeconds = histogram('llm_first_token_seconds', 'Until the first token of a model.', {
    labelNames: ['provider', 'model'],
    buckets: modelBuckets,
  });
  const meters: RunMeters = {
    runs: counter('runs_total', 'Questions that ended, by outcome.', ['outcome']),
    turns: counter('turns_total', 'Answers of models.', ['provider', 'model']),
    toolCalls: counter('tool_calls_total', 'Calls of tools, by effect and outcome.', ['tool', 'effect', 'outcome']),
    toolSeconds: histogram('tool_call_duration_seconds', 'Calls of tools that ran.', { labelNames: ['tool'], buckets: toolBuckets }),
    approvals: counter('approvals_total', 'Questions to people, by how they ended.', ['outcome']),
    tokens: counter('tokens_total', 'Tokens, by kind.', ['provider', 'model', 'kind']),
    cost: counter('cost_total', 'Money spent on models, where prices are known.', ['currency']),
  };
  let streams = 0;
  let turns = 0;
  gauge('streams_open', 'Event streams that are read now.', () => streams);
  gauge('runs_active', 'Questions that are answered now.', () => turns);
  new Gauge({ name: `${prefix}build_info`, help: 'The version, always 1.', labelNames: ['version'], registers }).set({ version }, 1);
  const models = new Map<string, { readonly provider: string; readonly model: string }>();

  return {
    observer: {
      entry: (_, { entry }) => countEntry(entry, meters, models),
      request: ({ provider, model, durationMs, firstMs, failure }) => {
        const labels = { provider, model };
        modelRequests.inc(labels);
        modelSeconds.observe(labels, durationMs / 1000);
        if (firstMs !== undefined) firstSeconds.observe(labels, firstMs / 1000);
        if (failure !== undefined && failure !== 'left' && failure !== 'aborted') modelErrors.inc({ ...labels, code: failure });
      },
      exchange: () => undefined,
      close: () => registry.clear(),
    },
    api: {
      onRequest: ({ method, route, status, durationMs }) => {
        requests.inc({ method, route, status: String(status) });
        requestSeconds.observe({ method, route }, durationMs / 1000);
      },
      onStream: (change) => {
        streams += change;
      },
      onTurn: (change) => {
        turns += change;
      },
    },
    exposition: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
