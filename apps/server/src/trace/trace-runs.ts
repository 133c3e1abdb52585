import { type Attributes, type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import type { Entry } from '@kw/agent';
import type { Observer } from '@kw/runtime';
import { toTraceparent } from './traceparent.ts';

/** What the spans of runs are made with. */
export interface RunTraceOptions {
  readonly tracer: Pick<Tracer, 'startSpan'>;
  readonly capturesContent: boolean;
  /** What a run that begins now belongs to. */
  readonly parent: () => Context;
}

interface TracedRun {
  readonly span: Span;
  readonly context: Context;
  /** Calls and questions that are open, by their ids. */
  readonly open: Map<string, Span>;
}

type EntryOf<T extends Entry['type']> = Extract<Entry, { readonly type: T }>;

const agentName = 'kubelet-wuhrai';
/** Runs that end in another process are forgotten with the oldest. */
const maxRuns = 10_000;

/** Follows entries and requests to models: `invoke_agent` for a run, and below it `chat`, `execute_tool` and the waits for approvals. */
export function traceRuns({ tracer, capturesContent, parent }: RunTraceOptions): Observer {
  const runs = new Map<string, TracedRun>();
  const content = (attributes: Attributes): Attributes => (capturesContent ? attributes : {});

  const begin = (
    session: string,
    runId: string,
    { at, attributes }: { readonly at: number; readonly attributes: Attributes },
  ): TracedRun => {
    if (runs.size >= maxRuns) runs.delete(runs.keys().next().value ?? '');
    const span = tracer.startSpan(
      `invoke_agent ${agentName}`,
      {
        kind: SpanKind.INTERNAL,
        startTime: at,
        attributes: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.name': agentName,
          'gen_ai.conversation.id': session,
          'kw.run.id': runId,
          ...attributes,
        },
      },
      parent(),
    );
    const run = { span, context: trace.setSpan(ROOT_CONTEXT, span), open: new Map<string, Span>() };
    runs.set(runId, run);
    return run;
  };
  const open = (
    run: TracedRun,
    id: string,
    { name, at, attributes }: { readonly name: string; readonly at: number; readonly attributes: Attributes },
  ): void => {
    run.open.set(id, tracer.startSpan(name, { kind: SpanKind.INTERNAL, startTime: at, attributes }, run.context));
  };
  const close = (
    run: TracedRun,
    id: string,
    { at, attributes, failure }: { readonly at: number; readonly attributes: Attributes; readonly failure?: string | undefined },
  ): void => {
    const span = run.open.get(id);
    run.open.delete(id);
    span?.setAttributes(attributes);
    if (failure !== undefined) span?.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
    span?.end(at);
  };

  const startOf = ({ settings, message }: EntryOf<'run-start'>): Attributes => ({
    'gen_ai.provider.name': settings.model.provider,
    'gen_ai.request.model': settings.model.id,
    ...content({ 'gen_ai.input.messages': messages('user', message.content) }),
  });
  const intentOf = ({ callId, tool, effect }: EntryOf<'tool-intent'>): Attributes => ({
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': tool,
    'gen_ai.tool.call.id': callId,
    'gen_ai.tool.type': 'function',
    'kw.tool.effect': effect,
  });
  const resultOf = ({ outcome, exitCode, message }: EntryOf<'tool-result'>): Attributes => ({
    'kw.tool.outcome': outcome,
    ...(exitCode !== undefined && { 'process.exit.code': exitCode }),
    ...content({ 'gen_ai.tool.call.result': JSON.stringify(message.content) }),
  });
  const end = (run: TracedRun, { runId, outcome, usage, turns }: EntryOf<'run-end'>, at: number): void => {
    for (const id of run.open.keys()) close(run, id, { at, attributes: {}, failure: 'interrupted' });
    const answer = 'answer' in outcome ? outcome.answer : undefined;
    run.span.setAttributes({
      'gen_ai.usage.input_tokens': usage.inputTokens,
      'gen_ai.usage.output_tokens': usage.outputTokens,
      'kw.run.outcome': outcome.type,
      'kw.run.turns': turns,
      ...(answer !== undefined && content({ 'gen_ai.output.messages': messages('assistant', answer) })),
    });
    if (outcome.type === 'failed') run.span.setAttribute('error.type', outcome.code).setStatus({ code: SpanStatusCode.ERROR });
    run.span.end(at);
    runs.delete(runId);
  };

  return {
    entry: (session, { entry, at }) => {
      if (entry.type === 'run-start') {
        begin(session, entry.runId, { at, attributes: startOf(entry) });
        return;
      }
      const known = runs.get(entry.runId);
      // Begun in another process, and gone on with here.
      const run =
        known ?? (entry.type === 'run-resumed' ? begin(session, entry.runId, { at, attributes: { 'kw.run.resumed': true } }) : undefined);
      if (run === undefined) return;
      switch (entry.type) {
        case 'tool-intent':
          open(run, entry.callId, { name: `execute_tool ${entry.tool}`, at, attributes: intentOf(entry) });
          break;
        case 'tool-result': {
          const failure = entry.outcome === 'ran' ? undefined : entry.outcome;
          close(run, entry.message.callId, { at, attributes: resultOf(entry), failure });
          break;
        }
        case 'approval-request': {
          const { approvalId, callId, tool, effect } = entry.request;
          const attributes = { 'gen_ai.tool.name': tool, 'gen_ai.tool.call.id': callId, 'kw.tool.effect': effect };
          open(run, approvalId, { name: 'wait for approval', at, attributes });
          break;
        }
        case 'approval-response':
          close(run, entry.response.approvalId, { at, attributes: { 'kw.approval.decision': entry.response.decision } });
          break;
        case 'run-end':
          end(run, entry, at);
          break;
        default:
      }
    },
    begin: ({ provider, model, runId }) => {
      const context = (runId === undefined ? undefined : runs.get(runId)?.context) ?? ROOT_CONTEXT;
      const attributes = { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': provider, 'gen_ai.request.model': model };
      const span = tracer.startSpan(`chat ${model}`, { kind: SpanKind.CLIENT, attributes }, context);
      return {
        headers: { traceparent: toTraceparent(span.spanContext()) },
        end: ({ usage, failure, finish, modelUsed, firstMs, retries }) => {
          span.setAttributes({
            ...(finish !== undefined && { 'gen_ai.response.finish_reasons': [finish] }),
            'gen_ai.response.model': modelUsed ?? model,
            ...(usage !== undefined && {
              'gen_ai.usage.input_tokens': usage.inputTokens,
              'gen_ai.usage.output_tokens': usage.outputTokens,
              'gen_ai.usage.cache_read.input_tokens': usage.cachedInputTokens,
            }),
            ...(firstMs !== undefined && { 'gen_ai.response.time_to_first_chunk': firstMs / 1_000 }),
            ...(retries > 0 && { 'kw.request.retries': retries }),
          });
          if (failure !== undefined) span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    request: () => undefined,
    exchange: () => undefined,
    close: () => undefined,
  };
}

function messages(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}
