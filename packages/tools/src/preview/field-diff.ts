import type { FieldChange, JsonObject, JsonValue } from '@kw/agent';
import { isObject } from './kube-object.ts';
import { canonicalJson } from './meaningful.ts';

/** Keys by which the items of a list are told apart, the first that all items have. */
const itemKeys = ['name', 'containerPort', 'port', 'mountPath', 'type', 'key', 'ip'] as const;

/** The fields in which two objects differ, in the order of the objects; a whole subtree is one change where it is new or gone. */
export function diffFields(before: JsonObject, after: JsonObject): readonly FieldChange[] {
  return diffValue('', before, after);
}

function diffValue(path: string, before: JsonValue | undefined, after: JsonValue | undefined): readonly FieldChange[] {
  if (before === undefined && after === undefined) return [];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.filter((key) => !isUnsetTime(key, before, after)).flatMap((key) => diffValue(join(path, key), before[key], after[key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) return diffList(path, before, after);
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) return [];
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

/** kubectl writes `creationTimestamp: null` into the templates that it sends; nobody means anything by it. */
function isUnsetTime(key: string, before: JsonObject, after: JsonObject): boolean {
  return key === 'creationTimestamp' && (before[key] ?? null) === null && (after[key] ?? null) === null;
}

function diffList(path: string, before: readonly JsonValue[], after: readonly JsonValue[]): readonly FieldChange[] {
  const key = itemKeys.find((candidate) => identifies(candidate, before) && identifies(candidate, after));
  if (key === undefined) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => diffValue(`${path}[${index}]`, before[index], after[index])).flat();
  }
  const label = (item: JsonValue): string => {
    const value = isObject(item) ? item[key] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const byLabel = new Map(after.map((item) => [label(item), item]));
  const labels = [...new Set([...before.map(label), ...after.map(label)])];
  const old = new Map(before.map((item) => [label(item), item]));
  return labels.flatMap((name) => diffValue(`${path}[${key}=${name}]`, old.get(name), byLabel.get(name)));
}

/** Whether every item has the key, and each another value. */
function identifies(key: string, items: readonly JsonValue[]): boolean {
  const values = items.map((item) => (isObject(item) ? item[key] : undefined));
  return values.every((value) => typeof value === 'string' || typeof value === 'number') && new Set(values).size === values.length;
}

function join(path: string, key: string): string {
  const name = /^[A-Za-z0-9_-]+$/.test(key) ? key : `"${key}"`;
  return path === '' ? name : `${path}.${name}`;
}
