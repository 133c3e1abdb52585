import type { CallServer } from '@kw/mcp';
import type { Bilingual } from './bilingual-error.ts';
import type { McpQuestion } from './mcp.ts';

/** Questions that nobody could be asked: told to the calls during which they came. */
export interface Declined {
  /** Tells the calls under way; gives the same for people. */
  readonly tell: (question: McpQuestion) => Bilingual;
  readonly around: (call: CallServer) => CallServer;
}

/** Of what was asked, in what is told. */
const shownUnits = 200;

/** Makes the book of the calls under way at each server. */
export function createDeclined(): Declined {
  const listening = new Map<string, ReadonlySet<(text: string) => void>>();
  return {
    tell: ({ server, message }) => {
      const [name, asked] = [JSON.stringify(server), JSON.stringify(message.slice(0, shownUnits))];
      const en = `MCP server ${name} asked for the user's answer, and here nobody can be asked, so it was declined: ${asked}. In a terminal the question is put to the user.`;
      for (const listener of listening.get(server) ?? []) listener(en);
      return { en, zh: `MCP 服务 ${name} 请求用户回答，但此处无人可问，已拒绝：${asked}。在终端中会向用户提问。` };
    },
    around: (call) => async (named, request, options) => {
      const server = named.upstream.config.name;
      const { onNote } = options;
      listening.set(server, new Set([...(listening.get(server) ?? []), onNote]));
      try {
        return await call(named, request, options);
      } finally {
        listening.set(server, new Set([...(listening.get(server) ?? [])].filter((each) => each !== onNote)));
      }
    },
  };
}
