import type { Effect, Trait } from '@kw/agent';
import { KwError, nearNames } from '@kw/providers';
import type { CustomEffectRule } from '@kw/tools';
import { isScalar } from 'yaml';
import { entriesOf, itemsOf, originOf, refuse, textOf } from './yaml-place.ts';
import type { YamlPlace } from './yaml-place.ts';

const effects: readonly Effect[] = ['read', 'write', 'dangerous', 'unknown'];
const traits: readonly Trait[] = ['sensitive', 'needs-terminal', 'unbounded', 'moves-target'];
const keys = ['match', 'effect', 'traits'] as const;

/** Reads the rules of a tool: one word for all calls, or a list of `{match, effect, traits}`. Throws KwError `bad-configuration`. */
export function parseEffects(place: YamlPlace): readonly CustomEffectRule[] {
  if (isScalar(place.node)) return [{ match: [[]], effect: oneOf(place, effects), traits: [] }];
  return itemsOf(place).map(parseRule);
}

function parseRule(place: YamlPlace): CustomEffectRule {
  const values = new Map<(typeof keys)[number], YamlPlace>();
  for (const { key, keyNode, value } of entriesOf(place)) {
    const known = keys.find((each) => each === key || each === `${key}s`);
    if (known === undefined) {
      const [near] = nearNames(key, keys);
      const hint = near === undefined ? `; the keys of a rule are ${keys.join(', ')}` : `; did you mean "${near}"?`;
      throw new KwError('bad-configuration', `${originOf(place.file, keyNode)}: ${place.name}: unknown key "${key}"${hint}`);
    }
    if (value !== undefined) values.set(known, value);
  }
  const effect = values.get('effect');
  if (effect === undefined) throw refuse(place, `needs "effect": one of ${effects.join(', ')}`);
  const match = values.get('match');
  const named = values.get('traits');
  return {
    match: match === undefined ? [[]] : itemsOf(match, { single: true }).map(wordsOf),
    effect: oneOf(effect, effects),
    traits: named === undefined ? [] : itemsOf(named, { single: true }).map((item) => oneOf(item, traits)),
  };
}

function wordsOf(place: YamlPlace): readonly string[] {
  const words = textOf(place)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) throw refuse(place, 'must hold at least one word; leave "match" out for a rule about every call');
  return words;
}

function oneOf<T extends string>(place: YamlPlace, values: readonly T[]): T {
  const text = textOf(place);
  const found = values.find((value) => value === text);
  if (found !== undefined) return found;
  const [near] = nearNames(text, values);
  throw refuse(place, `${JSON.stringify(text)} is not one of ${values.join(', ')}${near === undefined ? '' : `; did you mean "${near}"?`}`);
}
