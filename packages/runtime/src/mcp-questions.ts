import type { JsonObject, JsonValue } from '@kw/agent';
import type { CallServer, CallWays } from '@kw/mcp';
import type { Bilingual } from './bilingual-error.ts';
import type { McpQuestion } from './mcp.ts';

/** The questions of servers, and the calls during which they come. */
export interface Questions {
  /** A call that can be asked for, and told of, what its server wants to know. */
  readonly around: (call: CallServer) => CallServer;
  /** The answer of whoever follows the run: the fields, or undefined where it is declined, by a person or because nobody could be asked. */
  readonly ask: (question: McpQuestion) => Promise<JsonObject | undefined>;
  /** Waits for a person while the time limit of the server's call stands still. */
  readonly waiting: <T>(server: string, person: () => Promise<T>) => Promise<T>;
}

/** Takes what people should know of questions that nobody was asked. */
export type TellDeclined = (text: Bilingual) => void;

const shownUnits = 2_000;

/** Makes the book of calls under way. */
export function createQuestions(tell: TellDeclined): Questions {
  const calls = new Map<string, readonly CallWays[]>();
  const decline = (question: McpQuestion, why: Bilingual): undefined => {
    const text = declinedText(question, why);
    const during = calls.get(question.server) ?? [];
    // Of several calls, which may be of several people, only one is asked for: the others may not read the question.
    const note = during.length > 1 ? declinedText({ ...question, message: '' }, why) : text;
    for (const { onNote } of during) onNote(note.en);
    tell(text);
  };
  return {
    around: (call) => async (named, request, ways) => {
      const server = named.upstream.config.name;
      calls.set(server, [...(calls.get(server) ?? []), ways]);
      try {
        return await call(named, request, ways);
      } finally {
        calls.set(
          server,
          (calls.get(server) ?? []).filter((each) => each !== ways),
        );
      }
    },
    waiting: (server, person) => calls.get(server)?.at(-1)?.waiting(person) ?? person(),
    ask: async (question) => {
      const { server, message } = question;
      const [ways, ...others] = calls.get(server) ?? [];
      const { ask } = ways ?? {};
      const yes = fieldsOfYes(question.schema);
      if (ways === undefined || ask === undefined) return decline(question, nobodyHere);
      if (others.length > 0) return decline(question, oneOfSeveral);
      if ('missing' in yes) return decline(question, wantsText(yes.missing));
      const meaning = meaningOf(yes.fields);
      if (meaning.length > shownUnits || message.length > shownUnits) return decline(question, tooLong);
      const answer = await ways.waiting(() =>
        ask({
          text: `MCP server ${JSON.stringify(server)} asks: ${message}`,
          reasons: [meaning],
        }),
      );
      if (answer.type === 'yes') return yes.fields;
      return answer.type === 'no' ? undefined : decline(question, { en: answer.reason, zh: answer.reason });
    },
  };
}

const nobodyHere: Bilingual = { en: 'nobody can be asked here', zh: '此处无人可问' };

/** Protocols do not say for which call a server asks: the answer of one person may not be taken for that of another. */
const oneOfSeveral: Bilingual = {
  en: 'several calls of it are under way, and it does not say which of them wants to know',
  zh: '该服务有多个调用正在进行，而它未说明是哪一个在提问',
};

const tooLong: Bilingual = { en: 'it is too long to be read whole', zh: '内容过长，无法完整显示' };

function wantsText(names: readonly string[]): Bilingual {
  const fields = names.join(', ').slice(0, 200);
  return {
    en: `it wants more than a yes (${fields}), which only the terminal can give`,
    zh: `需要填写内容（${fields}），只有终端可以提供`,
  };
}

function meaningOf(fields: JsonObject): string {
  const given = Object.entries(fields).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return given.length === 0
    ? 'an approval tells the server yes, a denial no'
    : `an approval tells the server ${given.join(', ')}, a denial declines`;
}

function declinedText({ server, message }: McpQuestion, why: Bilingual): Bilingual {
  const name = JSON.stringify(server);
  const [en, zh] = message === '' ? ['', ''] : [`: ${JSON.stringify(message.slice(0, 200))}`, `：${JSON.stringify(message.slice(0, 200))}`];
  return {
    en: `MCP server ${name} asked for the user's answer, and it was declined, since ${why.en}${en}`,
    zh: `MCP 服务 ${name} 请求用户回答，已拒绝，原因：${why.zh}${zh}`,
  };
}

/** What a plain yes says: the only switch is on, anything else has its default; what must be given and has none is missing. */
function fieldsOfYes(schema: JsonObject): { readonly fields: JsonObject } | { readonly missing: readonly string[] } {
  const properties = Object.entries(membersOf(schema['properties'])).map(([name, property]) => ({ name, ...factsOf(property) }));
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const switches = properties.filter(({ isSwitch }) => isSwitch);
  const valueOf = ({ isSwitch, fallback }: (typeof properties)[number]): JsonValue | undefined =>
    isSwitch && switches.length === 1 ? true : fallback;
  const missing = properties.filter((property) => required.has(property.name) && valueOf(property) === undefined);
  if (missing.length > 0) return { missing: missing.map(({ name }) => name) };
  const fields = properties.flatMap((property): [string, JsonValue][] => {
    const value = valueOf(property);
    return value === undefined ? [] : [[property.name, value]];
  });
  return { fields: Object.fromEntries(fields) };
}

function factsOf(property: JsonValue): { readonly isSwitch: boolean; readonly fallback: JsonValue | undefined } {
  const { type, default: fallback } = membersOf(property);
  return { isSwitch: type === 'boolean', fallback };
}

function membersOf(value: JsonValue | undefined): JsonObject {
  return isMembers(value) ? value : {};
}

function isMembers(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
