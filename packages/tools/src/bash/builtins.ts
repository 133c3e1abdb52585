import { combine, conclude } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { judgeAssignedName } from './environment.ts';
import type { ProgramScope } from './judge-program.ts';
import { readOptions } from './options.ts';
import { judgePaths } from './sensitive-paths.ts';
import { isFixed, mayBeFlag } from './shell-word.ts';
import type { ShellWord } from './shell-word.ts';

const identifier = /^[A-Za-z_]\w*$/;
const quiet: ReadonlySet<string> = new Set(['break', 'continue', 'return', 'exit', 'shift', 'times', 'dirs', 'logout']);

function one(finding: Finding): Judgement {
  return conclude([finding]);
}

/** `export`, `declare` and their like; words that are assignments come as `NAME=value`. */
function judgeDeclaration(name: string, words: readonly ShellWord[]): Judgement {
  const flags = words.filter((word) => /^[-+]/.test(word.text));
  const isExported = name === 'export' || flags.some((word) => word.text.includes('x'));
  const found: Finding[] = [{ effect: 'read', reason: `${name} only sets variables of this shell` }];
  // -i and -n make later values run through arithmetic or name other variables; -f and -F deal with functions.
  if (flags.some((word) => !/^[-+][aAgrxp]+$/.test(word.text)))
    found.push({ effect: 'unknown', reason: `an option of ${name} is not known to be harmless` });
  const named = words.filter((word) => !/^[-+]/.test(word.text));
  if (named.length === 0) found.push({ trait: 'sensitive', reason: `${name} prints variables` });
  for (const word of named) {
    const variable = word.text.split('=')[0] ?? '';
    if (word.loose !== undefined || !identifier.test(variable.replace(/\+$/, '')))
      found.push({ effect: 'unknown', reason: `which variable ${name} sets is not known before` });
    else found.push(...judgeAssignedName(variable.replace(/\+$/, ''), isExported));
  }
  return conclude(found);
}

function judgeRead(name: string, words: readonly ShellWord[]): Judgement {
  const table = name === 'read' ? { short: 'rsa:d:n:N:p:t:u:', long: '' } : { short: 'td:n:O:s:u:', long: '' };
  const read = readOptions(words, table);
  const variables = [
    ...read.operands,
    ...read.options.filter((option) => option.name === 'a').map((option): ShellWord => ({ text: option.value ?? '' })),
  ];
  if (read.strange !== undefined || variables.some((word) => !isFixed(word) || !identifier.test(word.text)))
    return one({ effect: 'unknown', reason: `which variables ${name} sets is not known before` });
  return conclude([
    { effect: 'read', reason: `${name} only sets variables of this shell` },
    ...variables.flatMap((word) => judgeAssignedName(word.text, false)),
  ]);
}

function judgeSet(words: readonly ShellWord[]): Judgement {
  const [first] = words;
  if (first === undefined)
    return conclude([
      { effect: 'read', reason: 'set prints variables' },
      { trait: 'sensitive', reason: 'set prints variables' },
    ]);
  const isPlain = words.every(
    (word) =>
      isFixed(word) && (/^[-+][eufxhvEo]+$/.test(word.text) || ['pipefail', 'errexit', 'nounset', 'xtrace', 'noglob'].includes(word.text)),
  );
  return one(
    isPlain || first.text === '--'
      ? { effect: 'read', reason: 'set only changes how this shell runs' }
      : { effect: 'unknown', reason: 'an option of set is not known to be harmless' },
  );
}

/** `wait -p` sets a variable and evaluates its name, `jobs -x` runs a program. */
function judgeJobs(name: string, words: readonly ShellWord[]): Judgement {
  const isPlain = words.every(
    (word) => !mayBeFlag(word) && (!word.text.startsWith('-') || (name === 'wait' ? /^-[nf]+$/ : /^-[lnprs]+$/).test(word.text)),
  );
  return one(
    isPlain
      ? { effect: 'read', reason: `${name} only looks at jobs of this shell` }
      : { effect: 'unknown', reason: `an argument of ${name} is not known to be harmless` },
  );
}

function judgeTrap(words: readonly ShellWord[], scope: ProgramScope): Judgement {
  const [code] = words;
  if (code === undefined || !isFixed(code) || code.text.startsWith('-'))
    return one({ effect: words.length === 0 || code?.text === '-' ? 'read' : 'unknown', reason: 'what trap runs is not known before' });
  return combine([scope.judgeSource(code.text)], [{ effect: 'read', reason: 'trap keeps commands for later' }]);
}

/** Judges what the shell itself does; undefined for all that is a program. */
export function judgeBuiltin(name: string, words: readonly ShellWord[], scope: ProgramScope): Judgement | undefined {
  if (quiet.has(name)) return one({ effect: 'read', reason: `${name} only steers this shell` });
  switch (name) {
    case 'wait':
    case 'jobs':
      return judgeJobs(name, words);
    case 'cd':
    case 'pushd':
      return conclude([
        { effect: 'read', reason: `${name} only changes the folder of this shell` },
        ...judgePaths(words.filter((word) => word.text !== '-')),
      ]);
    case 'popd':
      return one({ effect: 'read', reason: 'popd only changes the folder of this shell' });
    case 'export':
    case 'declare':
    case 'typeset':
    case 'local':
    case 'readonly':
      return judgeDeclaration(name, words);
    case 'read':
    case 'mapfile':
    case 'readarray':
      return judgeRead(name, words);
    case 'unset':
      return words.every((word) => isFixed(word) && identifier.test(word.text) && judgeAssignedName(word.text, false).length === 0)
        ? one({ effect: 'read', reason: 'unset only forgets variables of this shell' })
        : one({ effect: 'unknown', reason: 'what unset forgets is not known before or matters to commands' });
    case 'set':
      return judgeSet(words);
    case 'trap':
      return judgeTrap(words, scope);
    case 'printenv':
      return conclude([
        { effect: 'read', reason: 'printenv prints the environment' },
        { trait: 'sensitive', reason: 'printenv prints the environment' },
      ]);
    case '.':
    case 'source':
      return one({ effect: 'unknown', unseen: true, reason: `${name} runs a file that is not seen here` });
    default:
      return undefined;
  }
}
