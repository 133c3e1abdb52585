import type { ChatRequest } from '../chat-model.ts';
import { checkHistory } from '../check-history.ts';
import type { AssistantMessage, Message, ToolCall, ToolResultMessage } from '../message.ts';
import { isJsonObject, parseJson } from '../parse-json.ts';
import { describeTools } from './describe-tools.ts';

/**
 * A request for a server without tool calls: the tools stand in the system's message, earlier calls and their results
 * are text, and user and assistant take turns. Throws KwError `invalid-history` as the request itself would.
 */
export function shimRequest({ tools = [], toolChoice, ...request }: ChatRequest): ChatRequest {
  checkHistory(request.messages);
  const offered = toolChoice === 'none' ? [] : tools;
  const used = request.messages.some((message) => message.role === 'tool');
  const messages = joinUsers(request.messages.map(toText));
  return { ...request, messages: offered.length > 0 || used ? withTools(messages, describeTools(offered)) : messages };
}

function toText(message: Message): Message {
  switch (message.role) {
    case 'system':
    case 'user':
      return message;
    case 'tool':
      return { role: 'user', content: resultText(message) };
    case 'assistant':
      return answerText(message);
  }
}

function answerText({ content }: AssistantMessage): AssistantMessage {
  const reasoning = content.filter((part) => part.type === 'reasoning');
  const text = content
    .filter((part) => part.type !== 'reasoning')
    .map((part) => (part.type === 'text' ? part.text : callText(part)))
    .filter((piece) => piece !== '')
    .join('\n');
  return { role: 'assistant', content: text === '' ? reasoning : [...reasoning, { type: 'text', text }] };
}

function callText({ name, arguments: text }: ToolCall): string {
  const given = isJsonObject(parseJson(text)) ? text : JSON.stringify(text);
  return `<tool_call>\n{"name": ${JSON.stringify(name)}, "arguments": ${given}}\n</tool_call>`;
}

function resultText({ name, content, isError }: ToolResultMessage): string {
  const failed = isError ? ' error="true"' : '';
  return `<tool_response name="${name.replace(/[^\w.:-]/g, '_')}"${failed}>\n${withoutTags(content)}\n</tool_response>`;
}

/** What others wrote can neither end its result nor look like a call. */
function withoutTags(text: string): string {
  return text.replace(/<(?=\/?(?:tool_response|tool_call|function[=\s]))/gi, '&lt;');
}

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

function withTools(messages: readonly Message[], description: string): readonly Message[] {
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content: description }, ...messages];
  return [{ role: 'system', content: `${first.content}\n\n${description}` }, ...rest];
}
