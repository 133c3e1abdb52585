import { nearNames } from '@kw/runtime';

const names = [
  'help',
  'models',
  'model',
  'tools',
  'version',
  'reset',
  'clear',
  'exit',
  'quit',
  'sessions',
  'session',
  'resume',
  'compact',
  'status',
  'grants',
  'revoke',
  'show',
] as const;

/** A command of the conversation itself. */
export type MetaName = (typeof names)[number];

/** The names of the commands, for completion. */
export const metaNames: readonly MetaName[] = names;

/** What a line is, told apart by `type`. */
export type Line =
  | { readonly type: 'meta'; readonly name: MetaName; readonly argument: string }
  /** It begins with a slash, but there is no such command. */
  | { readonly type: 'unknown'; readonly word: string; readonly near?: string }
  | { readonly type: 'question'; readonly text: string }
  | { readonly type: 'empty' };

/** What may follow a name without a slash; a line with anything else after it is a question. */
const argumentsOf = new Map<string, RegExp>([
  ['model', /^[\w][\w./:@+-]*$/],
  ['resume', /^(?:latest|(?:session_)?\d+|session_[\w-]+)$/],
  ['revoke', /^#?\d+$/],
  ['show', /^(?:#?\d+(?: (?:all|\/.+))?|thinking)$/],
]);

/** Reads a line: a command where it is nothing but that, with or without a slash; else a question. */
export function parseLine(input: string): Line {
  const text = input.trim();
  if (text === '') return { type: 'empty' };
  const slashed = text.startsWith('/');
  const line = slashed ? text.slice(1) : text;
  const [, word = '', rest = ''] = /^(\S*)\s*([^]*)$/.exec(line) ?? [];
  const argument = rest.trim();
  const name = names.find((one) => one === word.toLowerCase()) ?? (text === '?' ? 'help' : undefined);
  if (name !== undefined && (argument === '' || slashed || argumentsOf.get(name)?.test(argument) === true))
    return { type: 'meta', name, argument: text === '?' ? '' : argument };
  // A path is no command: `/etc/hosts is empty, why?`
  if (!slashed || word === '' || !/^[a-z-]+$/i.test(word)) return { type: 'question', text };
  const [near] = nearNames(word, [...names]);
  return { type: 'unknown', word, ...(near === undefined ? {} : { near }) };
}
