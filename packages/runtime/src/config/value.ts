import type { KwError } from '@kw/providers';
import type { Bilingual } from '../bilingual-error.ts';
import { bilingualError } from '../bilingual-error.ts';
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
  const secret = spec.secret === true;
  const where = origin.startsWith('-') ? origin : `${origin}: ${key}`;
  const refuse = ({ en, zh }: Bilingual): KwError =>
    bilingualError('bad-configuration', {
      en: `${where}: ${secret ? 'the value' : JSON.stringify(raw)} is not ${en}`,
      zh: `${where}:${secret ? '该值' : JSON.stringify(raw)} 不是${zh}`,
    });
  switch (kind.type) {
    case 'text':
      if (typeof raw !== 'string' && typeof raw !== 'number') throw refuse({ en: 'a text', zh: '文本' });
      if (String(raw) === '')
        throw bilingualError('bad-configuration', {
          en: `${where}: the value is empty; leave the setting out or give it a ${kind.placeholder}`,
          zh: `${where}：值为空；请删除该设置或填写 ${kind.placeholder}`,
        });
      return kind.isPath === true ? atHome(String(raw), home) : String(raw);
    case 'switch':
      return parseSwitch(raw) ?? fail(refuse({ en: 'true or false', zh: ' true 或 false' }));
    case 'integer':
    case 'seconds': {
      const number = typeof raw === 'number' ? raw : typeof raw === 'string' ? parseNumber(raw, kind.type) : Number.NaN;
      const seconds = kind.type === 'seconds';
      const range = {
        en: `a whole number from ${kind.min} to ${kind.max}${seconds ? ' (seconds; 30s, 5m, 2h and 30d work, too)' : ''}`,
        zh: ` ${kind.min} 到 ${kind.max} 之间的整数${seconds ? '（秒；也可写 30s、5m、2h、30d）' : ''}`,
      };
      if (!Number.isInteger(number) || number < kind.min || number > kind.max) throw refuse(range);
      return number;
    }
    case 'decimal': {
      const number = typeof raw === 'string' && /^\d{1,12}(\.\d{1,12})?$/.test(raw.trim()) ? Number(raw) : raw;
      if (typeof number !== 'number' || !(number >= kind.min && number <= kind.max))
        throw refuse({ en: `a number from ${kind.min} to ${kind.max}`, zh: ` ${kind.min} 到 ${kind.max} 之间的数` });
      return number;
    }
    case 'choice':
      if (typeof raw !== 'string' || !kind.values.includes(raw))
        throw refuse({ en: `one of ${kind.values.join(', ')}`, zh: `以下之一：${kind.values.join('、')}` });
      return raw;
    case 'texts': {
      if (!isRecord(raw)) throw refuse({ en: 'a map of names to texts', zh: '名称到文本的映射' });
      const pairs = Object.entries(raw);
      for (const [name, value] of pairs) {
        if (typeof value !== 'string')
          throw bilingualError('bad-configuration', { en: `${where}.${name} is not a text`, zh: `${where}.${name} 不是文本` });
      }
      return Object.freeze(Object.fromEntries(pairs.map(([name, value]) => [name, String(value)])));
    }
    case 'list': {
      const items: readonly unknown[] = Array.isArray(raw) ? raw : typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : [];
      const texts = items.filter((item) => typeof item === 'string' && item !== '').map(String);
      if (texts.length !== items.length || texts.length === 0) throw refuse({ en: 'a list of texts', zh: '文本列表' });
      return Object.freeze(kind.isPath === true ? texts.map((path) => atHome(path, home)) : texts);
    }
    case 'providers':
      if (!isRecord(raw)) throw refuse({ en: 'a map of names to descriptions of providers', zh: '名称到服务描述的映射' });
      return Object.freeze({ ...raw });
    case 'entries':
      if (!Array.isArray(raw) || !raw.every(isRecord)) throw refuse({ en: 'a list of maps', zh: '映射的列表' });
      return Object.freeze(raw.map((entry) => JSON.stringify(entry)));
    case 'rules':
      throw refuse({ en: 'possible here; rules are read by the schema of rules', zh: '此处可用的值' });
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
  ['d', 86_400],
]);

function parseNumber(raw: string, type: 'integer' | 'seconds'): number {
  const match = /^(\d{1,12})([a-z]?)$/.exec(raw.trim());
  const unit = unitSeconds.get(match?.[2] ?? '');
  if (match === null || unit === undefined || (type === 'integer' && match[2] !== '')) return Number.NaN;
  return Number(match[1]) * unit;
}
