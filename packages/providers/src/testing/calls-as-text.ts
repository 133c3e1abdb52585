import type { ServerCall, ServerTurn } from './server-turn.ts';

/** How a server writes tool calls that it has no field for: in a fence, in Qwen's tags, or plain. */
export type CallText = 'fenced' | 'tagged' | 'plain';

/** A turn whose tool calls are text, cut into small deltas as models write them. */
export function withCallsAsText(turn: ServerTurn, form: CallText): ServerTurn {
  const { toolCalls = [], text = [], ...rest } = turn;
  if (toolCalls.length === 0) return turn;
  const before = typeof text === 'string' ? text : text.join('');
  const calls = toolCalls.map((call) => callText(call, form)).join('\n');
  return { ...rest, text: cut(before === '' ? calls : `${before}\n${calls}`), finishReason: turn.finishReason ?? 'stop' };
}

function callText({ name, arguments: given }: ServerCall, form: CallText): string {
  const json = `{"name": ${JSON.stringify(name)}, "arguments": ${typeof given === 'string' ? given : JSON.stringify(given)}}`;
  switch (form) {
    case 'fenced':
      return `\`\`\`json\n${json}\n\`\`\``;
    case 'tagged':
      return `<tool_call>\n${json}\n</tool_call>`;
    case 'plain':
      return json;
  }
}

const deltaUnits = 7;

function cut(text: string): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / deltaUnits) }, (_, at) => text.slice(at * deltaUnits, (at + 1) * deltaUnits));
}
