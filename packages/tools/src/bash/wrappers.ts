import { combine, conclude } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { hasOpaque, opaque, opaqueName, showOpaque } from '../kubectl/opaque.ts';
import { judgeAssignedName } from './environment.ts';
import type { ProgramScope } from './judge-program.ts';
import { hasOption, optionValue, readOptions } from './options.ts';
import type { OptionTable, ReadOptions } from './options.ts';
import { isFixed } from './shell-word.ts';
import type { ShellWord } from './shell-word.ts';

/** The longest time limit that counts as a bound, in seconds. */
const longestTimeoutSeconds = 600;

function unknown(reason: string): Judgement {
  return conclude([{ effect: 'unknown', reason }]);
}

function strange(name: string, read: ReadOptions): Judgement {
  return unknown(`${showOpaque(read.strange ?? '')} of ${name} is not known to be harmless`);
}

function judgeEnv(words: readonly ShellWord[], scope: ProgramScope): Judgement {
  const read = readOptions(words, { short: 'i0u:', long: 'ignore-environment null unset:', posix: true });
  if (read.strange !== undefined) return strange('env', read);
  const firstProgram = read.operands.findIndex((word) => word.loose !== undefined || !/^[A-Za-z_]\w*=/.test(word.text));
  const assigned = read.operands.slice(0, firstProgram < 0 ? undefined : firstProgram);
  const findings = assigned.flatMap((word) => judgeAssignedName(word.text.slice(0, word.text.indexOf('=')), true));
  const removed = optionValue(read, 'u', 'unset');
  if (removed !== undefined || hasOption(read, 'i', 'ignore-environment'))
    findings.push({ effect: 'unknown', reason: 'env takes variables away, KUBECONFIG perhaps' });
  if (firstProgram < 0)
    return conclude([
      ...findings,
      { trait: 'sensitive', reason: 'env prints the environment' },
      { effect: 'read', reason: 'env prints the environment' },
    ]);
  return combine([scope.judgeWords(read.operands.slice(firstProgram))], findings);
}

function seconds(duration: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smh]?)$/.exec(duration);
  if (match === null) return undefined;
  return Number(match[1]) * (match[2] === 'h' ? 3_600 : match[2] === 'm' ? 60 : 1);
}

function judgeTimeout(words: readonly ShellWord[], scope: ProgramScope): Judgement {
  const read = readOptions(words, { short: 'k:s:vf', long: 'kill-after: signal: preserve-status foreground verbose', posix: true });
  if (read.strange !== undefined) return strange('timeout', read);
  const [duration, ...command] = read.operands;
  if (duration === undefined || !isFixed(duration)) return unknown('the time of timeout is not known before');
  const inner = scope.judgeWords(command);
  const limit = seconds(duration.text);
  if (limit === undefined || limit <= 0 || limit > longestTimeoutSeconds || inner.traits.includes('needs-terminal')) return inner;
  const { refusal: _, ...bounded } = inner;
  return { ...bounded, traits: inner.traits.filter((trait) => trait !== 'unbounded') };
}

function judgePlainWrapper(name: string, words: readonly ShellWord[], scope: ProgramScope): Judgement | undefined {
  const tables: ReadonlyMap<string, OptionTable> = new Map([
    ['nice', { short: 'n:', long: 'adjustment:', posix: true }],
    ['ionice', { short: 'c:n:t', long: '', posix: true }],
    ['stdbuf', { short: 'i:o:e:', long: 'input: output: error:', posix: true }],
    ['time', { short: 'pv', long: '', posix: true }],
    ['builtin', { short: '', long: '', posix: true }],
    ['exec', { short: '', long: '', posix: true }],
    ['command', { short: 'pvV', long: '', posix: true }],
  ]);
  const table = tables.get(name);
  if (table === undefined) return undefined;
  const read = readOptions(words, table);
  if (read.strange !== undefined) return strange(name, read);
  if (hasOption(read, 'v', 'V') && name === 'command') return conclude([{ effect: 'read', reason: 'command -v only looks' }]);
  return read.operands.length === 0
    ? conclude([{ effect: 'read', reason: `${name} alone does nothing` }])
    : scope.judgeWords(read.operands);
}

function judgeXargs(words: readonly ShellWord[], scope: ProgramScope): Judgement {
  const read = readOptions(words, {
    short: '0rtxn:I:P:L:d:s:E:i',
    long: 'null no-run-if-empty verbose exit max-args: replace? max-procs: delimiter: max-chars:',
    posix: true,
  });
  if (read.strange !== undefined) return strange('xargs', read);
  if (read.operands.length === 0) return conclude([{ effect: 'read', reason: 'xargs prints what it reads' }]);
  const placeholder = optionValue(read, 'I', 'replace') ?? (hasOption(read, 'i', 'replace') ? '{}' : undefined);
  const isPlain = scope.stdin.type === 'names' && optionValue(read, 'd', 'delimiter') === undefined;
  const stands = isPlain ? (scope.stdin.prefix ?? '') + opaqueName : opaque;
  if (placeholder === undefined) return scope.judgeWords([...read.operands, { text: stands, loose: isPlain ? 'names' : 'any' }]);
  if (placeholder === '' || hasOpaque(placeholder)) return unknown('the placeholder of xargs is not known before');
  return scope.judgeWords(read.operands.map((word): ShellWord => ({ ...word, text: word.text.replaceAll(placeholder, stands) })));
}

// What only bash reads so; to another shell `[[ a > b ]]` is a program that writes the file b.
const bashOnly = /(?:^|[\s;&|(!])(?:\[\[\s|\(\(|function\s)|&>|\$['"[]|\w\+=/;

/** Judges source for `sh`, which need not be bash. */
function judgePortable(source: string, scope: ProgramScope): Judgement {
  const found = bashOnly.exec(source)?.[0].trim();
  return found === undefined
    ? scope.judgeSource(source)
    : combine([scope.judgeSource(source)], [{ effect: 'unknown', reason: `sh may read ${found} in another way than bash` }]);
}

function judgeShell(name: string, words: readonly ShellWord[], scope: ProgramScope): Judgement {
  const read = readOptions(words, { short: 'ceuxfC', long: 'norc noprofile posix', posix: true });
  if (read.strange !== undefined) return strange(name, read);
  const [source] = read.operands;
  if (!hasOption(read, 'c')) {
    if (source === undefined)
      return conclude([
        {
          effect: 'unknown',
          unseen: true,
          trait: 'needs-terminal',
          reason: `${name} runs what it reads`,
          refusal: `Give the commands: ${name} -c 'COMMAND'.`,
        },
      ]);
    return conclude([
      { effect: 'unknown', unseen: true, reason: `${name} runs the file ${showOpaque(source.text)}, which is not seen here` },
    ]);
  }
  if (source === undefined || !isFixed(source)) return unknown(`what ${name} -c runs is not known before`);
  return name === 'bash' ? scope.judgeSource(source.text) : judgePortable(source.text, scope);
}

function judgeEval(words: readonly ShellWord[], scope: ProgramScope): Judgement {
  if (!words.every(isFixed)) return unknown('what eval runs is not known before');
  return scope.judgeSource(words.map((word) => word.text).join(' '));
}

function judgeWatch(words: readonly ShellWord[], scope: ProgramScope): Judgement {
  const read = readOptions(words, {
    short: 'n:tdegcxbp',
    long: 'interval: no-title differences? errexit chgexit color exec beep precise',
    posix: true,
  });
  const endless: Finding = { trait: 'unbounded', reason: 'watch never ends', refusal: 'Run the command itself, and again later.' };
  if (read.strange !== undefined) return combine([strange('watch', read)], [endless]);
  const { operands } = read;
  if (hasOption(read, 'x', 'exec')) return combine([scope.judgeWords(operands)], [endless]);
  return combine(
    [
      operands.every(isFixed)
        ? judgePortable(operands.map((word) => word.text).join(' '), scope)
        : unknown('what watch runs is not known before'),
    ],
    [endless],
  );
}

const superusers: ReadonlySet<string> = new Set(['sudo', 'doas', 'su', 'runuser', 'pkexec', 'chroot', 'nsenter', 'unshare']);

/** Judges programs that run others; undefined for all that do not. */
export function judgeWrapper(name: string, words: readonly ShellWord[], scope: ProgramScope): Judgement | undefined {
  if (superusers.has(name)) return conclude([{ effect: 'dangerous', reason: `${name} runs with other rights` }]);
  switch (name) {
    case 'env':
      return judgeEnv(words, scope);
    case 'timeout':
      return judgeTimeout(words, scope);
    case 'xargs':
      return judgeXargs(words, scope);
    case 'sh':
    case 'bash':
    case 'dash':
    case 'ash':
      return judgeShell(name, words, scope);
    case 'eval':
      return judgeEval(words, scope);
    case 'watch':
      return judgeWatch(words, scope);
    default:
      return judgePlainWrapper(name, words, scope);
  }
}
