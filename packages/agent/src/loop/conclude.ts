import { toolCallsOf, type AssistantMessage, type Finish, type ReasoningPart, type TextPart, type ToolCall } from '@kw/providers';
import { defined } from '../defined.ts';
import type { AssistantEntry, Entry, LimitName, ProgramMessageEntry, ProgramPurpose, RunCost, RunOutcome } from '../entry.ts';
import { addCost } from '../log/cost.ts';
import { addUsage } from '../log/usage.ts';
import type { RunView } from '../log/view.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { Answer } from './ask-model.ts';
import { findingsOf } from './findings.ts';
import { resultWithoutRun, runEnd } from './run-end.ts';
import { wordsFor } from './words.ts';

type Given = Extract<Answer, { type: 'answer' }>;
type CallText = Extract<Answer, { type: 'call-text' }>;

/** What a finished request adds to the log, all at once, and the arguments that the log does not hold as they are. */
export interface Conclusion {
  readonly entries: readonly Entry[];
  readonly raw: ReadonlyMap<string, string>;
}

/** What concluding needs beside the answer. */
export interface ConcludeScope {
  readonly redactor: Redactor;
  /** Ids that are taken. */
  readonly callIds: ReadonlySet<string>;
  /** What a request cost, where that is known. */
  readonly cost: (finish: Pick<Finish, 'usage' | 'modelUsed'>) => RunCost | undefined;
}

/** What the log learns from an answer: the message, and whether the run goes on, is corrected or ends. */
export function conclude(run: RunView, answer: Given | CallText, scope: ConcludeScope): Conclusion {
  const { entries, raw } = learned(run, answer, scope);
  return { entries: withCost(run, entries, scope.cost(answer.finish)), raw };
}

/** The cost stands with the message it was paid for, and in the end's sum. */
function withCost(run: RunView, entries: readonly Entry[], cost: RunCost | undefined): readonly Entry[] {
  const all = run.requests === 0 ? cost : addCost(run.cost, cost);
  return entries.map((entry) => {
    if (entry.type === 'run-end') {
      const { type, runId, outcome, usage, turns, unanswered } = entry;
      return { type, runId, outcome, usage, turns, unanswered, ...defined({ cost: all }) };
    }
    const isPaid = entry.type === 'assistant-message' || (entry.type === 'message-discarded' && entry.usage !== undefined);
    return isPaid ? { ...entry, ...defined({ cost }) } : entry;
  });
}

function learned(run: RunView, answer: Given | CallText, { redactor, callIds }: ConcludeScope): Conclusion {
  if (answer.type === 'call-text') return { entries: concludeCallText(run, answer), raw: new Map() };
  const calls = ownIds(toolCallsOf(answer.finish.message), run, callIds);
  const entry = entryOf(run, answer, { calls, redactor });
  const raw = new Map(calls.filter((call) => entry.redactedCalls?.includes(call.id) === true).map((call) => [call.id, call.arguments]));
  const discard = answer.discard === undefined ? [] : [answer.discard];
  const text = answer.parts
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('')
    .trim();
  if (run.lastAnswer !== undefined)
    return { entries: [...discard, ...lastAnswer(run, run.lastAnswer, { entry, calls, text })], raw: new Map() };
  if (calls.length > 0) return { entries: [...discard, entry, ...cutCalls(run, answer)], raw };
  if ((answer.finish.cutCalls ?? []).length > 0) return { entries: [...discard, entry, ...cutCalls(run, answer)], raw };
  if (text === '') return { entries: [...discard, ...empty(run, answer)], raw };
  return { entries: [...discard, entry, endWith(run, entry, finalOutcome(answer, text))], raw };
}

function finalOutcome({ finish }: Given, answer: string): RunOutcome {
  if (finish.partial === true)
    return {
      type: 'failed',
      code: 'answer-cut',
      message: 'the connection to the model broke off in the answer; what came is kept',
      answer,
    };
  return { type: 'completed', answer };
}

function entryOf(
  run: RunView,
  { finish, parts }: Given,
  { calls, redactor }: { readonly calls: readonly ToolCall[]; readonly redactor: Redactor },
): AssistantEntry {
  const redacted = calls.filter((call) => redactor.touches(call.arguments)).map((call) => call.id);
  const message: AssistantMessage = {
    role: 'assistant',
    content: [...parts, ...calls.map((call) => ({ ...call, name: redactor.text(call.name), arguments: redactor.text(call.arguments) }))],
  };
  return {
    type: 'assistant-message',
    runId: run.runId,
    turn: run.turns + 1,
    message,
    finish: finish.reason,
    usage: finish.usage,
    units: unitsOf(parts),
    ...defined({ modelUsed: finish.modelUsed, partial: finish.partial, redactedCalls: redacted.length === 0 ? undefined : redacted }),
  };
}

function unitsOf(parts: readonly (TextPart | ReasoningPart)[]): number {
  return parts.reduce((sum, part) => sum + part.text.length, 0);
}

/** Call ids are unique in the session, whatever the model sends. */
function ownIds(calls: readonly ToolCall[], run: RunView, taken: ReadonlySet<string>): readonly ToolCall[] {
  const used = new Set(taken);
  return calls.map((call, index) => {
    let id = call.id;
    for (let n = 0; id === '' || used.has(id); n += 1)
      id = `${call.id === '' ? 'call' : call.id}_${run.requests + 1}_${index}${n === 0 ? '' : `_${n}`}`;
    used.add(id);
    return { ...call, id };
  });
}

function say(run: RunView, purpose: ProgramPurpose, content: string): ProgramMessageEntry {
  return { type: 'program-message', runId: run.runId, purpose, message: { role: 'user', content, origin: 'program' } };
}

function cutCalls(run: RunView, { finish }: Given): readonly Entry[] {
  const names = (finish.cutCalls ?? []).map((call) => call.name);
  return names.length === 0 ? [] : [say(run, 'cut-call', wordsFor(run).cutCall(names))];
}

/** One more request; the second empty answer ends the run. */
function empty(run: RunView, { finish }: Given): readonly Entry[] {
  const filtered = finish.reason === 'content-filter';
  const code = filtered ? 'content-filter' : 'empty-answer';
  const reason = filtered ? 'the vendor filtered the answer' : 'the model returned nothing';
  const discard = { type: 'message-discarded', runId: run.runId, text: '', code, reason, usage: finish.usage } as const;
  if (!filtered && run.voidAnswers === 0) return [discard];
  const { provider, id } = run.start.settings.model;
  return [
    discard,
    runEnd(run, { type: 'failed', code, message: `${reason} (${provider}, ${id}): ask in other words or use another model` }),
  ];
}

function concludeCallText(run: RunView, { finish, text, name }: CallText): readonly Entry[] {
  const discard = {
    type: 'message-discarded',
    runId: run.runId,
    text,
    code: 'call-as-text',
    reason: `the model wrote a call of ${name} as text`,
    usage: finish.usage,
  } as const;
  if (run.lastAnswer !== undefined) return [discard, ...onceMore(run, run.lastAnswer)];
  return [discard, say(run, 'call-as-text', wordsFor(run).callAsText(name))];
}

interface Last {
  readonly entry: AssistantEntry;
  readonly calls: readonly ToolCall[];
  readonly text: string;
}

/** The request without tools: its text is the answer; calls in it are not run. */
function lastAnswer(run: RunView, limit: LimitName, { entry, calls, text }: Last): readonly Entry[] {
  const results = calls.map((call) =>
    resultWithoutRun(run.runId, { call }, { outcome: 'refused', content: 'not run: no tool can be called any more' }),
  );
  if (calls.length === 0 && text !== '') return [entry, endWith(run, entry, { type: 'limit', limit, answer: text })];
  return [entry, ...results, ...onceMore(run, limit, text)];
}

/** One more plain request, where the limit of requests allows it; else the best findings so far. */
function onceMore(run: RunView, limit: LimitName, text = ''): readonly Entry[] {
  const asked = run.said.some((said) => said.purpose === 'plain-answer');
  if (!asked && run.requests + 1 < run.start.settings.limits.iterations) return [say(run, 'plain-answer', wordsFor(run).plainAnswer)];
  const answer = text === '' ? wordsFor(run).noAnswer(limit, findingsOf(run)) : text;
  return [runEnd(run, { type: 'limit', limit, answer })];
}

/** The end together with the message that is appended with it. */
function endWith(run: RunView, entry: AssistantEntry, outcome: RunOutcome): Entry {
  const end = runEnd(run, outcome);
  return { ...end, turns: end.turns + 1, usage: addUsage(end.usage, entry.usage) };
}
