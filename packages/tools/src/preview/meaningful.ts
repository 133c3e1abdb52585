import type { JsonObject, JsonValue } from '@kw/agent';
import { isObject } from './kube-object.ts';

/** What the server itself writes into metadata at every touch. */
const serverMetadata = new Set(['uid', 'managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'selfLink']);
/** Annotations that tools and controllers keep for themselves. */
const bookkeeping =
  /^(?:kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/.*|control-plane\.alpha\.kubernetes\.io\/leader)$/;

/** An object without what changes by itself: status, managed fields, versions, bookkeeping annotations. What is left is what people mean. */
export function meaningful(content: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = content;
  if (!isObject(metadata)) return rest;
  const { annotations, ...others } = metadata;
  const kept = isObject(annotations) ? Object.fromEntries(Object.entries(annotations).filter(([key]) => !bookkeeping.test(key))) : {};
  const cleaned = Object.fromEntries(Object.entries(others).filter(([key]) => !serverMetadata.has(key)));
  return { ...rest, metadata: Object.keys(kept).length === 0 ? cleaned : { ...cleaned, annotations: kept } };
}

/** The same text for the same value, whatever the order of its keys. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const pairs = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
