import type { OptionKey } from '@kw/runtime';
import { KwError, nearNames, options } from '@kw/runtime';
import { commands, findCommand } from './commands/table.ts';
import type { CommandFlag, CommandName, CommandSpec } from './commands/table.ts';

/** A parsed command line. */
export interface CommandLine {
  readonly command: Command;
  readonly flags: Readonly<Partial<Record<OptionKey, string | boolean>>>;
  /** Flags that only this command has, by name. */
  readonly own: ReadonlyMap<string, string | true>;
  /** Positionals that are not the command's name. */
  readonly words: readonly string[];
}

/** What to do: a command of the table, or to answer a question. */
export type Command = CommandName | 'ask';

interface Flag {
  readonly key: OptionKey | 'help' | 'version' | { readonly own: string };
  readonly isSwitch: boolean;
}

/** Reads a command line: flags before or after words, `--flag=value`, `--switch=true|false`, `-n value`, `--` ends flags. Throws KwError `bad-usage`. */
export function parseArguments(argv: readonly string[]): CommandLine {
  const known = flagTable();
  const flags: Partial<Record<OptionKey, string | boolean>> = {};
  const own = new Map<string, string | true>();
  const words: string[] = [];
  let asked: 'help' | 'version' | undefined;
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
    const value = flag.isSwitch ? (inline ?? true) : (inline ?? argv[index]);
    if (value === undefined) throw new KwError('bad-usage', `${name} needs a value; see kubelet-wuhrai --help`);
    if (!flag.isSwitch && inline === undefined) index += 1;
    if (flag.key === 'help' || flag.key === 'version') asked = asked === 'help' ? asked : flag.key;
    else if (typeof flag.key === 'string') flags[flag.key] = value;
    else if (value !== 'false') own.set(flag.key.own, value === 'true' ? true : value);
  }
  const { command, words: rest } = toCommand(asked, words);
  checkOwn(own, command);
  return { command, words: rest, flags, own };
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

function checkOwn(own: ReadonlyMap<string, string | true>, command: Command): void {
  const mine = new Set(findCommand(command)?.flags?.map(({ name }) => name));
  for (const name of own.keys()) {
    if (mine.has(name)) continue;
    const owners = commands.filter(({ flags }) => flags?.some((flag) => flag.name === name) === true);
    if (command !== 'help') throw new KwError('bad-usage', `--${name} is a flag of ${owners.map((owner) => owner.name).join(', ')}`);
  }
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
  for (const { name, placeholder } of ownFlags()) table.set(`--${name}`, { key: { own: name }, isSwitch: placeholder === undefined });
  for (const option of options) {
    if (option.flag === false) continue;
    const flag = { key: option.key, isSwitch: option.kind.type === 'switch' };
    table.set(`--${option.key}`, flag);
    if (option.short !== undefined) table.set(`-${option.short}`, flag);
  }
  return table;
}

function ownFlags(): readonly CommandFlag[] {
  return commands.flatMap(({ flags }) => flags ?? []);
}

function unknownFlag(name: string, known: ReadonlyMap<string, Flag>): KwError {
  const [near] = nearNames(name, [...known.keys()]);
  return new KwError(
    'bad-usage',
    `unknown flag ${name}${near === undefined ? '' : `; did you mean ${near}?`} (all flags: kubelet-wuhrai --help)`,
  );
}

function unknownSubcommand({ name, subcommands = [] }: CommandSpec, word: string): KwError {
  const [near] = nearNames(word, subcommands);
  return new KwError(
    'bad-usage',
    `${name} has no ${JSON.stringify(word)}${near === undefined ? '' : `; did you mean ${near}?`} It has ${subcommands.join(', ')}. A question of several words must stand in quotes.`,
  );
}
