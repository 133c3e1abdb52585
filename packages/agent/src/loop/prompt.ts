import type { Message, ToolSpec } from '@kw/providers';
import { raceAbort } from '../async/race-abort.ts';
import { defined } from '../defined.ts';
import { historyOf } from '../log/history.ts';
import { fitToBudget } from '../prompt/fit.ts';
import { systemPrompt } from '../prompt/system-prompt.ts';
import type { RunScope } from './scope.ts';

/** Makes the messages of each request of a run. */
export interface PromptBuilder {
  /** `shrink` is the share of the window that may be used, below 1 after the vendor said that it was too much. */
  messages(options: { readonly tools: readonly ToolSpec[]; readonly shrink: number }): Promise<readonly Message[]>;
}

/** How long the first request waits for the server's version. */
const versionWaitMs = 300;
/** Share of the window that is left for the answer at most. */
const answerShare = 0.25;

/** Makes a builder; its instructions are the same bytes for the whole run. */
export function createPromptBuilder(scope: RunScope): PromptBuilder {
  const { model, ledger, runId } = scope;
  let system: Promise<string> | undefined;
  return {
    messages: async ({ tools, shrink }) => {
      system ??= instructions(scope);
      const content = await system;
      const history = joinUsers(historyOf(ledger.entries()));
      const contextWindow = Math.floor(model.limits.contextWindow * shrink);
      const answerReserve = Math.min(model.limits.maxOutputTokens, Math.floor(contextWindow * answerShare));
      const limits = { ...model.limits, contextWindow };
      const fitted = fitToBudget({ messages: [{ role: 'system', content }, ...history], tools, limits, answerReserve });
      if (ledger.view().current?.runId !== runId) scope.signal.throwIfAborted();
      return fitted.messages.map(scope.redactMessage);
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
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Neighbouring messages of users become one: some models want question and answer in turn. */
function joinUsers(messages: readonly Message[]): readonly Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.role === 'user' && message.role === 'user')
      joined[joined.length - 1] = { ...last, content: `${last.content}\n\n${message.content}` };
    else joined.push(message);
  }
  return joined;
}
