import { KwError } from '../error.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { nearNames } from '../near-names.ts';

/** A value of a configuration with its place, such as `providers.gateway.base-url`. */
export interface Setting {
  readonly path: string;
  readonly value: unknown;
}

/** The error for a value that is none: it names the key, the value and what it should be. */
export function badSetting({ path, value }: Setting, wanted: string): KwError {
  const shown = typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'a map') : JSON.stringify(value);
  return new KwError('bad-configuration', `${path}: ${shown ?? 'nothing'} is not ${wanted}`, { details: { key: path } });
}

/** The entries of a map; none where it is absent. Throws KwError `bad-configuration`. */
export function entriesOf(setting: Setting): readonly (readonly [key: string, setting: Setting])[] {
  const { path, value } = setting;
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw badSetting(setting, 'a map');
  return Object.entries(value).map(([key, inner]) => [key, { path: `${path}.${key}`, value: inner }] as const);
}

/** A map with known keys, in kebab-case; camelCase and snake_case are read as well. Throws KwError `bad-configuration` for any other. */
export function fieldsOf(setting: Setting, known: readonly string[]): ReadonlyMap<string, Setting> {
  return new Map(
    entriesOf(setting).map(([key, inner]) => {
      const name = kebabOf(key);
      if (known.includes(name)) return [name, inner] as const;
      const near = nearNames(name, known);
      const hint = near.length === 0 ? `known are ${known.join(', ')}` : `did you mean ${near.join(' or ')}?`;
      throw new KwError('bad-configuration', `${inner.path}: no such key; ${hint}`, { details: { key: inner.path } });
    }),
  );
}

/** A text that is not blank. */
export function textOf(setting: Setting): string {
  if (typeof setting.value !== 'string' || setting.value.trim() === '') throw badSetting(setting, 'a text');
  return setting.value.trim();
}

/** A list of texts, or one text. */
export function textsOf(setting: Setting): readonly string[] {
  const { path, value } = setting;
  if (!Array.isArray(value)) return [textOf(setting)];
  return value.map((one: unknown, index) => textOf({ path: `${path}[${index}]`, value: one }));
}

/** A number between two others. */
export function numberOf(setting: Setting, least: number, most: number): number {
  const { value } = setting;
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw badSetting(setting, `a number from ${least} to ${most}`);
}

/** `true` or `false`. */
export function switchOf(setting: Setting): boolean {
  if (typeof setting.value !== 'boolean') throw badSetting(setting, 'true or false');
  return setting.value;
}

/** One of some texts. */
export function choiceOf<T extends string>(setting: Setting, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === setting.value);
  if (found === undefined) throw badSetting(setting, `one of ${choices.join(', ')}`);
  return found;
}

/** A map of anything that JSON can carry. */
export function jsonOf(setting: Setting): JsonObject {
  return Object.fromEntries(entriesOf(setting).map(([key, inner]) => [key, jsonValueOf(inner)]));
}

function jsonValueOf(setting: Setting): JsonValue {
  const { path, value } = setting;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((one: unknown, index) => jsonValueOf({ path: `${path}[${index}]`, value: one }));
  if (typeof value === 'object') return jsonOf(setting);
  throw badSetting(setting, 'a value of JSON');
}

function kebabOf(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}
