import type { AssistantMessage, Entry, StoredEntry, ToolCall, Usage } from '@kw/agent';
import type { SessionCall, SessionRun, SessionStep } from './sessions-api.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

interface RunDraft extends Draft<Omit<SessionRun, 'calls' | 'steps'>> {
  readonly calls: Map<string, Draft<SessionCall>>;
  readonly steps: SessionStep[];
  /** Calls by the question about them. */
  readonly asked: Map<string, string>;
}

const noUsage: Usage = { inputTokens: 0, outputTokens: 0 };

/** What a session's log says to people: one run after the other. Entries of newer programs are skipped. */
export function transcriptOf(entries: readonly StoredEntry[]): readonly SessionRun[] {
  const runs = new Map<string, RunDraft>();
  for (const { entry, at } of entries) {
    if (entry.type === 'run-start' && !runs.has(entry.runId)) runs.set(entry.runId, newRun(entry, at));
    const run = runs.get(entry.runId);
    if (run !== undefined) add(run, entry, at);
  }
  return [...runs.values()].map((draft) => {
    const { asked: _, ...run } = draft;
    return { ...run, calls: [...run.calls.values()] };
  });
}

function newRun({ runId, message, settings, target }: Extract<Entry, { type: 'run-start' }>, at: number): RunDraft {
  return {
    runId,
    question: message.content,
    model: settings.model,
    ...(target === undefined ? {} : { target }),
    startedAt: at,
    answer: '',
    turns: 0,
    usage: noUsage,
    calls: new Map(),
    steps: [],
    asked: new Map(),
  };
}

function add(run: RunDraft, entry: Entry, at: number): void {
  switch (entry.type) {
    case 'assistant-message':
      run.turns += 1;
      run.usage = sumOf(run.usage, entry.usage);
      addMessage(run, entry.message, at);
      return;
    case 'message-discarded':
      if (entry.usage !== undefined) run.usage = sumOf(run.usage, entry.usage);
      return;
    case 'approval-request':
      if (entry.request.question === true) return; // what a running call asks is not the call
      run.asked.set(entry.request.approvalId, entry.request.callId);
      update(run, entry.request.callId, { effect: entry.request.effect, command: entry.request.summary, decision: 'asked' });
      return;
    case 'approval-response': {
      const { approvalId, decision, by } = entry.response;
      update(run, run.asked.get(approvalId) ?? '', { answer: { decision, ...(by === undefined ? {} : { by }) } });
      return;
    }
    case 'tool-intent':
      update(run, entry.callId, { effect: entry.effect, command: entry.summary, decision: entry.decidedBy });
      if (entry.approvalId !== undefined) update(run, entry.callId, { decidedBy: entry.decidedBy });
      if (entry.grantId !== undefined) update(run, entry.callId, { grantId: entry.grantId });
      return;
    case 'tool-result':
      addResult(run, entry);
      return;
    case 'run-end':
      run.endedAt ??= at;
      run.outcome ??= entry.outcome;
      if (entry.cost !== undefined) run.cost = entry.cost;
      if ('answer' in entry.outcome && entry.outcome.answer !== undefined) run.answer = entry.outcome.answer;
      return;
    case 'context-compacted':
      if (entry.usage !== undefined) run.usage = sumOf(run.usage, entry.usage);
      return;
    case 'run-start':
    case 'notice':
    case 'grant-revoked':
    case 'program-message':
    case 'retry':
    case 'run-parked':
    case 'run-resumed':
    case 'cancel-request':
      return;
  }
}

function addMessage(run: RunDraft, { content }: AssistantMessage, at: number): void {
  for (const part of content) {
    if (part.type === 'text' && part.text.trim() !== '') {
      run.steps.push({ type: 'text', text: part.text, at });
      run.answer = part.text;
    }
    if (part.type !== 'tool-call') continue;
    run.steps.push({ type: 'call', callId: part.id, at });
    run.calls.set(part.id, newCall(part));
  }
}

function newCall({ id, name, arguments: written }: ToolCall): Draft<SessionCall> {
  return { callId: id, tool: name, command: `${name} ${written}`, decision: '', outcome: 'open' };
}

function addResult(run: RunDraft, entry: Extract<Entry, { type: 'tool-result' }>): void {
  const { message, outcome, effect, summary, exitCode, durationMs, output, outputBytes } = entry;
  const before = run.calls.get(message.callId);
  const ran = before !== undefined && before.decision !== '' && before.decision !== 'asked';
  update(run, message.callId, {
    outcome,
    durationMs,
    ...(ran ? {} : { decision: firstLine(message.content) }),
    ...(effect === undefined ? {} : { effect }),
    ...(summary === undefined ? {} : { command: summary }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(output === undefined ? {} : { output }),
    ...(outputBytes === undefined ? {} : { outputBytes }),
  });
}

function update(run: RunDraft, callId: string, fields: Partial<SessionCall>): void {
  const call = run.calls.get(callId);
  if (call !== undefined) Object.assign(call, fields);
}

const maxReasonCharacters = 200;

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, maxReasonCharacters);
}

/** The sum of two usages; estimated where one of them is. */
export function sumOf(a: Usage, b: Usage): Usage {
  return {
    ...a,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ...(a.estimated === true || b.estimated === true ? { estimated: true } : {}),
  };
}
