import { afterApply, hasManagedFields, managedFields, managersOf } from '../fields/managed.ts';
import { timestamp } from '../clock.ts';
import type { Json, JsonMap } from '../json.ts';
import { asMap, asText, canonical, clone, isMap } from '../json.ts';
import { mergeApplied, pruneFields } from '../patch/apply.ts';
import { PatchError, applyJsonPatch, applyMergePatch } from '../patch/json-patch.ts';
import { applyStrategicPatch, goMap } from '../patch/strategic.ts';
import { DecodeError, decode } from '../schema/decode.ts';
import { complain, readObject, shapeOf } from './body.ts';
import type { Core } from './context.ts';
import { createObject } from './create.ts';
import { ApiError, badRequest, conflict, notFound } from './errors.ts';
import { invalid, required } from './field-errors.ts';
import { invalidObject } from './field-errors.ts';
import type { KubeObject } from './object.ts';
import type { ResourceInfo } from './registry.ts';
import { apiVersionOf } from './registry.ts';
import type { Patch, WriteOptions } from './types.ts';
import type { Target } from './update.ts';
import { replaceObject } from './update.ts';

const rejected = (): ApiError => new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

/** Changes an object by a patch; an apply creates it where there is none. */
export function patchObject(core: Core, target: Target, patch: Patch, options: WriteOptions = {}): KubeObject {
  const { info, namespace, name } = target;
  if (patch.type === 'apply') return applyObject(core, target, patch, options);
  const old = core.store.get(info.storage, namespace, name);
  if (!old) throw notFound(info, name);
  const patched = patchedObject(info, old, patch);
  const object = readPatched(info, patched, patch, options);
  if (object.metadata.name !== name || (object.metadata.namespace ?? '') !== namespace) {
    if (!object.metadata.name) throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
    if (object.metadata.name !== name)
      throw badRequest(`the name of the object (${object.metadata.name ?? ''}) does not match the name on the URL (${name})`);
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const { uid } = object.metadata;
  if (uid && uid !== old.metadata.uid)
    throw invalidObject(
      info,
      name,
      Array.from({ length: 2 }, () => invalid('metadata.uid', uid, 'field is immutable')),
    );
  return replaceObject(core, target, { old, object }, options);
}

/** The object as a patch would make it, before anything looks at it. */
export function patchedObject(info: ResourceInfo, old: KubeObject, { type, body }: Patch): JsonMap {
  const current = clone(old);
  try {
    switch (type) {
      case 'json':
        if (!Array.isArray(body))
          throw badRequest(`error decoding patch: json: cannot unmarshal ${jsonKind(body)} into Go value of type []handlers.jsonPatchOp`);
        for (const operation of body)
          if (!isMap(operation))
            throw badRequest(
              `error decoding patch: json: cannot unmarshal ${jsonKind(operation)} into Go value of type handlers.jsonPatchOp`,
            );
        return applyJsonPatch(current, body);
      case 'merge':
        return applyMergePatch(current, mapBody(body, 'error decoding patch: '));
      case 'strategic':
        if (info.custom) {
          throw new ApiError(
            415,
            'UnsupportedMediaType',
            'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
            {},
          );
        }
        return applyStrategicPatch(shapeOf(info), current, mapBody(body));
      case 'apply':
        throw rejected();
    }
  } catch (error) {
    if (error instanceof PatchError) throw type === 'strategic' ? strategicError(error) : rejected();
    throw error;
  }
}

/** A kind of value in the words of Go's JSON. */
function jsonKind(value: Json): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** What Go says where a value of a patch does not fit into a field. */
function conversionProblem(message: string): string {
  const [, given = '', type = ''] = /cannot unmarshal (\S+(?: \S+)?) into .* of type (\S+)$/.exec(message) ?? [];
  if (type === '') return message;
  const kinds: Record<string, string> = { array: 'slice', object: 'map', number: 'int64' };
  const kind = kinds[given] ?? (given.startsWith('number ') ? 'float64' : given);
  if (type.startsWith('map[')) return `cannot restore map from ${kind}`;
  if (type.startsWith('[]')) return `cannot restore slice from ${kind}`;
  if (type.includes('.')) return `cannot restore struct from: ${kind}`;
  return type === 'string' && kind === 'int64' ? 'cannot convert int64 to string' : `unrecognized type: ${type}`;
}

function mapBody(body: Json, before = ''): JsonMap {
  if (isMap(body)) return body;
  throw badRequest(`${before}json: cannot unmarshal ${jsonKind(body)} into Go value of type map[string]interface {}`);
}

function strategicError({ status, message }: PatchError): ApiError {
  return status === 400 ? badRequest(message) : new ApiError(status, '', message);
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

function readPatched(info: ResourceInfo, patched: JsonMap, { type, body }: Patch, options: WriteOptions): KubeObject {
  const bad = (detail: string): ApiError => {
    const shown = type === 'strategic' ? goMap(body) : JSON.stringify(Object.fromEntries(Object.entries(patched).toSorted(byKey)));
    const error = invalid('patch', shown, detail);
    return new ApiError(422, 'Invalid', ` "" is invalid: patch: ${error.message}`, {
      causes: [{ reason: error.reason, message: error.message, field: 'patch' }],
    });
  };
  const version = asText(patched.apiVersion);
  if (type !== 'strategic' && version !== '' && version !== apiVersionOf(info))
    throw bad(
      `no kind ${JSON.stringify(patched.kind)} is registered for version ${JSON.stringify(version)} in scheme "pkg/runtime/scheme.go:111"`,
    );
  try {
    const { unknown } = decode(shapeOf(info), patched);
    complain(
      unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
      options,
      (problems) => bad(`strict decoding error: ${problems.join(', ')}`),
    );
    return clone(readObject(info, patched, {}));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw bad(type === 'strategic' ? conversionProblem(error.message) : error.message);
  }
}

function applyObject(core: Core, target: Target, patch: Patch, options: WriteOptions): KubeObject {
  const { info, namespace, name } = target;
  if (!options.fieldManager) {
    throw invalidObject({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [required('fieldManager', 'is required for apply patch')]);
  }
  if (!isMap(patch.body)) throw badRequest('error decoding YAML: the configuration is no object');
  if (hasManagedFields(patch.body)) throw badRequest('metadata.managedFields must be nil');
  if (!patch.body.apiVersion || !patch.body.kind) throw badRequest(`invalid object type: ${kindText(patch.body)}`);
  const config = checkedConfig(info, patch.body);
  const given = asText(asMap(config.metadata).name);
  if (given !== '' && given !== name) throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`);
  const old = core.store.get(info.storage, namespace, name);
  const actor = {
    manager: options.fieldManager,
    apiVersion: apiVersionOf(info),
    subresource: options.subresource ?? '',
    time: timestamp(core.clock.now()),
  };
  const shape = shapeOf(info);
  const metadata = isMap(config.metadata) ? config.metadata : {};
  const named: JsonMap = {
    ...config,
    apiVersion: apiVersionOf(info),
    kind: info.kind,
    metadata: { ...metadata, name, ...(namespace === '' ? {} : { namespace }) },
  };
  const live: JsonMap = old
    ? clone(old)
    : { apiVersion: apiVersionOf(info), kind: info.kind, metadata: { name, ...(namespace === '' ? {} : { namespace }) } };
  if (old && metadata.resourceVersion && metadata.resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(info, name, 'the object has been modified; please apply your changes to the latest version and try again');
  }
  const merged = mergeApplied(shape, live, named);
  const { object, managers } = afterApply(managersOf(old), actor, {
    shape,
    live,
    config: named,
    merged: isMap(merged) ? merged : {},
    hasStatus: info.subresources.has('status'),
    force: patch.force ?? false,
    lastApplied: lastAppliedOf(old),
    prune: (value, gone, kept) => {
      const pruned = pruneFields(shape, value, gone, { ...kept, member: true });
      return isMap(pruned) ? pruned : {};
    },
  });
  if (!old) {
    if (metadata.uid)
      throw conflict(
        info,
        name,
        `uid mismatch: the provided object specified uid ${asText(metadata.uid)}, and no existing object was found`,
      );
    const created = clone(readObject(info, object, {}));
    created.metadata.managedFields = managedFields(managers) ?? [];
    return createObject(core, { info, namespace }, created, options);
  }
  const next = clone(readObject(info, object, {}));
  if (options.fieldManager === 'kubectl' && next.metadata.annotations?.[lastApplied] !== undefined)
    next.metadata.annotations[lastApplied] = appliedText(config);
  return replaceObject(core, target, { old, object: next, managers }, options);
}

/** Where client-side apply remembers its configuration. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** kubectl's server-side apply keeps the annotation of its client-side apply up to date. */
function appliedText(config: JsonMap): string {
  const metadata = asMap(config.metadata);
  const { [lastApplied]: _old, ...annotations } = asMap(metadata.annotations);
  const kept = Object.keys(annotations).length > 0 ? annotations : undefined;
  return `${canonical({ ...config, metadata: { ...metadata, annotations: kept, managedFields: undefined } })}\n`;
}

/** What client-side apply remembers in an annotation. */
function lastAppliedOf(object: KubeObject | undefined): JsonMap | undefined {
  const text = object?.metadata.annotations?.[lastApplied];
  if (!text) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : undefined;
  } catch {
    // Whoever wrote it wrote no JSON: then it allows nothing.
    return undefined;
  }
}

function kindText({ apiVersion, kind }: JsonMap): string {
  const text = asText(apiVersion);
  return `${text.includes('/') ? text : `/${text}`}, Kind=${asText(kind)}`;
}

function checkedConfig(info: ResourceInfo, body: JsonMap): JsonMap {
  try {
    const { unknown } = decode(shapeOf(info), body);
    const paths = unknown.filter((path) => path !== 'kind' && path !== 'apiVersion');
    if (paths.length > 0) {
      const texts = paths.map((path) => `.${path}: field not declared in schema`);
      throw new ApiError(
        500,
        '',
        `failed to create typed patch object (${asText(isMap(body.metadata) ? body.metadata.namespace : '')}/${asText(isMap(body.metadata) ? body.metadata.name : '')}; ${info.group}/${info.version}, Kind=${info.kind}): ${texts.join('\n')}`,
      );
    }
    return body;
  } catch (error) {
    if (error instanceof DecodeError) throw new ApiError(500, '', `failed to create typed patch object: ${error.message}`);
    throw error;
  }
}
