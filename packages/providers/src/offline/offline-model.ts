import type { ChatModel, ChatRequest, ModelEvent } from '../chat-model.ts';
import type { AssistantPart, Message, ToolCall } from '../message.ts';
import { toolCallsOf } from '../message.ts';
import { parseIntent } from './intent.ts';
import { answerOf } from './plan.ts';
import type { Printed } from './read.ts';
import { wordsFor } from './words.ts';

/** The tool by which the rules look at a cluster. */
const tool = 'kubectl';
const window = 1_000_000;

/**
 * A chat model of rules: it needs no key, no network and no cluster of its own, and works through the same tools and approvals as any other model.
 * It understands common questions in English and Chinese, and says that its answer is one by rules.
 */
export function offlineModel(): ChatModel {
  return { provider: 'offline', id: 'rules', limits: { contextWindow: window, maxOutputTokens: 16_384 }, stream };
}

async function* stream(request: ChatRequest, options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<ModelEvent, void> {
  options.signal?.throwIfAborted();
  const { question, printed } = sinceQuestion(request.messages);
  const words = wordsFor(question);
  const missing: string[] = [];
  const answer = answerOf(
    parseIntent(question),
    (command) => {
      const known = printed.get(command);
      if (known === undefined && !missing.includes(command)) missing.push(command);
      return known;
    },
    words,
  );
  const canAsk = request.toolChoice !== 'none' && request.tools?.some(({ name }) => name === tool) === true;
  if (missing.length > 0 && canAsk) {
    yield* finish(missing.map((command, index) => toCall(command, printed.size + index, request.messages.length)));
    return;
  }
  const text = [...(missing.length > 0 ? [words.stopped] : []), answer, words.signature].filter((part) => part !== '').join('\n\n');
  yield { type: 'text-delta', text };
  yield* finish([{ type: 'text', text }]);
}

function toCall(command: string, index: number, turn: number): ToolCall {
  return { type: 'tool-call', id: `rule_${turn}_${index}`, name: tool, arguments: JSON.stringify({ command }) };
}

function* finish(content: readonly AssistantPart[]): Generator<ModelEvent, void> {
  for (const part of content) if (part.type === 'tool-call') yield part;
  const isAnswer = content.every((part) => part.type === 'text');
  yield {
    type: 'finish',
    reason: isAnswer ? 'stop' : 'tool-calls',
    message: { role: 'assistant', content },
    usage: { inputTokens: 0, outputTokens: 0, estimated: true },
  };
}

/** The person's last question, and what the commands printed that were run since. */
function sinceQuestion(messages: readonly Message[]): { readonly question: string; readonly printed: ReadonlyMap<string, Printed> } {
  const at = messages.findLastIndex((message) => message.role === 'user' && message.origin !== 'program');
  const asked = messages[at];
  const commands = new Map<string, string>();
  const printed = new Map<string, Printed>();
  for (const message of messages.slice(at + 1)) {
    if (message.role === 'assistant') for (const call of toolCallsOf(message)) commands.set(call.id, commandOf(call));
    if (message.role === 'tool') printed.set(commands.get(message.callId) ?? '', { text: message.content, isError: message.isError });
  }
  return { question: asked?.role === 'user' ? asked.content : '', printed };
}

function commandOf(call: ToolCall): string {
  const value: unknown = JSON.parse(call.arguments);
  return typeof value === 'object' && value !== null && 'command' in value ? String(value.command) : '';
}
