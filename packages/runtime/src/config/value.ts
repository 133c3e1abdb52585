import { KwError } from '@kw/providers';
import type { OptionSpec } from './option.ts';

/** A value after parsing, by the option's kind. */
export type OptionValue = string | number | boolean | readonly string[] | Readonly<Record<string, unknown>>;

/** A raw value and what its parsing needs. */
export interface RawValue {
  /** Text of a flag or variable, or a node of the file. */
  readonly value: unknown;
  readonly origin: string;
  /** What `~/` stands for. */
  readonly home: string;
}

/** Brings a raw value into the shape of its option. Throws KwError `bad-configuration` naming the option, the value and what is possible. */
export function parseValue(spec: OptionSpec, { value: raw, origin, home }: RawValue): OptionValue {
  const { kind, key } = spec;
  const shown = spec.secret === true ? 'the value' : JSON.stringify(raw);
  const where = origin === `--${key}` ? origin : `${origin}: ${key}`;
  const refuse = (wanted: string): KwError => new KwError('bad-configuration', `${where}: ${shown} is not ${wanted}`);
  switch (kind.type) {
    case 'text':
      if (typeof raw !== 'string' && typeof raw !== 'number') throw refuse('a text');
      if (String(raw) === '')
        throw new KwError('bad-configuration', `${where}: the value is empty; leave the setting out or give it a ${kind.placeholder}`);
      return kind.isPath === true ? atHome(String(raw), home) : String(raw);
    case 'switch':
      return parseSwitch(raw) ?? fail(refuse('true or false'));
    case 'integer':
    case 'seconds': {
      const number = typeof raw === 'number' ? raw : typeof raw === 'string' ? parseNumber(raw, kind.type) : Number.NaN;
      const range = `a whole number from ${kind.min} to ${kind.max}${kind.type === 'seconds' ? ' (seconds; 30s and 5m work, too)' : ''}`;
      if (!Number.isInteger(number) || number < kind.min || number > kind.max) throw refuse(range);
      return number;
    }
    case 'decimal': {
      const number = typeof raw === 'string' && /^\d{1,12}(\.\d{1,12})?$/.test(raw.trim()) ? Number(raw) : raw;
      if (typeof number !== 'number' || !(number >= kind.min && number <= kind.max))
        throw refuse(`a number from ${kind.min} to ${kind.max}`);
      return number;
    }
    case 'choice':
      if (typeof raw !== 'string' || !kind.values.includes(raw)) throw refuse(`one of ${kind.values.join(', ')}`);
      return raw;
    case 'texts': {
      if (!isRecord(raw)) throw refuse('a map of names to texts');
      const pairs = Object.entries(raw);
      for (const [name, value] of pairs) {
        if (typeof value !== 'string') throw new KwError('bad-configuration', `${where}.${name} is not a text`);
      }
      return Object.freeze(Object.fromEntries(pairs.map(([name, value]) => [name, String(value)])));
    }
    case 'list': {
      const items: readonly unknown[] = Array.isArray(raw) ? raw : typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : [];
      const texts = items.filter((item) => typeof item === 'string' && item !== '').map(String);
      if (texts.length !== items.length || texts.length === 0) throw refuse('a list of texts');
      return Object.freeze(kind.isPath === true ? texts.map((path) => atHome(path, home)) : texts);
    }
    case 'providers':
      if (!isRecord(raw)) throw refuse('a map of names to descriptions of providers');
      return Object.freeze({ ...raw });
    case 'rules':
      throw refuse('possible here; rules are read by the schema of rules');
  }
}

/** `~/logs` is a path in the home directory, also where no shell saw it. */
function atHome(path: string, home: string): string {
  return path === '~' ? home : path.startsWith('~/') ? `${home}${path.slice(1)}` : path;
}

/** Whether a node of the file is a map. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(error: KwError): never {
  throw error;
}

/** True or false as Go's flag package reads them. */
function parseSwitch(raw: unknown): boolean | undefined {
  if (typeof raw === 'boolean') return raw;
  if (typeof raw !== 'string') return undefined;
  if (['true', '1', 't', 'yes', 'on'].includes(raw.toLowerCase())) return true;
  if (['false', '0', 'f', 'no', 'off'].includes(raw.toLowerCase())) return false;
  return undefined;
}

const unitSeconds = new Map([
  ['', 1],
  ['s', 1],
  ['m', 60],
  ['h', 3600],
]);

function parseNumber(raw: string, type: 'integer' | 'seconds'): number {
  const match = /^(\d{1,12})([a-z]?)$/.exec(raw.trim());
  const unit = unitSeconds.get(match?.[2] ?? '');
  if (match === null || unit === undefined || (type === 'integer' && match[2] !== '')) return Number.NaN;
  return Number(match[1]) * unit;
}
