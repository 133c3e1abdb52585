/** What a command string is: plain words, something only a shell may read, or not a command. */
export type Tokens =
  | { readonly type: 'words'; readonly words: readonly string[] }
  | { readonly type: 'shell'; readonly reason: string }
  | { readonly type: 'malformed'; readonly reason: string };

// Unquoted, each of these means something else than itself to a shell. The characters of file name patterns are left out: no
// shell runs what is read here, so `{.items[*].metadata.name}` and `/readyz?verbose` are handed to kubectl as they stand.
const metacharacters: ReadonlySet<string> = new Set(['|', '&', ';', '<', '>', '(', ')', '$', '`', '\n']);
const atWordStart: ReadonlySet<string> = new Set(['#', '~', '!']);
const escapableInDoubleQuotes: ReadonlySet<string> = new Set(['$', '`', '"', '\\']);

interface Reading {
  readonly words: string[];
  word: string | undefined;
  /** An unquoted brace was read in this word; with a comma or two dots after it, it makes several words. */
  hasBrace: boolean;
}

/** Reads a command string with POSIX quoting and nothing else; whatever a shell would expand or act on is left to the shell analysis. */
export function tokenize(command: string): Tokens {
  const text = command.replaceAll(/^[ \t\n]+|[ \t\n]+$/g, '');
  const reading: Reading = { words: [], word: undefined, hasBrace: false };
  let position = 0;
  while (position < text.length) {
    const character = text.charAt(position);
    if (character === ' ' || character === '\t') {
      endWord(reading);
      position += 1;
    } else if (character === "'") {
      const end = text.indexOf("'", position + 1);
      if (end < 0) return { type: 'malformed', reason: `the single quote at position ${position} is never closed` };
      reading.word = (reading.word ?? '') + text.slice(position + 1, end);
      position = end + 1;
    } else if (character === '"') {
      const quoted = readDoubleQuoted(text, position);
      if (quoted.type !== 'quoted') return quoted;
      reading.word = (reading.word ?? '') + quoted.value;
      position = quoted.end;
    } else if (character === '\\') {
      const next = text.charAt(position + 1);
      if (next === '') return { type: 'malformed', reason: 'the command ends with a backslash' };
      if (next !== '\n') reading.word = (reading.word ?? '') + next;
      position += 2;
    } else if (metacharacters.has(character) || (reading.word === undefined && atWordStart.has(character))) {
      return { type: 'shell', reason: `the unquoted ${JSON.stringify(character)} at position ${position} is for a shell` };
    } else if (reading.hasBrace && (character === ',' || (character === '.' && text.charAt(position - 1) === '.'))) {
      return { type: 'shell', reason: `the braces before position ${position} are for a shell` };
    } else {
      reading.hasBrace ||= character === '{';
      reading.word = (reading.word ?? '') + character;
      position += 1;
    }
  }
  endWord(reading);
  return { type: 'words', words: reading.words };
}

function endWord(reading: Reading): void {
  if (reading.word !== undefined) reading.words.push(reading.word);
  reading.word = undefined;
  reading.hasBrace = false;
}

type DoubleQuoted = { readonly type: 'quoted'; readonly value: string; readonly end: number } | Exclude<Tokens, { type: 'words' }>;

function readDoubleQuoted(text: string, start: number): DoubleQuoted {
  let value = '';
  for (let position = start + 1; position < text.length; position += 1) {
    const character = text.charAt(position);
    if (character === '"') return { type: 'quoted', value, end: position + 1 };
    if (character === '$' || character === '`')
      return { type: 'shell', reason: `the ${character} in double quotes at position ${position} is for a shell` };
    if (character !== '\\') {
      value += character;
      continue;
    }
    const next = text.charAt(position + 1);
    if (escapableInDoubleQuotes.has(next)) value += next;
    else if (next !== '\n') value += `\\${next}`;
    position += 1;
  }
  return { type: 'malformed', reason: `the double quote at position ${start} is never closed` };
}
