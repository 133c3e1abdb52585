import type { OptionKey } from '@kw/runtime';
import { KwError, nearNames, options } from '@kw/runtime';

/** A parsed command line. */
export interface CommandLine {
  readonly command: Command;
  readonly flags: Readonly<Partial<Record<OptionKey, string | boolean>>>;
  /** Positionals that are not the command's name. */
  readonly words: readonly string[];
}

/** Words that are commands when they stand first; everything else is a question. */
export const commands = ['ask', 'help', 'version', 'models', 'model', 'resume', 'demo'] as const;

/** What to do. */
export type Command = (typeof commands)[number];

/** Commands that take words after them; the others are commands only when they stand alone. */
const takesWords = new Set<Command>(['resume', 'demo']);

interface Flag {
  readonly key: OptionKey | 'help' | 'version';
  readonly isSwitch: boolean;
}

/** Reads a command line: flags before or after words, `--flag=value`, `--switch=true|false`, `-n value`, `--` ends flags. Throws KwError `bad-usage`. */
export function parseArguments(argv: readonly string[]): CommandLine {
  const known = flagTable();
  const flags: Partial<Record<OptionKey, string | boolean>> = {};
  const words: string[] = [];
  let asked: Command | undefined;
  let index = 0;
  while (index < argv.length) {
    const argument = argv[index] ?? '';
    index += 1;
    if (argument === '--') {
      words.push(...argv.slice(index));
      break;
    }
    if (!argument.startsWith('-') || argument === '-') {
      words.push(argument);
      continue;
    }
    const [name, inline] = split(argument);
    const flag = known.get(name.startsWith('--') ? name.replaceAll('_', '-') : name);
    if (flag === undefined) throw unknownFlag(name, known);
    if (flag.key === 'help' || flag.key === 'version') {
      asked = asked === 'help' ? asked : flag.key;
    } else if (flag.isSwitch) {
      flags[flag.key] = inline ?? true;
    } else if (inline !== undefined) {
      flags[flag.key] = inline;
    } else {
      const value = argv[index];
      if (value === undefined) throw new KwError('bad-usage', `${name} needs a value; see kubelet-wuhrai --help`);
      flags[flag.key] = value;
      index += 1;
    }
  }
  return { ...toCommand(asked, words), flags };
}

function toCommand(asked: Command | undefined, words: readonly string[]): Pick<CommandLine, 'command' | 'words'> {
  if (asked !== undefined) return { command: asked, words };
  const first = commands.find((command) => command === words[0]);
  if (first !== undefined && first !== 'ask' && (words.length === 1 || takesWords.has(first)))
    return { command: first, words: words.slice(1) };
  return { command: 'ask', words };
}

function split(argument: string): readonly [string, string | undefined] {
  const at = argument.indexOf('=');
  return at === -1 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}

function flagTable(): ReadonlyMap<string, Flag> {
  const table = new Map<string, Flag>([
    ['--help', { key: 'help', isSwitch: true }],
    ['-h', { key: 'help', isSwitch: true }],
    ['--version', { key: 'version', isSwitch: true }],
  ]);
  for (const option of options) {
    if (option.flag === false) continue;
    const flag = { key: option.key, isSwitch: option.kind.type === 'switch' };
    table.set(`--${option.key}`, flag);
    if (option.short !== undefined) table.set(`-${option.short}`, flag);
  }
  return table;
}

function unknownFlag(name: string, known: ReadonlyMap<string, Flag>): KwError {
  const [near] = nearNames(name, [...known.keys()]);
  return new KwError(
    'bad-usage',
    `unknown flag ${name}${near === undefined ? '' : `; did you mean ${near}?`} (all flags: kubelet-wuhrai --help)`,
  );
}
