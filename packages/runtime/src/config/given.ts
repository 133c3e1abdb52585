import { KwError } from '@kw/providers';
import type { FileLayer } from './file.ts';
import type { Layer, OptionKey, OptionSpec } from './option.ts';
import { options } from './options.ts';
import type { OptionValue } from './value.ts';
import { isRecord, parseValue } from './value.ts';

/** Flags by key, as they were written; `true` for a switch without a value, a list where a flag was repeated. */
export type Flags = Readonly<Partial<Record<OptionKey, string | boolean | readonly string[]>>>;

/** Values by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A value as it was written, and where. */
export interface Given {
  readonly value: unknown;
  readonly layer: Layer;
  readonly origin: string;
}

/** The spec of a key. */
export function specOf(key: OptionKey): OptionSpec {
  const found = options.find((option) => option.key === key);
  if (found === undefined) throw new KwError('internal', `no option ${key}`);
  return found;
}

/** What a flag or a variable says of an option; the flag is stronger. */
export function givenBy(option: OptionSpec, flags: Flags, env: Environment): Given | undefined {
  const flag = new Map<string, unknown>(Object.entries(flags)).get(option.key);
  if (flag !== undefined) return { value: flag, layer: 'flag', origin: flagOf(option.key) };
  for (const name of option.env ?? []) {
    const value = env[name];
    if (value !== undefined && value !== '') return { value, layer: 'environment', origin: name };
  }
  return undefined;
}

/** A key as it is written on the command line. */
function flagOf(key: OptionKey): string {
  return key.length === 1 ? `-${key}` : `--${key}`;
}

/** Every value that was given, the strongest of each: file < environment < flags. */
export function layersOf({ values }: FileLayer, flags: Flags, env: Environment): ReadonlyMap<string, Given> {
  const found = new Map<string, Given>();
  for (const { key, value, origin } of values) found.set(key, merge(found.get(key), { value, layer: 'file', origin }));
  for (const option of options) {
    const stronger = givenBy(option, flags, env);
    if (stronger !== undefined) found.set(option.key, stronger);
  }
  return found;
}

/** Two keys may add to the same map (`api-keys` and `deepseek-api-key`). */
function merge(before: Given | undefined, next: Given): Given {
  const both = before !== undefined && isRecord(before.value) && isRecord(next.value);
  return both ? { ...next, value: { ...before.value, ...next.value } } : next;
}

/** Reads parsed values of given ones. */
export interface Reader {
  readonly given: (key: OptionKey) => Given | undefined;
  readonly layer: (key: OptionKey) => Layer;
  /** The value or the option's default. Throws KwError `bad-configuration`. */
  readonly value: (key: OptionKey) => OptionValue | undefined;
  readonly text: (key: OptionKey) => string | undefined;
  readonly number: (key: OptionKey) => number | undefined;
  readonly on: (key: OptionKey) => boolean;
  readonly list: (key: OptionKey) => readonly string[];
  readonly map: (key: OptionKey) => Readonly<Record<string, unknown>>;
}

/** Makes a reader; each value is parsed when it is read. */
export function readerOf(values: ReadonlyMap<string, Given>, home: string): Reader {
  const read = (key: OptionKey): OptionValue | undefined => {
    const option = specOf(key);
    const found = values.get(key);
    return found === undefined ? option.fallback : parseValue(option, { ...found, home });
  };
  return {
    given: (key) => values.get(key),
    layer: (key) => values.get(key)?.layer ?? 'default',
    value: read,
    text: (key) => {
      const value = read(key);
      return typeof value === 'string' ? value : undefined;
    },
    number: (key) => {
      const value = read(key);
      return typeof value === 'number' ? value : undefined;
    },
    on: (key) => read(key) === true,
    list: (key) => {
      const value = read(key);
      return Array.isArray(value) ? value.map(String) : [];
    },
    map: (key) => {
      const value = read(key);
      return isRecord(value) ? value : {};
    },
  };
}
