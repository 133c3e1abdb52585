import type { Message, ToolSpec } from '@kw/providers';
import { estimateTokens } from './estimate.ts';

/** What a message's frame costs: role, separators, ids. */
const frameTokens = 6;

/** A careful guess of a message's tokens. */
export function messageTokens(message: Message): number {
  if (message.role !== 'assistant')
    return frameTokens + estimateTokens(message.content) + (message.role === 'tool' ? estimateTokens(message.name) + 8 : 0);
  return message.content.reduce((sum, part) => {
    switch (part.type) {
      case 'text':
        return sum + estimateTokens(part.text);
      case 'reasoning':
        return sum + estimateTokens(part.text) + (part.vendor === undefined ? 0 : estimateTokens(JSON.stringify(part.vendor)));
      case 'tool-call':
        return (
          sum +
          12 +
          estimateTokens(part.name) +
          estimateTokens(part.arguments) +
          (part.vendor === undefined ? 0 : estimateTokens(JSON.stringify(part.vendor)))
        );
    }
  }, frameTokens);
}

/** Counts messages and tools; each object once. */
export interface TokenCounter {
  message(message: Message): number;
  tools(tools: readonly ToolSpec[]): number;
}

/** Makes a counter that remembers what it has counted. */
export function createTokenCounter(): TokenCounter {
  const messages = new WeakMap<Message, number>();
  const lists = new WeakMap<readonly ToolSpec[], number>();
  return {
    message: (message) => counted(messages, message, messageTokens),
    tools: (tools) => counted(lists, tools, toolTokens),
  };
}

function counted<T extends object>(known: WeakMap<T, number>, value: T, count: (value: T) => number): number {
  const tokens = known.get(value) ?? count(value);
  known.set(value, tokens);
  return tokens;
}

/** A careful guess of what the tools' descriptions cost. */
export function toolTokens(tools: readonly ToolSpec[]): number {
  return tools.reduce(
    (sum, { name, description, parameters }) =>
      sum + 10 + estimateTokens(name) + estimateTokens(description) + estimateTokens(JSON.stringify(parameters)),
    tools.length === 0 ? 0 : 12,
  );
}
