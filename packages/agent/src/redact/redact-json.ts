import type { JsonValue } from '@kw/providers';
import { closeFrame, learn, openFrame } from './json-frames.ts';
import { endValue, newDoubt, observe } from './decision-queue.ts';
import { mark } from './marks.ts';
import { judgedUnits, judgeValue, soundsSecret } from './sensitive-key.ts';

type Members = { readonly [key: string]: JsonValue };

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
const isMembers = (value: JsonValue | undefined): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value without its secrets: what the structure tells first, then `text` over each string. */
export function redactJson(value: JsonValue, text: (value: string) => string): JsonValue {
  return walk(value, text, false);
}

function walk(value: JsonValue, text: (value: string) => string, inSecretList: boolean): JsonValue {
  if (typeof value === 'string') return text(value);
  if (isList(value)) return walkList(value, text, inSecretList);
  return isMembers(value) ? walkMembers(value, text, inSecretList) : value;
}

function walkList(list: readonly JsonValue[], text: (value: string) => string, inSecretList: boolean): JsonValue {
  return list.map((item, index) => {
    const flag = list[index - 1];
    if (typeof item === 'string' && typeof flag === 'string' && /^--?[A-Za-z][\w-]*$/.test(flag)) {
      const label = judgeValue(flag.replace(/^-+/, ''), item.slice(0, judgedUnits), 'document');
      if (label !== undefined) return mark(label);
    }
    return walk(item, text, inSecretList);
  });
}

function walkMembers(members: Members, text: (value: string) => string, inSecretList: boolean): JsonValue {
  const secret = holdsSecretData(members, inSecretList);
  const env = typeof members['name'] === 'string' && soundsSecret(members['name']);
  const list = inSecretList || (typeof members['kind'] === 'string' && members['kind'].endsWith('SecretList'));
  return Object.fromEntries(
    Object.entries(members).map(([key, value]): [string, JsonValue] => {
      const name = text(key);
      if (isMembers(value) && (key === 'stringData' || (key === 'data' && secret))) return [name, dropAll(value)];
      if (typeof value === 'string') {
        const label = judgeValue(key === 'value' && env ? 'password' : key, value.slice(0, judgedUnits), 'document');
        if (label !== undefined) return [name, mark(key === 'value' && env ? 'env' : label)];
      }
      if (typeof value === 'number' && judgeValue(key, String(value), 'document') === 'password') return [name, mark('password')];
      return [name, walk(value, text, list)];
    }),
  );
}

/** True where the object is a Secret, or looks like a part of one. */
function holdsSecretData(members: Members, inSecretList: boolean): boolean {
  const data = members['data'];
  if (!isMembers(data)) return false;
  const frame = openFrame(undefined, false);
  for (const key of ['kind', 'apiVersion', 'type']) {
    const value = members[key];
    if (typeof value === 'string') learn(frame, key, value);
  }
  if (frame.kind !== undefined || inSecretList) return frame.kind === undefined || frame.kind === 'Secret';
  const doubt = newDoubt();
  frame.data = doubt;
  for (const value of Object.values(data)) {
    observe(doubt, typeof value === 'string' ? value : '-');
    endValue(doubt);
  }
  closeFrame(frame, false);
  return doubt.verdict === 'secret';
}

function dropAll(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(dropAll);
  if (isMembers(value))
    return Object.fromEntries(Object.entries(value).map(([key, member]): [string, JsonValue] => [key, dropAll(member)]));
  return value === '' || value === null ? value : mark('secret-data');
}
