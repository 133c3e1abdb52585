import { conclude } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { judgeWrittenPath } from '../effects/written-paths.ts';
import { hasOpaque, showOpaque } from '../kubectl/opaque.ts';
import { judgeAwk } from './awk.ts';
import { judgeBuiltin } from './builtins.ts';
import { judgeFind } from './find.ts';
import { judgeHelm } from './helm.ts';
import { judgeReader } from './judge-reader.ts';
import { judgeOpenssl } from './openssl.ts';
import type { Source } from './output-shape.ts';
import { readers } from './readers.ts';
import { judgeSed } from './sed.ts';
import { isFixed } from './shell-word.ts';
import type { ShellWord } from './shell-word.ts';
import { judgeSpecial } from './special-programs.ts';
import { destroyers, networkers, screens, writers } from './words-of-programs.ts';
import { judgeWrapper } from './wrappers.ts';

/** How the words of a command are judged further: the judges that know kubectl and the shell. */
export interface ProgramScope {
  /** Judges kubectl with the words after its name. */
  readonly judgeKubectl: (words: readonly ShellWord[]) => Judgement;
  /** Judges a program with its arguments. */
  readonly judgeWords: (words: readonly ShellWord[]) => Judgement;
  /** Judges shell source that a program runs (`sh -c`, `eval`). */
  readonly judgeSource: (source: string) => Judgement;
  /** The text that comes by stdin, where it is known. */
  readonly input?: string | undefined;
  /** What is known about the words that come by stdin. */
  readonly stdin: Source;
}

function unknown(reason: string): Judgement {
  return conclude([{ effect: 'unknown', reason }]);
}

/** Words of a program that writes files; options are looked at as if they were files, which makes them no less dangerous. */
function judgeWrittenWords(name: string, words: readonly ShellWord[]): readonly Finding[] {
  return words.flatMap((word): readonly Finding[] => {
    if (word.loose !== undefined || hasOpaque(word.text))
      return [{ effect: 'unknown', reason: `which files ${name} writes is not known before` }];
    const path = word.text.replace(/^--?[\w-]+=/, '');
    return path.startsWith('-') ? [] : [judgeWrittenPath(path, `${name} ${path}`) ?? []].flat();
  });
}

function judgeByName(name: string, words: readonly ShellWord[], scope: ProgramScope): Judgement {
  const special = judgeWrapper(name, words, scope) ?? judgeBuiltin(name, words, scope) ?? judgeSpecial(name, words);
  if (special !== undefined) return special;
  if (name === 'tee' && words.every((word) => isFixed(word) && /^(?:-[ai]+|\/dev\/(?:null|stdout|stderr))$/.test(word.text)))
    return conclude([{ effect: 'read', reason: 'tee writes no file' }]);
  if (name === 'kubectl') return scope.judgeKubectl(words);
  if (name === 'helm') return judgeHelm(words);
  if (name === 'awk' || name === 'gawk' || name === 'mawk') return judgeAwk(name, words);
  if (name === 'sed') return judgeSed(words);
  if (name === 'openssl') return judgeOpenssl(words);
  if (name === 'find') return judgeFind(words, scope);
  const reader = readers.get(name);
  if (reader !== undefined) return judgeReader(name, reader, words);
  const findings: Finding[] = [];
  const screen = screens.get(name);
  if (screen !== undefined)
    findings.push({ effect: 'unknown', trait: 'needs-terminal', reason: `${name} needs a terminal`, refusal: screen });
  if (writers.has(name))
    findings.push({ effect: 'write', reason: `${name} ${writers.get(name) ?? ''}` }, ...judgeWrittenWords(name, words));
  if (destroyers.has(name) || name.startsWith('mkfs.'))
    findings.push({ effect: 'dangerous', reason: `${name} ${destroyers.get(name) ?? 'makes a file system'}` });
  if (networkers.has(name)) findings.push({ effect: 'unknown', reason: `${name} talks to others; what it sends is not seen here` });
  return findings.length > 0 ? conclude(findings) : unknown(`${showOpaque(name)} is not a program that is known here`);
}

/** Judges a program and its arguments, without looking at redirections and assignments. */
export function judgeProgram(words: readonly ShellWord[], scope: ProgramScope): Judgement {
  const [name, ...rest] = words;
  if (name === undefined) return conclude([{ effect: 'read', reason: 'no program is run' }]);
  if (!isFixed(name)) return unknown(`which program ${showOpaque(name.text)} is, is not known before`);
  if (name.text === '') return unknown('the program has no name');
  // Absolute paths of a few well-known folders mean the program that PATH would give, kubectl aside: that one is pinned.
  const bare = /^(?:\/usr)?(?:\/local)?\/s?bin\/(?<name>[\w.+-]+)$/.exec(name.text)?.groups?.['name'];
  if (bare !== undefined && bare !== 'kubectl') return judgeByName(bare, rest, scope);
  if (name.text.includes('/')) return unknown(`${name.text} is a program of its own`);
  return judgeByName(name.text, rest, scope);
}
