import type { ChatRequest, Message, ToolSpec, Usage } from '@kw/providers';
import { raceAbort } from '../async/race-abort.ts';
import { type CompactionPlan, planCompaction } from '../compact/plan.ts';
import { defined } from '../defined.ts';
import type { ContextUse } from '../entry.ts';
import { historyOf } from '../log/history.ts';
import { contextUse } from '../prompt/context-use.ts';
import { createTokenCounter } from '../prompt/message-cost.ts';
import { fitToBudget } from '../prompt/fit.ts';
import { systemPrompt } from '../prompt/system-prompt.ts';
import type { Tool } from '../tool.ts';
import type { RunScope } from './scope.ts';

/** Makes the messages of each request of a run. */
export interface PromptBuilder {
  /** What the model is told of today's tools, in their order; the same array as long as they are the same. */
  tools(): readonly ToolSpec[];
  request(tools: readonly ToolSpec[]): Promise<BuiltRequest>;
  /** The old turns that should become a summary; undefined where nothing is gained. */
  plan(): CompactionPlan | undefined;
  /** The vendor found a request too long: the next ones take less. */
  tooLong(request: BuiltRequest): void;
  /** No summary could be had: texts are cut from now on. */
  giveUp(): void;
  /** Tokens that a request may take at most. */
  window(): number;
  /** How the last request used the window; undefined where none was made. */
  use(usage: Usage): ContextUse | undefined;
}

/** A request that fits the window. */
export interface BuiltRequest {
  readonly request: ChatRequest;
  readonly use: ContextUse;
  /** Messages that were left out. */
  readonly dropped: number;
}

/** How long the first request waits for the server's version. */
const versionWaitMs = 300;
/** Share of the window that is left for the answer at most. */
const answerShare = 0.25;
/** Share of what was sent that is used after the vendor said that it was too long. */
const shrunk = 0.6;
/** Share of the window in which the newest turns stay as they are when older ones are summarised. */
const keptShare = 0.35;

/** Makes a builder; its instructions are the same bytes for the whole run. */
export function createPromptBuilder(scope: RunScope): PromptBuilder {
  const { model, ledger, runId } = scope;
  const counter = createTokenCounter();
  let system: Promise<Message> | undefined;
  // Vendors tell their window with a refusal, and the model learns it; where they do not, it is guessed.
  let most = Number.POSITIVE_INFINITY;
  const windowNow = (): number => Math.min(model.limits.contextWindow, most);
  const reserveOf = (window: number): number => Math.min(model.limits.maxOutputTokens, Math.floor(window * answerShare));
  let last: ContextUse | undefined;
  let givenUp = false;

  const build = async (tools: readonly ToolSpec[]): Promise<BuiltRequest> => {
    system ??= instructions(scope).then((content) => ({ role: 'system', content }));
    const window = windowNow();
    const instruction = await system;
    const history = joinUsers(historyOf(ledger.entries(), ledger.view().compaction));
    const answerReserve = reserveOf(window);
    const limits = { ...model.limits, contextWindow: window };
    const fitted = fitToBudget({ messages: [instruction, ...history], tools, limits, answerReserve, counter });
    if (ledger.view().current?.runId !== runId) scope.signal.throwIfAborted();
    const messages = fitted.messages.map(scope.redactMessage);
    const use = contextUse({ messages, tools, window, answerReserve, counter });
    return { request: tools.length === 0 ? { messages } : { messages, tools }, use, dropped: fitted.dropped };
  };

  let specs: readonly ToolSpec[] = [];
  let specified: readonly Tool[] = [];
  return {
    tools: () => {
      const tools = scope.tools();
      if (tools.length !== specified.length || tools.some((tool, at) => tool !== specified[at]))
        specs = tools.map(({ name, description, parameters }) => ({ name, description, parameters })).toSorted(byName);
      specified = tools;
      return specs;
    },
    request: async (tools) => {
      const built = await build(tools);
      last = built.use;
      return built;
    },
    plan: () => {
      if (givenUp) return undefined;
      const window = windowNow();
      const keepTokens = Math.floor(window * keptShare);
      return planCompaction({ entries: ledger.entries(), compaction: ledger.view().compaction, keepTokens, window });
    },
    tooLong: ({ use }) => {
      const sent = use.system + use.tools + use.history + use.results;
      const now = windowNow();
      if (now - reserveOf(now) >= sent)
        most = Math.floor(sent * shrunk) + Math.min(model.limits.maxOutputTokens, Math.floor((sent * shrunk) / 3));
    },
    giveUp: () => {
      givenUp = true;
    },
    window: windowNow,
    use: ({ inputTokens, cachedInputTokens }) => {
      if (last === undefined || cachedInputTokens === undefined || inputTokens === 0) return last;
      return { ...last, cachedShare: Math.round((cachedInputTokens / inputTokens) * 1_000) / 1_000 };
    },
  };
}

async function instructions(scope: RunScope): Promise<string> {
  const { start, startedAt } = scope.ledger.run(scope.runId);
  const { settings, target } = start;
  const serverVersion = target === undefined ? undefined : await versionOf(scope);
  const tools = scope.tools().toSorted(byName);
  return scope.redactor.text(
    systemPrompt({ policy: settings.policy, tools, now: startedAt, ...defined({ target, serverVersion, language: settings.language }) }),
  );
}

async function versionOf(scope: RunScope): Promise<string | undefined> {
  const limit = new AbortController();
  const signal = AbortSignal.any([scope.signal, limit.signal]);
  const asked = scope.openTarget().then(
    (target) => target?.serverVersion?.(signal),
    () => undefined, // a cluster that cannot be reached is told by the first call
  );
  const late = scope.clock.sleep(versionWaitMs, signal).then(() => undefined);
  try {
    return await raceAbort(Promise.race([asked.catch(() => undefined), late]), scope.signal);
  } finally {
    limit.abort();
  }
}

/** Tools in the order in which models see them. */
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Neighbouring messages of users become one: some models want question and answer in turn. It is a person's as soon as a part of it is. */
function joinUsers(messages: readonly Message[]): readonly Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.role === 'user' && message.role === 'user')
      joined[joined.length - 1] = {
        ...last,
        content: `${last.content}\n\n${message.content}`,
        ...(last.origin === 'program' && message.origin === 'person' ? { origin: 'person' } : {}),
      };
    else joined.push(message);
  }
  return joined;
}
