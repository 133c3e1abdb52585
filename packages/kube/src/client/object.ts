import { KubeError } from '../errors.ts';

/** The metadata of an object, as far as this package looks at it. */
export interface ObjectMetadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly [field: string]: unknown;
}

/** An object of the Kubernetes API. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMetadata;
  readonly [field: string]: unknown;
}

/** One page of a list. */
export interface ObjectList {
  readonly items: readonly KubeObject[];
  /** The state of the cluster that the list shows; a watch may start here. */
  readonly resourceVersion: string;
  /** More pages follow. */
  readonly continue?: string;
  /** How many objects follow, where the server says so. */
  readonly remaining?: number;
  /** False where the first pages had expired and this one is of a later state. */
  readonly consistent: boolean;
}

/** Whether a parsed answer is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a parsed answer has the shape of an API object. */
export function isKubeObject(value: unknown): value is KubeObject {
  if (!isRecord(value)) return false;
  const { apiVersion, kind, metadata } = value;
  const hasText = (field: unknown): boolean => field === undefined || typeof field === 'string';
  return hasText(apiVersion) && hasText(kind) && (metadata === undefined || (isRecord(metadata) && isMetadata(metadata)));
}

function isMetadata({ name, namespace, uid, resourceVersion }: Readonly<Record<string, unknown>>): boolean {
  return [name, namespace, uid, resourceVersion].every((field) => field === undefined || typeof field === 'string');
}

/** Takes a parsed answer as an API object. Throws `bad-answer`. */
export function toKubeObject(value: unknown, what: string): KubeObject {
  if (isKubeObject(value)) return value;
  throw new KubeError('bad-answer', `The answer for ${what} is not a Kubernetes object.`);
}

/** Takes a parsed answer as a list; items get the kind and apiVersion that the server leaves out in lists. Throws `bad-answer`. */
export function toObjectList(value: unknown, what: string, consistent: boolean): ObjectList {
  if (!isRecord(value) || !(Array.isArray(value['items']) || value['items'] === null || value['items'] === undefined)) {
    throw new KubeError('bad-answer', `The answer for ${what} is not a list of Kubernetes objects.`);
  }
  const { kind, apiVersion } = value;
  const itemKind = typeof kind === 'string' && kind.endsWith('List') && kind !== 'List' ? kind.slice(0, -'List'.length) : undefined;
  const named = { ...(typeof apiVersion === 'string' && { apiVersion }), ...(itemKind !== undefined && { kind: itemKind }) };
  const items: readonly unknown[] = Array.isArray(value['items']) ? value['items'] : [];
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
  const { resourceVersion, continue: next, remainingItemCount } = metadata;
  return {
    items: items.map((item) => ({ ...named, ...toKubeObject(item, what) })),
    resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : '',
    ...(typeof next === 'string' && next !== '' && { continue: next }),
    ...(typeof remainingItemCount === 'number' && { remaining: remainingItemCount }),
    consistent,
  };
}
