import type { Json, JsonMap } from '../json.ts';
import { asMaps, asText, isMap } from '../json.ts';
import { ApiError } from '../api/errors.ts';
import type { StructShape } from '../schema/shape.ts';
import { compare, fieldsOf } from './compare.ts';
import type { FieldTree } from './tree.ts';
import {
  difference,
  emptyTree,
  fromManaged,
  intersection,
  isEmpty,
  leafTree,
  node,
  pathsOf,
  sameTree,
  toFieldsV1,
  union,
  without,
} from './tree.ts';

/** One entry of managedFields. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldTree;
}

/** Who acts now. */
export interface Actor {
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource: string;
  /** Now, as metadata writes it. */
  readonly time: string;
}

const branch = (...path: readonly string[]): FieldTree =>
  path.reduceRight<FieldTree>((tree, step) => node(false, [[`f:${step}`, tree]]), leafTree);

/** Fields that nobody owns. */
const unowned = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]
  .map((field) => branch('metadata', field))
  .concat(branch('apiVersion'), branch('kind'))
  .reduce(union, emptyTree);

/** What a write of this part does not touch: the status for the object, the rest for the status. */
function untouched(subresource: string, hasStatus: boolean): FieldTree {
  if (subresource === 'status') return union(unowned, branch('spec'));
  return hasStatus ? union(unowned, branch('status')) : unowned;
}

/** The managers of an object. */
export function managersOf(object: JsonMap | undefined): Manager[] {
  const metadata = object?.metadata;
  return asMaps(isMap(metadata) ? metadata.managedFields : undefined).map((entry) => ({
    manager: asText(entry.manager),
    operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
    apiVersion: asText(entry.apiVersion),
    subresource: asText(entry.subresource),
    time: typeof entry.time === 'string' ? entry.time : undefined,
    fields: fromManaged(entry.fieldsV1),
  }));
}

/** managedFields of these managers, in the server's order; undefined for none. */
export function managedFields(managers: readonly Manager[]): JsonMap[] | undefined {
  const sorted = managers
    .filter(({ fields }) => !isEmpty(fields))
    .toSorted((a, b) => {
      const order = [
        [a.operation, b.operation],
        [a.time ?? '', b.time ?? ''],
        [a.manager, b.manager],
        [a.apiVersion, b.apiVersion],
        [a.subresource, b.subresource],
      ].find(([left, right]) => left !== right);
      return order ? ((order[0] ?? '') < (order[1] ?? '') ? -1 : 1) : 0;
    });
  if (sorted.length === 0) return undefined;
  return sorted.map(({ manager, operation, apiVersion, time, fields, subresource }) => ({
    manager,
    operation,
    apiVersion,
    ...(time ? { time } : {}),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource ? { subresource } : {}),
  }));
}

const is = (entry: Manager, actor: Actor, operation: Manager['operation']): boolean =>
  entry.manager === actor.manager &&
  entry.operation === operation &&
  entry.subresource === actor.subresource &&
  (operation === 'Apply' || entry.apiVersion === actor.apiVersion);

interface Change {
  readonly shape: StructShape;
  readonly before: JsonMap;
  readonly after: JsonMap;
  readonly hasStatus: boolean;
}

/** The managers after a create, update or patch (`before` is the zero object for a create). */
export function afterUpdate(managers: readonly Manager[], actor: Actor, { shape, before, after, hasStatus }: Change): Manager[] {
  const comparison = compare(shape, before, after);
  const reset = untouched(actor.subresource, hasStatus);
  const removed = without(comparison.removed, reset);
  const taken = without({ ...union(comparison.added, comparison.modified), member: false }, reset);
  const rest = managers.map((entry) => ({ ...entry, fields: difference(difference(entry.fields, taken), removed) }));
  if (isEmpty(taken)) return rest.filter(({ fields }) => !isEmpty(fields));
  // What the manager had before counts as its own still, in the order of the server: own fields are not taken away first.
  const own = managers.find((entry) => is(entry, actor, 'Update'));
  const kept = own ? difference(own.fields, removed) : emptyTree;
  const entry: Manager = { ...actor, operation: 'Update', fields: union(kept, taken) };
  return [...rest.filter((other) => !is(other, actor, 'Update') && !isEmpty(other.fields)), entry];
}

/** What an apply comes to. */
export interface Applied {
  readonly object: JsonMap;
  readonly managers: readonly Manager[];
}

interface Apply {
  readonly shape: StructShape;
  readonly live: JsonMap;
  readonly config: JsonMap;
  /** The live object with the configuration merged in. */
  readonly merged: JsonMap;
  readonly hasStatus: boolean;
  readonly force: boolean;
  /** What `kubectl apply` without server-side said last: kubectl may take over fields that are still as it said. */
  readonly lastApplied: JsonMap | undefined;
  /** Takes fields out of an object. */
  readonly prune: (object: JsonMap, fields: FieldTree, kept: FieldTree) => JsonMap;
}

/** The object and the managers after an apply; throws 409 where others own what it changes, unless it is forced. */
export function afterApply(managers: readonly Manager[], actor: Actor, apply: Apply): Applied {
  const { shape, live, config, merged, hasStatus, force, prune } = apply;
  const set = without({ ...fieldsOf(shape, config), member: false }, untouched(actor.subresource, hasStatus));
  const own = managers.find((entry) => is(entry, actor, 'Apply'));
  const others = managers.filter((entry) => !is(entry, actor, 'Apply'));
  const kept = others.map(({ fields }) => fields).reduce(union, set);
  const object = own ? prune(merged, difference(own.fields, kept), kept) : merged;
  const { added, modified, removed } = compare(shape, live, object);
  const touched = without(union(added, modified), unowned);
  const allowed = actor.manager === 'kubectl' && apply.lastApplied ? unchangedFields(shape, apply.lastApplied, live) : emptyTree;
  const conflicts = others
    .map((entry) => ({ entry, fields: difference(intersection(entry.fields, touched), allowed) }))
    .filter(({ fields }) => !isEmpty(fields));
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  const rest = others
    .map((entry) => ({ ...entry, fields: difference(difference(entry.fields, touched), removed) }))
    .filter(({ fields }) => !isEmpty(fields));
  const changed = !isEmpty(touched) || !isEmpty(without(removed, unowned));
  const time = changed || (own && !sameTree(own.fields, set)) ? actor.time : own?.time;
  return { object, managers: [...rest, { ...actor, operation: 'Apply', fields: set, time: changed ? time : own?.time }] };
}

/** The fields that an earlier configuration set and that are still as it set them. */
function unchangedFields(shape: StructShape, earlier: JsonMap, live: JsonMap): FieldTree {
  const { added, modified, removed } = compare(shape, earlier, live);
  return difference(fieldsOf(shape, earlier), union(union(added, modified), removed));
}

function conflictError(conflicts: readonly { readonly entry: Manager; readonly fields: FieldTree }[]): ApiError {
  const causes = conflicts.flatMap(({ entry, fields }) => {
    const using = entry.apiVersion === 'v1' || entry.operation === 'Apply' ? '' : ` using ${entry.apiVersion}`;
    const at = entry.operation === 'Update' && entry.subresource ? ` with subresource "${entry.subresource}"` : '';
    return pathsOf(fields).map((field) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with "${entry.manager}"${at}${using}`,
      field,
    }));
  });
  const groups = Map.groupBy(causes, ({ message }) => message);
  const one = causes.length === 1;
  const text = [...groups].map(([message, list]) =>
    one || list.length === 1 ? `${message}: ${list[0]?.field}` : `${message}:\n${list.map(({ field }) => `- ${field}`).join('\n')}`,
  );
  const total = `Apply failed with ${causes.length} conflict${one ? '' : 's'}: `;
  return new ApiError(
    409,
    'Conflict',
    `${total}${groups.size === 1 ? text[0] : `conflicts ${text.map((line) => line.replace(/^conflict /, '')).join('\n')}`}`.replace(
      /^(Apply failed with \d+ conflicts: )conflict /,
      '$1conflicts ',
    ),
    { causes },
  );
}

/** True where a JSON value says anything about ownership. */
export function hasManagedFields(object: Json | undefined): boolean {
  return (
    isMap(object) && isMap(object.metadata) && Array.isArray(object.metadata.managedFields) && object.metadata.managedFields.length > 0
  );
}
