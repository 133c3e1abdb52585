import type { OptionKey, OptionKind } from '@kw/runtime';
import { nearNames, options } from '@kw/runtime';
import { commands, findCommand } from './commands/table.ts';
import type { CommandName, CommandSpec } from './commands/table.ts';
import { elsewhere } from './elsewhere.ts';
import { usageError } from './errors.ts';

/** A flag as it was written: `true` for a switch without a value, a list where a flag of lists was repeated. */
export type FlagValue = string | boolean | readonly string[];

/** A parsed command line. */
export interface CommandLine {
  readonly command: Command;
  readonly flags: Readonly<Partial<Record<OptionKey, FlagValue>>>;
  /** Flags that only this command has, by name. */
  readonly own: ReadonlyMap<string, string | true>;
  /** Positionals that are not the command's name. */
  readonly words: readonly string[];
  /** `--` stood in front: it is a question, whatever it says. */
  readonly isQuestion?: true;
}

/** What to do: a command of the table, or to answer a question. */
export type Command = CommandName | 'ask';

/** A flag that may stand on the command line. */
export interface Flag {
  readonly key: OptionKey | 'help' | 'version' | { readonly own: string };
  readonly isSwitch: boolean;
  /** Absent for flags of a command. */
  readonly kind?: OptionKind;
}

/** Reads a command line: flags before or after words, `--flag=value`, `--switch=true|false`, `-n value`, `-v2`; `--` ends flags, and what follows is a question. Throws KwError `bad-usage`. */
export function parseArguments(argv: readonly string[]): CommandLine {
  const known = flagTable();
  const flags = new Map<OptionKey, FlagValue>();
  const own = new Map<string, string | true>();
  const words: string[] = [];
  let asked: 'help' | 'version' | undefined;
  let isQuestion = false;
  let index = 0;
  while (index < argv.length) {
    const argument = argv[index] ?? '';
    index += 1;
    if (argument === '--') {
      isQuestion = words.length === 0;
      words.push(...argv.slice(index));
      break;
    }
    if (!argument.startsWith('-') || argument === '-') {
      words.push(argument);
      continue;
    }
    const { name, inline, flag } = readFlag(argument, known);
    const value = flag.isSwitch ? (inline ?? true) : (inline ?? argv[index]);
    if (value === undefined) throw withoutValue(name, flag);
    if (!flag.isSwitch && inline === undefined) index += 1;
    if (flag.key === 'help' || flag.key === 'version') asked = asked === 'help' ? asked : flag.key;
    else if (typeof flag.key === 'string') flags.set(flag.key, added(flags.get(flag.key), value, flag.kind));
    else if (value !== 'false') own.set(flag.key.own, value === 'true' ? true : value);
  }
  const line = isQuestion && asked === undefined ? ({ command: 'ask', words, isQuestion } as const) : toCommand(asked, words);
  checkOwn(own, line.command, words);
  takeOwn(flags, own, line.command);
  return { ...line, flags: Object.fromEntries(flags), own };
}

interface Written {
  readonly name: string;
  readonly inline: string | undefined;
  readonly flag: Flag;
}

/** `--name`, `--name=value`, `-n`, `-n=value` and, for values, `-nvalue`; `_` stands for `-`. */
function readFlag(argument: string, known: ReadonlyMap<string, Flag>): Written {
  const at = argument.indexOf('=');
  const name = at === -1 ? argument : argument.slice(0, at);
  const flag = known.get(name.startsWith('--') ? name.replaceAll('_', '-') : name);
  if (flag !== undefined) return { name, inline: at === -1 ? undefined : argument.slice(at + 1), flag };
  const short = argument.startsWith('--') ? undefined : known.get(argument.slice(0, 2));
  if (short === undefined || short.isSwitch) throw unknownFlag(name, known);
  return { name: argument.slice(0, 2), inline: argument.slice(2), flag: short };
}

/** The last one wins, but lists grow. */
function added(before: FlagValue | undefined, value: string | true, kind: OptionKind | undefined): FlagValue {
  if (kind?.type !== 'list' || before === undefined || typeof before === 'boolean' || value === true) return value;
  return [...(typeof before === 'string' ? [before] : before), value];
}

function toCommand(asked: 'help' | 'version' | undefined, words: readonly string[]): Pick<CommandLine, 'command' | 'words'> {
  const [first, ...rest] = words;
  const found = findCommand(first);
  const isCommand = found !== undefined && (rest.length === 0 || found.usage !== undefined);
  // Help of a command is help with that command's name.
  if (asked !== undefined) return { command: asked, words: isCommand && found.name !== 'help' ? [found.name] : [] };
  if (!isCommand) return { command: 'ask', words };
  const second = rest[0];
  if (second !== undefined && found.subcommands?.includes(second) === false) throw unknownSubcommand(found, second);
  return { command: found.name, words: rest };
}

/** A flag of the command that has the name of an option stands in its place. */
function takeOwn(flags: Map<OptionKey, FlagValue>, own: Map<string, string | true>, command: Command): void {
  for (const { name } of findCommand(command)?.flags ?? []) {
    const key = options.find((option) => option.key === name)?.key;
    const value = key === undefined ? undefined : flags.get(key);
    if (key === undefined || typeof value !== 'string') continue;
    own.set(name, value);
    flags.delete(key);
  }
}

function checkOwn(own: ReadonlyMap<string, string | true>, command: Command, [word = '']: readonly string[]): void {
  const mine = new Set(findCommand(command)?.flags?.map(({ name }) => name));
  for (const name of own.keys()) {
    if (mine.has(name) || command === 'help' || command === 'version') continue;
    const owners = commands.filter(({ flags }) => flags?.some((flag) => flag.name === name) === true).map((owner) => owner.name);
    const [near] = command === 'ask' ? nearNames(word, owners) : [];
    throw usageError({
      en: `--${name} is a flag of ${owners.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`,
      zh: `--${name} 是以下命令的参数：${owners.join('、')}${near === undefined ? '' : `；是否应为 ${near}？`}`,
    });
  }
}

/** Every flag, by the names under which it may be written. */
export function flagTable(): ReadonlyMap<string, Flag> {
  const table = new Map<string, Flag>([
    ['--help', { key: 'help', isSwitch: true }],
    ['-h', { key: 'help', isSwitch: true }],
    ['--version', { key: 'version', isSwitch: true }],
  ]);
  for (const { name, short, placeholder } of commands.flatMap(({ flags }) => flags ?? []))
    for (const written of [`--${name}`, ...(short === undefined ? [] : [`-${short}`])])
      table.set(written, { key: { own: name }, isSwitch: placeholder === undefined });
  for (const option of options) {
    if (option.flag === false) continue;
    const flag: Flag = { key: option.key, isSwitch: option.kind.type === 'switch', kind: option.kind };
    for (const name of [option.key, ...(option.aliases ?? [])]) table.set(`--${name}`, flag);
    if (option.short !== undefined) table.set(`-${option.short}`, flag);
  }
  return table;
}

function unknownFlag(name: string, known: ReadonlyMap<string, Flag>): Error {
  const here = elsewhere(name);
  if (here !== undefined) return usageError({ en: `there is no flag ${name}: ${here.en}`, zh: `没有参数 ${name}：${here.zh}` });
  const [near] = nearNames(name, [...known.keys()]);
  return usageError({
    en: `unknown flag ${name}${near === undefined ? '' : `; did you mean ${near}?`} (all flags: kubelet-wuhrai --help)`,
    zh: `未知参数 ${name}${near === undefined ? '' : `；是否应为 ${near}？`}（全部参数：kubelet-wuhrai --help）`,
  });
}

function withoutValue(name: string, { kind }: Flag): Error {
  const values = kind?.type === 'choice' ? kind.values.join(', ') : undefined;
  return usageError({
    en: `${name} needs a value${values === undefined ? '' : `: ${values}`}; see kubelet-wuhrai --help`,
    zh: `${name} 需要一个值${values === undefined ? '' : `：${values}`}；参见 kubelet-wuhrai --help`,
  });
}

function unknownSubcommand({ name, subcommands = [] }: CommandSpec, word: string): Error {
  const [near] = nearNames(word, subcommands);
  const shown = JSON.stringify(word);
  return usageError({
    en: `${name} has no ${shown}${near === undefined ? '' : `; did you mean ${near}?`} It has ${subcommands.join(', ')}. A question of several words must stand in quotes.`,
    zh: `${name} 没有 ${shown}${near === undefined ? '' : `；是否应为 ${near}？`}。可用的有：${subcommands.join('、')}。由多个词组成的问题需要加引号。`,
  });
}
