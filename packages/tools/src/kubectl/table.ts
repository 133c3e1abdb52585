import { commandRows, globalFlags } from './table.gen.ts';

/** One flag of one command. */
export interface FlagSpec {
  readonly name: string;
  readonly shorthand?: string;
  /** `required`: takes the next argument where it has no `=`; the others never do. */
  readonly value: 'required' | 'optional' | 'boolean';
  /** True for a flag that every command takes and that this command does not redefine. */
  readonly isGlobal: boolean;
}

/** One command of kubectl's tree. */
export interface CommandSpec {
  readonly path: readonly string[];
  /** By name, global flags included. */
  readonly flags: ReadonlyMap<string, FlagSpec>;
  /** By letter. */
  readonly shorthands: ReadonlyMap<string, FlagSpec>;
  /** By name and by alias. */
  readonly children: ReadonlyMap<string, CommandSpec>;
}

interface Row {
  readonly path: readonly string[];
  readonly aliases: readonly string[];
  readonly flags: readonly FlagSpec[];
}

function parseFlag(text: string, isGlobal: boolean): FlagSpec {
  const value = text.endsWith('?=') ? 'optional' : text.endsWith('?') ? 'boolean' : 'required';
  const [name = text, shorthand] = text.replace(/\?=?$/, '').split('/');
  return { name, ...(shorthand !== undefined && { shorthand }), value, isGlobal };
}

function parseRow(row: string): Row {
  const [head = '', ...flags] = row.split(' , ');
  const [path = '', ...aliases] = head.split('|');
  return { path: path.split(' '), aliases, flags: flags.map((flag) => parseFlag(flag, false)) };
}

interface Rows {
  readonly globals: readonly FlagSpec[];
  readonly rows: readonly Row[];
}

function build(path: readonly string[], flags: readonly FlagSpec[], table: Rows): CommandSpec {
  const { globals, rows } = table;
  const all = [...globals, ...flags];
  const children = rows
    .filter((row) => row.path.length === path.length + 1 && path.every((word, index) => row.path[index] === word))
    .flatMap((row) => {
      const child = build(row.path, row.flags, table);
      return [row.path.at(-1) ?? '', ...row.aliases].map((name): [string, CommandSpec] => [name, child]);
    });
  return {
    path,
    flags: new Map(all.map((flag) => [flag.name, flag])),
    shorthands: new Map(all.flatMap((flag) => (flag.shorthand === undefined ? [] : [[flag.shorthand, flag]]))),
    children: new Map(children),
  };
}

let root: CommandSpec | undefined; // a constant, made when the first command is read: most of a program's start needs none

/** kubectl's whole command tree, as extracted from kubectl itself. */
export function kubectlRoot(): CommandSpec {
  root ??= build([], [], { globals: globalFlags.map((flag) => parseFlag(flag, true)), rows: commandRows.map(parseRow) });
  return root;
}

/** `--help` and `-h`, which every command knows once it is found. */
export const helpFlag: FlagSpec = { name: 'help', shorthand: 'h', value: 'boolean', isGlobal: true };
