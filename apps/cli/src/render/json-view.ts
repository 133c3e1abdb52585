import type { AgentEvent, RunCost } from '@kw/agent';
import type { Output } from '../host.ts';
import { createFolds } from './folds.ts';
import type { RunView } from './run-view.ts';
import { jsonText } from './json-text.ts';

/** One object for a whole question: what `--output json` prints. */
export interface JsonAnswer {
  readonly session: string;
  readonly runId: string;
  readonly status: string;
  readonly answer: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly model: { readonly provider: string; readonly id: string; readonly used?: string };
  readonly target?: { readonly context: string; readonly server: string; readonly user: string; readonly namespace?: string };
  readonly usage: unknown;
  readonly cost?: RunCost;
  readonly context?: unknown;
  readonly turns: number;
  readonly unanswered: number;
  readonly durationMs: number;
  readonly tools: readonly JsonCall[];
}

interface JsonCall {
  readonly callId: string;
  readonly tool: string;
  readonly command: string;
  readonly effect?: string;
  /** The grant by which it ran unasked. */
  readonly grantId?: string;
  readonly outcome: string;
  readonly isError: boolean;
  readonly exitCode?: number;
  readonly durationMs: number;
  readonly output?: string;
}

/** Where the objects go. */
export interface JsonViewOptions {
  readonly form: 'json' | 'jsonl';
  readonly stdout: Output;
  readonly stderr: Output;
  readonly monotonic: () => number;
}

/** A line this long is handed on as it is. */
const longUnits = 65_536;

/** Standard output carries JSON alone: `jsonl` each event as it happens, `json` one object at the end. Words go to standard error. */
export function createJsonView({ form, stdout, stderr, monotonic }: JsonViewOptions): RunView {
  const line = (value: unknown): void => {
    const text = jsonText(value);
    if (text.length < longUnits) return stdout.write(`${text}\n`);
    stdout.write(text); // with the line's end it would be copied once more
    stdout.write('\n');
  };
  const say = (text: string): void => stderr.write(`${text}\n`);
  const common = { say, folds: createFolds(), byGrant: () => undefined, offerUnfolding: () => undefined };
  if (form === 'jsonl') return { ...common, show: line };
  const collect = collector(monotonic);
  return {
    ...common,
    show: (event) => {
      const answer = collect(event);
      if (answer !== undefined) line(answer);
    },
  };
}

/** Collects the events of a run; gives the object at its end or its parking. */
function collector(monotonic: () => number): (event: AgentEvent) => JsonAnswer | undefined {
  let start: Extract<AgentEvent, { type: 'run-start' }> | undefined;
  let began = monotonic();
  let used: string | undefined;
  let text = '';
  const starts = new Map<string, Extract<AgentEvent, { type: 'tool-start' }>>();
  let tools: readonly JsonCall[] = [];
  const head = (event: AgentEvent): Pick<JsonAnswer, 'session' | 'runId' | 'model' | 'target' | 'durationMs' | 'tools'> => ({
    session: event.session,
    runId: event.runId,
    model: { ...(start?.settings.model ?? { provider: '', id: '' }), ...(used === undefined ? {} : { used }) },
    ...(start?.target === undefined ? {} : { target: placeOf(start.target) }),
    durationMs: Math.round(monotonic() - began),
    tools,
  });
  return (event) => {
    switch (event.type) {
      case 'run-start':
        start = event;
        began = monotonic();
        return undefined;
      case 'text-delta':
        text += event.text;
        return undefined;
      case 'tool-call':
      case 'message-discarded':
        text = '';
        return undefined;
      case 'turn-end':
        used = event.modelUsed ?? used;
        return undefined;
      case 'tool-start':
        starts.set(event.callId, event);
        return undefined;
      case 'tool-result':
        tools = [...tools, callOf(event, starts.get(event.callId))];
        return undefined;
      case 'run-parked':
        return {
          ...head(event),
          status: 'awaiting-approval',
          answer: text,
          usage: { inputTokens: 0, outputTokens: 0 },
          turns: 0,
          unanswered: 1,
        };
      case 'run-end': {
        const { outcome, usage, turns, unanswered, cost, context } = event;
        return {
          ...head(event),
          status: outcome.type,
          answer: 'answer' in outcome ? (outcome.answer ?? '') : text,
          ...errorOf(outcome),
          usage,
          ...(cost === undefined ? {} : { cost }),
          ...(context === undefined ? {} : { context }),
          turns,
          unanswered,
        };
      }
      default:
        return undefined;
    }
  };
}

function errorOf(outcome: Extract<AgentEvent, { type: 'run-end' }>['outcome']): Pick<JsonAnswer, 'error'> {
  switch (outcome.type) {
    case 'completed':
      return {};
    case 'limit':
      return { error: { code: `limit-${outcome.limit}`, message: `stopped at a limit (${outcome.limit})` } };
    case 'cancelled':
      return { error: { code: 'cancelled', message: outcome.reason } };
    case 'failed':
      return { error: { code: outcome.code, message: outcome.message } };
  }
}

function callOf(
  event: Extract<AgentEvent, { type: 'tool-result' }>,
  start: Extract<AgentEvent, { type: 'tool-start' }> | undefined,
): JsonCall {
  const { callId, tool, summary, outcome, isError, exitCode, durationMs, output } = event;
  return {
    callId,
    tool,
    command: summary ?? tool,
    ...(start === undefined ? {} : { effect: start.effect }),
    ...(start?.grantId === undefined ? {} : { grantId: start.grantId }),
    outcome,
    isError,
    ...(exitCode === undefined ? {} : { exitCode }),
    durationMs: Math.round(durationMs),
    ...(output === undefined ? {} : { output }),
  };
}

function placeOf({ context, server, user, namespace }: NonNullable<JsonAnswer['target']>): NonNullable<JsonAnswer['target']> {
  return { context, server, user, ...(namespace === undefined ? {} : { namespace }) };
}
