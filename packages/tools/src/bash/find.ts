import { combine } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { opaqueName } from '../kubectl/opaque.ts';
import type { ProgramScope } from './judge-program.ts';
import { mayBeFlag } from './shell-word.ts';
import type { ShellWord } from './shell-word.ts';

const alone: ReadonlySet<string> = new Set([
  '(',
  ')',
  '!',
  ',',
  '-not',
  '-a',
  '-and',
  '-o',
  '-or',
  '-true',
  '-false',
  '-print',
  '-print0',
  '-ls',
  '-prune',
  '-quit',
  '-empty',
  '-executable',
  '-readable',
  '-writable',
  '-daystart',
  '-depth',
  '-d',
  '-mount',
  '-xdev',
  '-noleaf',
  '-nouser',
  '-nogroup',
  '-follow',
  '-H',
  '-L',
  '-P',
  '-warn',
  '-nowarn',
]);
const withValue: ReadonlySet<string> = new Set([
  '-name',
  '-iname',
  '-path',
  '-ipath',
  '-wholename',
  '-iwholename',
  '-regex',
  '-iregex',
  '-lname',
  '-ilname',
  '-regextype',
  '-type',
  '-xtype',
  '-size',
  '-mtime',
  '-mmin',
  '-atime',
  '-amin',
  '-ctime',
  '-cmin',
  '-newer',
  '-anewer',
  '-cnewer',
  '-newermt',
  '-maxdepth',
  '-mindepth',
  '-user',
  '-group',
  '-uid',
  '-gid',
  '-perm',
  '-links',
  '-inum',
  '-samefile',
  '-fstype',
  '-printf',
  '-used',
]);
const runs: ReadonlySet<string> = new Set(['-exec', '-execdir', '-ok', '-okdir']);
const writes: ReadonlySet<string> = new Set(['-fprint', '-fprint0', '-fprintf', '-fls']);

/** Judges find: its tests are harmless, its actions are judged. */
export function judgeFind(words: readonly ShellWord[], scope: ProgramScope): Judgement {
  const findings: Finding[] = [{ effect: 'read', reason: 'find only lists' }];
  const parts: Judgement[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    const { text } = word;
    if (mayBeFlag(word)) {
      findings.push({ effect: 'unknown', reason: 'an argument of find is not known before' });
    } else if (text === '-delete') {
      findings.push({ effect: 'dangerous', reason: '-delete of find removes files' });
    } else if (writes.has(text)) {
      findings.push({ effect: 'write', reason: `${text} of find writes a file` });
      index += 1;
    } else if (runs.has(text)) {
      const end = words.findIndex(
        (other, at) => at > index && (other.text === ';' || (other.text === '+' && words[at - 1]?.text === '{}')),
      );
      const inner = words.slice(index + 1, end < 0 ? undefined : end);
      parts.push(scope.judgeWords(inner.map((each): ShellWord => ({ ...each, text: each.text.replaceAll('{}', opaqueName) }))));
      index = end < 0 ? words.length : end;
    } else if (withValue.has(text)) {
      index += 1;
    } else if (text.startsWith('-') && !alone.has(text)) {
      findings.push({ effect: 'unknown', reason: `${text} of find is not known to be harmless` });
    }
  }
  return combine(parts, findings);
}
