import { conclude } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { hasOpaque } from '../kubectl/opaque.ts';
import { readOptions } from './options.ts';
import { judgePaths } from './sensitive-paths.ts';
import type { ShellWord } from './shell-word.ts';

/** The longest awk program that is judged, in UTF-16 units. */
const longestProgram = 4_096;

// Names of places that programs act on, anywhere in the program.
const system = /\/(?:etc|dev|proc|root|usr|bin|var)\b|\/\.|~|\.\./;

// After these words a slash begins a regular expression; after any other word it divides.
const beforeRegex: ReadonlySet<string> = new Set(['print', 'printf', 'return', 'in', 'do', 'else', 'case', 'exit']);

/** The program without strings, regular expressions and comments; undefined where it can't be told apart for certain. */
function bareProgram(program: string): string | undefined {
  let bare = '';
  let position = 0;
  while (position < program.length) {
    const character = program.charAt(position);
    const rest = program.slice(position);
    if (character === '"') {
      const text = /^"(?:[^"\\\n]|\\[^\n])*"/.exec(rest)?.[0];
      if (text === undefined) return undefined;
      bare += '""';
      position += text.length;
    } else if (character === '#') {
      position += /^#[^\n]*/.exec(rest)?.[0].length ?? 1;
    } else if (character === '/' && /\$\s*$/.test(bare)) {
      return undefined;
    } else if (character === '/' && !isDivision(bare)) {
      // Behind `)` and `$` awks differ on what a slash is.
      if (/\)\s*$/.test(bare)) return undefined;
      const regex = /^\/(?:[^/\\\n[]|\\[^\n]|\[\^?\]?[^\]/\n\\[]*\])*\//.exec(rest)?.[0];
      if (regex === undefined) return undefined;
      bare += '1';
      position += regex.length;
    } else {
      bare += character;
      position += 1;
    }
  }
  return bare;
}

function isDivision(before: string): boolean {
  const text = before.trimEnd();
  if (text.endsWith('++') || text.endsWith('--')) return true;
  const word = /[A-Za-z_]\w*$/.exec(text)?.[0];
  if (word !== undefined) return !beforeRegex.has(word);
  return /[\w\]"$]$/.test(text);
}

/** Where a `print` statement sends its output, if not to stdout. */
function printsElsewhere(bare: string): boolean {
  for (const match of bare.matchAll(/\bprintf?\b/g)) {
    let depth = 0;
    // A line end behind a comma, an operator or a backslash does not end it.
    for (const character of bare.slice(match.index).replaceAll(/(,|&&|\|\||\\)[ \t]*\n\s*/g, '$1 ')) {
      if (character === '(' || character === '[') depth += 1;
      if (character === ')' || character === ']') depth -= 1;
      if (depth === 0 && (character === ';' || character === '\n' || character === '}')) break;
      if (depth === 0 && character === '>') return true;
    }
  }
  return false;
}

function judgeAwkProgram(program: string): readonly Finding[] {
  if (program.length > longestProgram)
    return [{ effect: 'unknown', reason: `an awk program of ${program.length} characters is too long to judge` }];
  if (hasOpaque(program)) return [{ effect: 'unknown', reason: 'the awk program is not known before' }];
  const bare = bareProgram(program);
  if (bare === undefined) return [{ effect: 'unknown', reason: 'the awk program could not be read' }];
  const found: Finding[] = [];
  const runs =
    /\bsystem\b|\bgetline\b|@|\bclose\b|\bextension\b/.exec(bare)?.[0] ?? (/\|/.test(bare.replaceAll('||', '')) ? '|' : undefined);
  if (runs !== undefined) found.push({ effect: 'unknown', reason: `${runs} in awk can run programs or read files` });
  if (printsElsewhere(bare)) found.push({ effect: system.test(program) ? 'dangerous' : 'write', reason: '> in awk writes a file' });
  const reads = /\b(?:ENVIRON|PROCINFO|ARGV|ARGC|ARGIND)\b/.exec(bare)?.[0];
  if (reads !== undefined) found.push({ trait: 'sensitive', reason: `${reads} in awk reads the environment or names files` });
  return found;
}

/** Judges awk: its program may neither run programs nor write files. */
export function judgeAwk(name: string, words: readonly ShellWord[]): Judgement {
  const read = readOptions(words, { short: 'F:v:', long: 'field-separator: assign: posix traditional re-interval sandbox', posix: true });
  if (read.strange !== undefined)
    return conclude([{ effect: 'unknown', reason: `${read.strange} of ${name} is not known to be harmless` }]);
  const [program, ...files] = read.operands;
  if (program === undefined || program.loose !== undefined)
    return conclude([{ effect: 'unknown', reason: 'the awk program is not known before' }]);
  return conclude([{ effect: 'read', reason: `${name} only reads` }, ...judgeAwkProgram(program.text), ...judgePaths(files)]);
}
