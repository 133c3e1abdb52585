import type { Message, ToolSpec } from '@kw/providers';
import type { ContextUse } from '../entry.ts';
import type { TokenCounter } from './message-cost.ts';

/** What a request takes of its window, by role. */
export function contextUse(request: {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  readonly window: number;
  readonly answerReserve: number;
  readonly counter: TokenCounter;
}): ContextUse {
  const { messages, tools, window, answerReserve, counter } = request;
  const of = (wanted: (message: Message) => boolean): number =>
    messages.reduce((sum, message) => (wanted(message) ? sum + counter.message(message) : sum), 0);
  return {
    window,
    system: of(({ role }) => role === 'system'),
    tools: counter.tools(tools),
    history: of(({ role }) => role === 'user' || role === 'assistant'),
    results: of(({ role }) => role === 'tool'),
    answerReserve,
  };
}
