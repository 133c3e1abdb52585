import { helpFlag } from './table.ts';
import type { CommandSpec, FlagSpec } from './table.ts';

/** One flag as it was given. */
export interface FlagUse {
  readonly spec: FlagSpec;
  /** As it stands in the command, such as `-nkube-system`; for people. */
  readonly written: string;
  /** Missing where the flag was given bare and its value is optional. */
  readonly value?: string;
}

/** What a command's arguments are, read as kubectl's flag library reads them. */
export interface ParsedArguments {
  readonly type: 'parsed';
  /** Every use, in order. The last use of a flag counts, except for flags that collect. */
  readonly uses: readonly FlagUse[];
  readonly positionals: readonly string[];
  /** How many positionals stand before `--`; missing without `--`. */
  readonly dashAt?: number;
}

/** Why kubectl itself would refuse the arguments, or why we do. */
export interface UnreadableArguments {
  readonly type: 'unreadable';
  readonly reason: string;
}

interface Step {
  readonly uses: readonly FlagUse[];
  /** How many further words were taken as values. */
  readonly taken: number;
}

function use(spec: FlagSpec, written: string, value?: string): FlagUse {
  return { spec, written, ...(value !== undefined && { value }) };
}

function readLong(word: string, next: string | undefined, spec: CommandSpec): Step | UnreadableArguments {
  const equals = word.indexOf('=');
  const name = word.slice(2, equals < 0 ? undefined : equals);
  if (name === '' || name.startsWith('-')) return { type: 'unreadable', reason: `${word} is not a flag` };
  const normal = name.replaceAll('_', '-');
  const flag = spec.flags.get(normal) ?? (normal === 'help' ? helpFlag : undefined);
  if (flag === undefined) return { type: 'unreadable', reason: `--${name} is not a known flag of kubectl ${spec.path.join(' ')}` };
  if (equals >= 0) return { uses: [use(flag, word, word.slice(equals + 1))], taken: 0 };
  if (flag.value !== 'required') return { uses: [use(flag, word)], taken: 0 };
  if (next === undefined) return { type: 'unreadable', reason: `--${name} has no value` };
  return { uses: [use(flag, `${word} ${next}`, next)], taken: 1 };
}

function readShort(word: string, next: string | undefined, spec: CommandSpec): Step | UnreadableArguments {
  const uses: FlagUse[] = [];
  let letters = word.slice(1);
  while (letters !== '') {
    const letter = letters.charAt(0);
    const flag = spec.shorthands.get(letter) ?? (letter === 'h' ? helpFlag : undefined);
    if (flag === undefined)
      return { type: 'unreadable', reason: `-${letter} in ${word} is not a known flag of kubectl ${spec.path.join(' ')}` };
    if (letters.length > 2 && letters.charAt(1) === '=') return { uses: [...uses, use(flag, word, letters.slice(2))], taken: 0 };
    if (flag.value === 'required') {
      if (letters.length > 1) return { uses: [...uses, use(flag, word, letters.slice(1))], taken: 0 };
      if (next === undefined) return { type: 'unreadable', reason: `-${letter} has no value` };
      return { uses: [...uses, use(flag, `${word} ${next}`, next)], taken: 1 };
    }
    uses.push(use(flag, word));
    letters = letters.slice(1);
  }
  return { uses, taken: 0 };
}

/** Reads flags and positionals of one command: interspersed, clusters, glued values, `_` for `-`, `--` ends flags. */
export function parseArguments(args: readonly string[], spec: CommandSpec): ParsedArguments | UnreadableArguments {
  const uses: FlagUse[] = [];
  const positionals: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (!word.startsWith('-') || word === '-') {
      positionals.push(word);
      continue;
    }
    if (word === '--') {
      return { type: 'parsed', uses, positionals: [...positionals, ...args.slice(index + 1)], dashAt: positionals.length };
    }
    const step = word.startsWith('--') ? readLong(word, args[index + 1], spec) : readShort(word, args[index + 1], spec);
    if ('type' in step) return step;
    uses.push(...step.uses);
    index += step.taken;
  }
  return { type: 'parsed', uses, positionals };
}

const trueWords: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const falseWords: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** A boolean flag's value as Go reads it; undefined where Go would refuse it. */
export function parseBoolean(value: string): boolean | undefined {
  if (trueWords.has(value)) return true;
  return falseWords.has(value) ? false : undefined;
}

// The units of Go's time.ParseDuration, in milliseconds.
const units: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** A duration such as `1m30s` in milliseconds, as Go reads it; undefined where it is not one. */
export function parseDurationMs(text: string): number | undefined {
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return 0;
  if (!/^(?:\d+\.?\d*(?:ns|us|µs|ms|s|m|h))+$/.test(body)) return undefined;
  let total = 0;
  for (const [, amount, unit] of body.matchAll(/(\d+\.?\d*)(ns|us|µs|ms|s|m|h)/g)) total += Number(amount) * (units.get(unit ?? '') ?? 0);
  return text.startsWith('-') ? -total : total;
}
