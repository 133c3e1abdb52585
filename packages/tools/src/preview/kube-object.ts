import type { JsonObject, JsonValue } from '@kw/agent';

/** An object of the API, as far as a preview must know it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
  readonly content: JsonObject;
}

/** Reads the objects of kubectl's JSON output: one object, a List, or several documents one after another. Throws SyntaxError where it is no JSON. */
export function parseObjects(text: string): readonly KubeObject[] {
  return splitDocuments(text).flatMap((document) => {
    const value: JsonValue = JSON.parse(document);
    return flatten(value)
      .map(toKubeObject)
      .filter((object) => object !== undefined);
  });
}

function flatten(value: JsonValue): readonly JsonObject[] {
  if (!isObject(value)) return [];
  const { items, kind } = value;
  return Array.isArray(items) && typeof kind === 'string' && kind.endsWith('List') ? items.filter(isObject) : [value];
}

/** kubectl prints several objects as JSON documents without a separator, each beginning with a brace in the first column. */
function splitDocuments(text: string): readonly string[] {
  return text
    .split(/\n(?=\{)/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Whether a value is a JSON object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toKubeObject(content: JsonObject): KubeObject | undefined {
  const { apiVersion, kind, metadata } = content;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isObject(metadata)) return undefined;
  const { namespace, name, uid } = metadata;
  return {
    apiVersion,
    kind,
    name: typeof name === 'string' ? name : '',
    ...(typeof namespace === 'string' ? { namespace } : {}),
    ...(typeof uid === 'string' ? { uid } : {}),
    content,
  };
}

/** Names an object inside one cluster. */
export function keyOf({ apiVersion, kind, namespace, name }: Omit<KubeObject, 'content'>): string {
  return [apiVersion, kind, namespace ?? '', name].join('\n');
}
