import { hasOpaque } from '../kubectl/opaque.ts';
import { mayBeFlag } from './shell-word.ts';
import type { ShellWord } from './shell-word.ts';

/** Which options of a program are known to be harmless; all others are not. */
export interface OptionTable {
  /** Letters; one with `:` after it takes a value. A digit stands for every `-NUM`. */
  readonly short: string;
  /** Names; one with `:` at its end takes a value, with `?` it may have one after `=`. */
  readonly long: string;
  /** True where the first word that is no option ends them all. */
  readonly posix?: boolean;
}

/** One option as it was given. */
export interface OptionUse {
  readonly name: string;
  readonly value?: string;
}

/** A program's arguments, told apart; `strange` is the first word that the table does not know. */
export interface ReadOptions {
  readonly options: readonly OptionUse[];
  readonly operands: readonly ShellWord[];
  readonly strange?: string;
}

function takesValue(table: string, letter: string): boolean {
  const at = table.indexOf(letter);
  return at >= 0 && table.charAt(at + 1) === ':';
}

/** Reads arguments as getopt_long does: clusters, glued values, `--name=value`, `--`. Abbreviated long names are not known. */
export function readOptions(words: readonly ShellWord[], table: OptionTable): ReadOptions {
  const long = new Map(
    table.long
      .split(' ')
      .filter((name) => name !== '')
      .map((name) => [name.replace(/[:?]$/, ''), name.slice(-1)]),
  );
  const options: OptionUse[] = [];
  const operands: ShellWord[] = [];
  const isStrange = (strange: string): ReadOptions => ({ options, operands, strange });
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    if (mayBeFlag(word)) return isStrange('a word that is not known before');
    const { text } = word;
    if (text === '--') return { options, operands: [...operands, ...words.slice(index + 1)] };
    if (!text.startsWith('-') || text === '-') {
      operands.push(word);
      if (table.posix === true) return { options, operands: [...operands, ...words.slice(index + 1)] };
      continue;
    }
    const next = words[index + 1];
    if (text.startsWith('--')) {
      const [name = '', ...rest] = text.slice(2).split('=');
      const kind = long.get(name);
      const value = rest.length > 0 ? rest.join('=') : undefined;
      if (kind === undefined || (value !== undefined && kind !== ':' && kind !== '?')) return isStrange(text);
      if (kind === ':' && value === undefined) {
        if (next === undefined || next.loose !== undefined) return isStrange(text);
        options.push({ name, value: next.text });
        index += 1;
      } else {
        options.push({ name, ...(value !== undefined && { value }) });
      }
      continue;
    }
    if (/^-\d+$/.test(text) && table.short.includes('1')) {
      options.push({ name: 'number', value: text.slice(1) });
      continue;
    }
    for (let at = 1; at < text.length; at += 1) {
      const letter = text.charAt(at);
      if (hasOpaque(letter) || letter === ':' || !table.short.includes(letter)) return isStrange(text);
      if (!takesValue(table.short, letter)) {
        options.push({ name: letter });
      } else if (at + 1 < text.length) {
        options.push({ name: letter, value: text.slice(at + 1) });
        break;
      } else {
        if (next === undefined || next.loose !== undefined) return isStrange(text);
        options.push({ name: letter, value: next.text });
        index += 1;
      }
    }
  }
  return { options, operands };
}

/** The value of an option's last use under any of its names. */
export function optionValue(read: ReadOptions, ...names: readonly string[]): string | undefined {
  return read.options.findLast((option) => names.includes(option.name))?.value;
}

/** True where an option was given under any of its names. */
export function hasOption(read: ReadOptions, ...names: readonly string[]): boolean {
  return read.options.some((option) => names.includes(option.name));
}
