import type { ChatRequest } from '../chat-model.ts';
import type { Bilingual, Language } from '../language.ts';
import type { Message } from '../message.ts';
import type { ToolUse } from '../quirks.ts';
import { maxHeld } from './may-be-call.ts';
import { readTextCalls } from './read-text-calls.ts';
import { createTextGate, type TextGate } from './text-gate.ts';

/** Said once: the server sends calls as text, and they are read. */
export const readsCallText: Bilingual = {
  en: 'the model writes tool calls as text here: they are read as calls',
  zh: '此模型把工具调用写成了文本：按调用处理',
};

/** Said once: the server's calls do not work, and the answer that showed it is void. */
export const callsDoNotWork: Bilingual = {
  en: 'the tool calls of this server do not work (the model writes them into its words): asking again with tools described in the prompt',
  zh: '此服务器的工具调用不起作用（模型把调用写进了文字）：改为在提示词中描述工具并重新提问',
};

/** Said once: the server refused tools. */
export const describesTools: Readonly<Record<Language, (model: string) => string>> = {
  en: (model) => `${model} offers no tool calls here: going on with tools described in the prompt`,
  zh: (model) => `${model} 在此不支持工具调用：改为在提示词中描述工具`,
};

/** The gate for the answer to a request: where tools are offered, a text that is a call is one; in the shim, prose may stand before it. */
export function gateFor({ tools = [], toolChoice, messages }: ChatRequest, toolUse: ToolUse): TextGate | undefined {
  const offered = toolChoice === 'none' ? [] : tools;
  const results = resultsOf(messages);
  if (toolUse !== 'shim') return offered.length === 0 ? undefined : createTextGate({ tools: offered, where: 'nothing-else', results });
  const taught = offered.length > 0 || messages.some(({ role }) => role === 'tool');
  return taught ? createTextGate({ tools: offered, where: 'anywhere', results }) : undefined;
}

/** Whether calls of offered tools stand amid the words of an answer. */
export function hasCallsAmidWords(text: string, { tools = [], toolChoice, messages }: ChatRequest): boolean {
  if (tools.length === 0 || toolChoice === 'none') return false;
  return readTextCalls(text.slice(0, maxHeld), { tools, where: 'anywhere', results: resultsOf(messages) }).type === 'calls';
}

/** What others may have written: outputs of tools, and what people pipe in and paste. */
function resultsOf(messages: readonly Message[]): readonly string[] {
  return messages.flatMap((message) =>
    message.role === 'tool' || (message.role === 'user' && message.origin !== 'program') ? [message.content] : [],
  );
}
