import type { Entry } from '@kw/agent';
import type { AppendFile } from './append-file.ts';
import type { ModelRequest, Observer } from './observer.ts';
import type { TraceValue } from './trace-record.ts';
import { renderRecord } from './trace-record.ts';

type Fields = Readonly<Record<string, TraceValue>>;

/** What a trace is written with. */
export interface TraceOptions {
  readonly file: AppendFile;
  readonly redact: (text: string) => string;
  readonly language: 'en' | 'zh';
  readonly now?: () => number;
  /** Told once where nothing more can be written; the program goes on. */
  readonly onProblem: (message: string) => void;
}

/** Follows the log and writes one YAML document for each thing that happened. */
export function traceObserver({ file, redact, language, now = Date.now, onProblem }: TraceOptions): Observer {
  let broken = false;
  const write = (at: number, type: string, fields: Fields): void => {
    if (broken) return;
    try {
      file.write(renderRecord({ time: new Date(at).toISOString(), type, ...redacted(fields, redact) }));
    } catch (error) {
      broken = true;
      const said = error instanceof Error ? error.message : String(error);
      onProblem(language === 'zh' ? `跟踪到此为止：${said}` : `the trace ends here: ${said}`);
    }
  };
  return {
    entry: (session, { at, entry }) => {
      for (const [type, fields] of recordsOf(entry)) write(at, type, { session, run: entry.runId, ...fields });
    },
    request: (request) => write(now(), 'model-request', requestOf(request)),
    exchange: () => undefined, // the model's request says it all
    close: () => file.close(),
  };
}

function requestOf({ usage, ...request }: ModelRequest): Fields {
  return { ...request, ...(usage === undefined ? {} : { usage: { ...usage } }) };
}

function recordsOf(entry: Entry): readonly (readonly [type: string, fields: Fields])[] {
  switch (entry.type) {
    case 'run-start': {
      const { settings, target, message } = entry;
      const cluster =
        target === undefined
          ? undefined
          : { server: target.server, context: target.context, user: target.user, namespace: target.namespace };
      return [['run-start', { query: message.content, model: { ...settings.model }, permissions: settings.policy.mode, cluster }]];
    }
    case 'assistant-message': {
      const { message, turn, finish, usage, modelUsed } = entry;
      const text = message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
      const calls = message.content.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
      return [
        ['model-response', { turn, finish, modelUsed, usage: { ...usage }, ...(text === '' ? {} : { text }) }],
        ...calls.map((call) => ['tool-request', { call: call.id, tool: call.name, arguments: call.arguments }] as const),
      ];
    }
    case 'tool-intent': {
      const { callId, tool, summary, effect, traits, reasons, decidedBy } = entry;
      return [['tool-start', { call: callId, tool, command: summary, effect, traits, reasons, decision: decidedBy }]];
    }
    case 'tool-result': {
      const { message, outcome, effect, exitCode, durationMs, output, outputBytes } = entry;
      const facts = { outcome, effect, exitCode, durationMs: Math.round(durationMs), output, outputBytes };
      return [['tool-response', { call: message.callId, tool: message.name, ...facts, content: message.content }]];
    }
    case 'approval-request': {
      const { approvalId, callId, tool, summary, effect, reasons } = entry.request;
      return [['approval-request', { approval: approvalId, call: callId, tool, command: summary, effect, reasons }]];
    }
    case 'approval-response': {
      const { approvalId, decision, reason } = entry.response;
      return [['approval-response', { approval: approvalId, decision, reason }]];
    }
    case 'message-discarded':
      return [['message-discarded', { code: entry.code, reason: entry.reason, text: entry.text }]];
    case 'program-message':
      return [['program-message', { purpose: entry.purpose, text: entry.message.content }]];
    case 'retry':
      return [['retry', { attempt: entry.attempt, delayMs: entry.delayMs, code: entry.code, message: entry.message }]];
    case 'run-parked':
      return [['run-parked', { approval: entry.approvalId }]];
    case 'run-resumed':
      return [['run-resumed', { because: entry.because }]];
    case 'cancel-request':
      return [['cancel-request', { reason: entry.reason }]];
    case 'run-end':
      return [['run-end', { outcome: { ...entry.outcome }, turns: entry.turns, usage: { ...entry.usage } }]];
    default:
      return [];
  }
}

function redacted(fields: Fields, redact: (text: string) => string): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, redactedValue(value, redact)]));
}

function redactedValue(value: TraceValue, redact: (text: string) => string): TraceValue {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object') return value;
  return isList(value) ? value.map((text) => redact(text)) : redacted(value, redact);
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}
