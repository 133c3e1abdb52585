import type { ChatRequest, Usage } from './chat-model.ts';
import type { AssistantMessage, Message } from './message.ts';

const tokensPerMessage = 4;

/** A cautious count of the tokens of a text: four Latin letters, or about one letter of any other script, a token. */
export function estimateTokens(text: string): number {
  let wide = 0;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x2e7f) wide++;
  return Math.ceil((text.length - wide) / 4 + wide);
}

/** The usage of a request whose vendor sent none; marked as estimated. */
export function estimateUsage(request: ChatRequest, answer: AssistantMessage): Usage {
  const history = request.messages.reduce((sum, message) => sum + estimateMessage(message), 0);
  const tools = request.tools === undefined || request.tools.length === 0 ? 0 : estimateTokens(JSON.stringify(request.tools));
  return { inputTokens: history + tools, outputTokens: estimateMessage(answer), estimated: true };
}

function estimateMessage(message: Message): number {
  if (message.role !== 'assistant') return tokensPerMessage + estimateTokens(message.content);
  return message.content.reduce(
    (sum, part) => sum + estimateTokens(part.type === 'tool-call' ? part.name + part.arguments : part.text),
    tokensPerMessage,
  );
}
