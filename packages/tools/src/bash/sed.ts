import { conclude } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { judgeWrittenPath } from '../effects/written-paths.ts';
import { hasOpaque, showOpaque } from '../kubectl/opaque.ts';
import { hasOption, readOptions } from './options.ts';
import { judgePaths } from './sensitive-paths.ts';
import type { ShellWord } from './shell-word.ts';

/** The longest sed script that is judged, in UTF-16 units. */
const longestScript = 4_096;

/** Where a delimited text ends: the position after its closing delimiter, or -1. */
function afterDelimited(script: string, start: number, delimiter: string): number {
  let inBracket = false;
  for (let position = start; position < script.length; position += 1) {
    const character = script.charAt(position);
    if (character === '\n') return -1;
    if (character === '\\') position += 1;
    else if (character === '[' && !inBracket) inBracket = true;
    else if (character === ']' && inBracket) inBracket = false;
    // sed versions differ on a delimiter inside brackets: such scripts are not read.
    else if (character === delimiter) return inBracket ? -1 : position + 1;
  }
  return -1;
}

function afterAddress(script: string, start: number): number {
  const rest = script.slice(start);
  const plain = /^(?:\d+(?:~\d+)?|\$|[+~]\d+)/.exec(rest);
  if (plain !== null) return start + plain[0].length;
  const delimiter = rest.startsWith('/') ? '/' : rest.startsWith('\\') ? rest.charAt(1) : undefined;
  if (delimiter === undefined) return start;
  const end = afterDelimited(script, start + (delimiter === '/' && rest.startsWith('/') ? 1 : 2), delimiter);
  return end < 0 ? -1 : end + (/^[IM]*/.exec(script.slice(end))?.[0].length ?? 0);
}

function afterAddresses(script: string, start: number): number {
  const first = afterAddress(script, start);
  if (first <= start) return first;
  const comma = /^\s*,\s*/.exec(script.slice(first));
  if (comma === null) return first;
  const second = afterAddress(script, first + comma[0].length);
  return second <= first ? -1 : second;
}

/** Where a substitution ends, or -1 where it has a flag that is not harmless. */
function afterSubstitution(script: string, start: number, isTranslation: boolean): number {
  const delimiter = script.charAt(start);
  if (delimiter === '' || delimiter === '\n' || delimiter === '\\') return -1;
  const middle = afterDelimited(script, start + 1, delimiter);
  // Brackets mean nothing in the replacement.
  const rest =
    middle < 0 ? -1 : script.slice(middle).search(new RegExp(`(?<!\\\\)(?:\\\\\\\\)*[${delimiter.replace(/[\\\]^-]/g, '\\$&')}]`));
  if (rest < 0) return -1;
  const closing = script.indexOf(delimiter, middle + rest);
  const flags = /^[gpiIm\d]*/.exec(script.slice(closing + 1))?.[0] ?? '';
  return closing + 1 + (isTranslation ? 0 : flags.length);
}

/** True where a sed script only edits the stream: no `w`, `W`, `r`, `R`, `e`, and nothing that is not understood. */
export function isPlainSedScript(script: string): boolean {
  let position = 0;
  if (script.length > longestScript) return false;
  while (position < script.length) {
    position += /^[\s;]*/.exec(script.slice(position))?.[0].length ?? 0;
    if (position >= script.length) return true;
    position = afterAddresses(script, position);
    if (position < 0) return false;
    position += /^[\s!]*/.exec(script.slice(position))?.[0].length ?? 0;
    const command = script.charAt(position);
    position += 1;
    if (command === 's' || command === 'y') position = afterSubstitution(script, position, command === 'y');
    else if (command === 'q' || command === 'Q' || command === 'l') position += /^\s*\d*/.exec(script.slice(position))?.[0].length ?? 0;
    // A label ends at white space, behind which another command may stand.
    else if ('btT:'.includes(command) && command !== '') position += /^[ \t]*[^\s;}]*/.exec(script.slice(position))?.[0].length ?? 0;
    // Text goes on to the end of the line, and further where that is escaped.
    else if ('aic'.includes(command) && command !== '') position += /^(?:[^\\\n]|\\[^])*/.exec(script.slice(position))?.[0].length ?? 0;
    else if (command === '#') position += /^[^\n]*/.exec(script.slice(position))?.[0].length ?? 0;
    else if (!'{}=dDgGhHnNpPxz'.includes(command) || command === '') return false;
    if (position < 0) return false;
    if (!'{}aic#:btT'.includes(command) && !/^\s*(?:$|[;}#\n])/.test(script.slice(position))) return false;
  }
  return true;
}

/** Judges sed: its script may only edit the stream. */
export function judgeSed(words: readonly ShellWord[]): Judgement {
  const read = readOptions(words, {
    short: 'nErsuzl:e:i',
    long: 'quiet silent regexp-extended separate unbuffered null-data line-length: expression: in-place? posix sandbox debug',
  });
  if (read.strange !== undefined) return conclude([{ effect: 'unknown', reason: `${read.strange} of sed is not known to be harmless` }]);
  const found: Finding[] = [{ effect: 'read', reason: 'sed only edits the stream' }];
  if (hasOption(read, 'i', 'in-place')) found.push({ effect: 'write', reason: '-i of sed changes files' });
  const expressions = read.options
    .filter((option) => option.name === 'e' || option.name === 'expression')
    .map((option) => option.value ?? '');
  const [first, ...others] = read.operands;
  const scripts = expressions.length > 0 ? expressions : [first?.text ?? ''];
  const files = expressions.length > 0 ? read.operands : others;
  if (scripts.some(hasOpaque) || (expressions.length === 0 && (first === undefined || first.loose !== undefined)))
    found.push({ effect: 'unknown', reason: 'the sed script is not known before' });
  else if (!isPlainSedScript(scripts.join('\n')))
    found.push({ effect: 'unknown', reason: 'the sed script can write files or run programs' });
  if (hasOption(read, 'i', 'in-place'))
    found.push(...files.flatMap((file) => judgeWrittenPath(file.text, `-i of sed on ${showOpaque(file.text)}`) ?? []));
  return conclude([...found, ...judgePaths(files)]);
}
