import type { Json, JsonMap } from '../json.ts';
import { asText, clone, equal, isMap, written } from '../json.ts';

/** A patch that does not fit the object. */
export class PatchError extends Error {
  /** The status of a strategic patch that is refused for this. */
  readonly status: number;

  constructor(message: string, status = 500) {
    super(message);
    this.status = status;
  }
}

/** The object after the operations of RFC 6902; throws `PatchError`. */
export function applyJsonPatch(object: JsonMap, operations: readonly Json[]): JsonMap {
  let document: Json = clone(object);
  for (const operation of operations) {
    if (!isMap(operation)) throw new PatchError('an operation is no object');
    document = apply(document, operation);
  }
  if (!isMap(document)) throw new PatchError('the result is no object');
  return document;
}

const stepsOf = (pointer: string): string[] => {
  if (pointer === '') return [];
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
};

function apply(document: Json, operation: JsonMap): Json {
  const path = stepsOf(asText(operation.path));
  switch (operation.op) {
    case 'add':
      return set(document, path, clone(operation.value ?? null), 'add');
    case 'replace':
      return set(document, path, clone(operation.value ?? null), 'replace');
    case 'remove':
      return remove(document, path);
    case 'test':
      if (!equal(find(document, path) ?? null, operation.value ?? null))
        throw new PatchError(`testing value ${written(operation.path)} failed`);
      return document;
    case 'move': {
      const from = stepsOf(asText(operation.from));
      const value = read(document, from);
      return set(remove(document, from), path, value, 'add');
    }
    case 'copy':
      return copy(document, path, operation.from);
    default:
      throw new PatchError(`unknown operation ${JSON.stringify(operation.op ?? null)}`);
  }
}

/** What is not there is copied as nothing, as the server does it. */
function copy(document: Json, path: readonly string[], pointer: Json | undefined): Json {
  const from = stepsOf(asText(pointer));
  if (from.length === 0) throw new PatchError('copy needs a path to copy from');
  read(document, from.slice(0, -1));
  return set(document, path, clone(find(document, from) ?? null), 'add');
}

function indexOf(step: string, length: number): number {
  const index = step === '-' ? length : Number(step);
  if (!Number.isInteger(index) || index < -length || index > length) throw new PatchError(`no index ${step}`);
  return index < 0 ? index + length : index;
}

function find(document: Json, path: readonly string[]): Json | undefined {
  let current: Json | undefined = document;
  for (const step of path) {
    if (Array.isArray(current)) current = current.at(Number(step));
    else if (isMap(current) && Object.hasOwn(current, step)) current = current[step];
    else return undefined;
  }
  return current;
}

function read(document: Json, path: readonly string[]): Json {
  const value = find(document, path);
  if (value === undefined) throw new PatchError(`no path /${path.join('/')}`);
  return value;
}

function set(document: Json, path: readonly string[], value: Json, mode: 'add' | 'replace'): Json {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    if (mode === 'replace') read(document, path);
    parent.splice(indexOf(last, parent.length), mode === 'add' ? 0 : 1, value);
  } else if (isMap(parent)) parent[last] = value;
  else throw new PatchError(`no path /${path.join('/')}`);
  return document;
}

function remove(document: Json, path: readonly string[]): Json {
  const last = path.at(-1);
  read(document, path);
  const parent = read(document, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(indexOf(last ?? '', parent.length), 1);
  else if (isMap(parent) && last !== undefined) delete parent[last];
  return document;
}

/** The object after a merge patch (RFC 7386). */
export function applyMergePatch(object: JsonMap, patch: JsonMap): JsonMap {
  const result: JsonMap = { ...object };
  for (const key of Object.keys(patch)) {
    const value = patch[key];
    if (value === null || value === undefined) delete result[key];
    else if (isMap(value)) {
      const existing = result[key];
      result[key] = applyMergePatch(isMap(existing) ? existing : {}, value);
    } else result[key] = clone(value);
  }
  return Object.fromEntries(Object.entries(result).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
