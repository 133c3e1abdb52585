import { conclude } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { hasOpaque, showOpaque } from '../kubectl/opaque.ts';
import { hasOption, optionValue, readOptions } from './options.ts';
import type { ReadOptions } from './options.ts';
import type { Reader } from './readers.ts';
import { isSensitivePath, judgePaths } from './sensitive-paths.ts';
import type { ShellWord } from './shell-word.ts';

function filesOf(reader: Reader, read: ReadOptions): readonly ShellWord[] {
  switch (reader.operands) {
    case 'files':
    case 'one-file':
      return read.operands;
    case 'pattern-files':
      return hasOption(read, 'e', 'regexp', 'f', 'file', 'from-file') ? read.operands : read.operands.slice(1);
    case 'text':
    case 'none':
      return [];
    default:
      return reader.operands satisfies never;
  }
}

/** Judges a program that only reads, with the options it was given. */
export function judgeReader(name: string, reader: Reader, words: readonly ShellWord[]): Judgement {
  const read = readOptions(words, reader);
  const findings: Finding[] = [{ effect: 'read', reason: `${name} only reads` }];
  if (words.length === 1 && (words[0]?.text === '--help' || words[0]?.text === '--version')) return conclude(findings);
  if (read.strange !== undefined) {
    if (reader.tame !== true)
      return conclude([{ effect: 'unknown', reason: `${showOpaque(read.strange)} of ${name} is not known to be harmless` }]);
    // Whatever the words are, the program only reads; which files, is not known.
    const files = words.filter((word) => !word.text.startsWith('-') || word.loose !== undefined);
    const named = words.map((word) => ({ text: word.text.replace(/^--?[\w-]+=/, '') })).filter((word) => isSensitivePath(word.text));
    return conclude([
      ...findings,
      ...(reader.operands === 'text' ? judgePaths(named) : [...judgePaths(files, { recursive: true }), ...judgePaths(named)]),
    ]);
  }
  if (reader.operands === 'none' && read.operands.length > 0)
    return conclude([{ effect: 'unknown', reason: `${name} with an operand is not known to be harmless` }]);
  const recursive =
    (name.endsWith('grep') && (hasOption(read, 'r', 'R', 'recursive', 'dereference-recursive') || optionValue(read, 'd') === 'recurse')) ||
    (name === 'diff' && hasOption(read, 'r', 'recursive'));
  const files = filesOf(reader, read);
  // Without a path the folder that commands start in is meant.
  findings.push(...judgePaths(recursive && files.length === 0 ? [{ text: '.' }] : files, { recursive }));
  const scriptFile = optionValue(read, 'f', 'file', 'from-file');
  if (scriptFile !== undefined && reader.operands === 'pattern-files') findings.push(...judgePaths([{ text: scriptFile }]));
  if (
    name === 'jq' &&
    words.some((word) => hasOpaque(word.text) || /\$ENV|(?:^|[^.\w"'$])env\b(?!\s*:)|\bimport\b|\binclude\b/.test(word.text))
  )
    findings.push({ trait: 'sensitive', reason: 'the jq program reads the environment or files' });
  if (name === 'top' && !hasOption(read, 'n')) findings.push({ trait: 'unbounded', reason: 'top never ends', refusal: 'Use top -b -n 1.' });
  return conclude(findings);
}
