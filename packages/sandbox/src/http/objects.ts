import { returnsDeleted } from '../api/strategy.ts';
import { deletedStatus } from '../api/delete.ts';
import { ApiError, badRequest, methodNotAllowed, notFound } from '../api/errors.ts';
import { invalid, invalidObject, tooLong, unsupported } from '../api/field-errors.ts';
import { nameOf, namespaceOf } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import { apiVersionOf } from '../api/registry.ts';
import type { DeleteOptions, Patch, WriteOptions } from '../api/types.ts';
import type { Target } from '../api/update.ts';
import type { JsonMap } from '../json.ts';
import { asList, asMap, asNumber, asText } from '../json.ts';
import { mediaType, readBody, readPatchBody } from './body.ts';
import type { Call } from './context.ts';
import { fieldManagerOf } from './context.ts';
import { fromVersion, toVersion } from './convert.ts';
import { listPage, objectAs } from './list.ts';
import type { ApiResponse } from './messages.ts';
import { negotiate } from './negotiate.ts';
import { respond } from './respond.ts';

const validations = ['Ignore', 'Strict', 'Warn'] as const;

/** The options of a write in a request's parameters; throws 422 for what they may not be. */
export function writeOptions(
  call: Call,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions',
  body: JsonMap = {},
): WriteOptions {
  const { request, user, warn } = call;
  // A deletion takes its options from its body, or else from its parameters.
  const query = kind === 'DeleteOptions' && request.body.length > 0 ? new URLSearchParams() : request.query;
  const errors = [];
  const dryRun = [...query.getAll('dryRun'), ...asList(body.dryRun).map(asText)];
  if (dryRun.some((value) => value !== 'All')) errors.push(unsupported('dryRun', dryRun, ['All']));
  const given = request.query.get('fieldValidation') ?? '';
  const fieldValidation = given === '' ? 'Warn' : validations.find((value) => value === given);
  if (!fieldValidation) errors.push(unsupported('fieldValidation', given, ['', ...validations]));
  if ((request.query.get('fieldManager') ?? '').length > 128) errors.push(tooLong('fieldManager', 128));
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', kind }, '', errors);
  return {
    user,
    warn,
    dryRun: dryRun.length > 0,
    fieldManager: fieldManagerOf(request),
    ...(fieldValidation ? { fieldValidation } : {}),
    ...(call.info.subresource === '' ? {} : { subresource: call.info.subresource }),
  };
}

/** The stored version of a resource. */
export function storedInfo(call: Call, info: ResourceInfo): ResourceInfo {
  const stored = call.server.engine.registry.resource(info.storage);
  return info.custom ? info : stored;
}

/** Where a request points. */
export function targetOf(call: Call, info: ResourceInfo): Target {
  return { info: storedInfo(call, info), namespace: info.namespaced ? call.info.namespace : '', name: call.info.name };
}

/** Answers GET of one object. */
export function getObject(call: Call, info: ResourceInfo): ApiResponse {
  const representation = negotiate(call.request.headers.get('accept'));
  const { namespace, name } = targetOf(call, info);
  const object = call.server.engine.store.get(info.storage, namespace, name);
  if (!object) throw notFound(info, name);
  return respond(call.request, 200, objectAs(call, info, object, representation), representation.format);
}

/** Answers POST to a collection. */
export function createFrom(call: Call, info: ResourceInfo): ApiResponse {
  const representation = negotiate(call.request.headers.get('accept'));
  const options = writeOptions(call, 'CreateOptions');
  const { value, duplicates } = readBody(call.request, info.kind);
  strictDuplicates(info, duplicates, options);
  const stored = storedInfo(call, info);
  const { namespace } = targetOf(call, info);
  checkVersion(info, value);
  const object = call.server.engine.createIn(stored, namespace, fromVersion(info, stored, value), options);
  return respond(call.request, 201, objectAs(call, info, object, representation), representation.format);
}

/** Another version's body is checked against its own version before it is converted. */
function checkVersion(info: ResourceInfo, value: JsonMap): void {
  const given = asText(value.apiVersion);
  if (given !== '' && given !== apiVersionOf(info) && asText(value.kind) === info.kind) {
    throw badRequest(`the API version in the data (${given}) does not match the expected API version (${apiVersionOf(info)})`);
  }
}

function strictDuplicates(info: ResourceInfo, duplicates: readonly string[], options: WriteOptions): void {
  if (duplicates.length === 0 || options.fieldValidation === 'Ignore') return;
  const problems = duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`);
  if (options.fieldValidation === 'Strict') {
    throw badRequest(
      `${info.kind} in version ${JSON.stringify(info.version)} cannot be handled as a ${info.kind}: strict decoding error: ${problems.join(', ')}`,
    );
  }
  for (const problem of problems) options.warn?.(problem);
}

/** Answers PUT of an object or of its status. */
export function updateFrom(call: Call, info: ResourceInfo): ApiResponse {
  const representation = negotiate(call.request.headers.get('accept'));
  const options = writeOptions(call, 'UpdateOptions');
  const { value, duplicates } = readBody(call.request, info.kind);
  strictDuplicates(info, duplicates, options);
  const target = targetOf(call, info);
  checkVersion(info, value);
  const existed = call.server.engine.store.get(target.info.storage, target.namespace, target.name) !== undefined;
  const object = call.server.engine.updateAt(target, fromVersion(info, target.info, value), options);
  return respond(call.request, existed ? 200 : 201, objectAs(call, info, object, representation), representation.format);
}

const patchTypes = new Map<string, Patch['type']>([
  ['application/json-patch+json', 'json'],
  ['application/merge-patch+json', 'merge'],
  ['application/strategic-merge-patch+json', 'strategic'],
  ['application/apply-patch+yaml', 'apply'],
]);

/** The patch in a request's body; 415 for a type that is none. */
export function readPatch(call: Call): Patch {
  const type = patchTypes.get(mediaType(call.request));
  if (!type) throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  return { type, body: readPatchBody(call.request), force: call.request.query.get('force') === 'true' };
}

/** Answers PATCH of an object or of its status. */
export function patchFrom(call: Call, info: ResourceInfo): ApiResponse {
  const representation = negotiate(call.request.headers.get('accept'));
  const patch = readPatch(call);
  const options = writeOptions(call, 'PatchOptions');
  const target = targetOf(call, info);
  const { engine } = call.server;
  const before = engine.store.get(info.storage, target.namespace, target.name);
  const named = call.request.query.get('fieldManager');
  const { fieldManager: _manager, ...rest } = options;
  const object = engine.patchAt(target, patch, patch.type === 'apply' && !named ? rest : options);
  const status = patch.type === 'apply' && !before ? 201 : 200;
  return respond(call.request, status, objectAs(call, info, object, representation), representation.format);
}

/** The options of a deletion, of parameters and body. */
export function deleteOptions(call: Call): DeleteOptions {
  const body = call.request.body.length > 0 ? readBody(call.request, 'DeleteOptions').value : {};
  const query = call.request.body.length > 0 ? new URLSearchParams() : call.request.query;
  const policy = asText(body.propagationPolicy) || (query.get('propagationPolicy') ?? '');
  const orphan = body.orphanDependents ?? (query.has('orphanDependents') ? query.get('orphanDependents') === 'true' : undefined);
  const policies = ['Foreground', 'Background', 'Orphan'] as const;
  const known = policies.find((value) => value === policy);
  if (policy !== '' && !known) {
    throw invalidObject({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
      unsupported('propagationPolicy', policy, [...policies, 'nil']),
    ]);
  }
  const asked = query.get('gracePeriodSeconds');
  if (asked !== null && !/^-?\d+$/.test(asked)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(asked)}: invalid syntax`);
  if (orphan !== undefined && known) {
    const detail = 'orphanDependents and deletionPropagation cannot be both set';
    throw invalidObject({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [invalid('propagationPolicy', policy, detail)]);
  }
  const grace = body.gracePeriodSeconds ?? (query.has('gracePeriodSeconds') ? Number(query.get('gracePeriodSeconds')) : undefined);
  const preconditions = asMap(body.preconditions);
  const propagationPolicy = known ?? (orphan === true ? 'Orphan' : orphan === false ? 'Background' : undefined);
  return {
    ...writeOptions(call, 'DeleteOptions', body),
    ...(propagationPolicy ? { propagationPolicy } : {}),
    ...(grace === undefined ? {} : { gracePeriodSeconds: asNumber(grace) }),
    preconditions: {
      ...(preconditions.uid ? { uid: asText(preconditions.uid) } : {}),
      ...(preconditions.resourceVersion ? { resourceVersion: asText(preconditions.resourceVersion) } : {}),
    },
  };
}

/** Answers DELETE of one object. */
export function deleteFrom(call: Call, info: ResourceInfo): ApiResponse {
  const representation = negotiate(call.request.headers.get('accept'));
  const target = targetOf(call, info);
  const options = deleteOptions(call);
  const { object, gone } = call.server.engine.deleteAt(target, options);
  if (gone && info.kind === 'Job' && !options.propagationPolicy) {
    call.warn(
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
    );
  }
  if (gone && !returnsDeleted(info.kind))
    return respond(call.request, 200, deletedStatus({ ...target, info }, object), representation.format);
  return respond(call.request, 200, objectAs(call, info, object, representation), representation.format);
}

/** Answers DELETE of a collection: the list of what was deleted. */
export function deleteCollection(call: Call, info: ResourceInfo): ApiResponse {
  const { engine } = call.server;
  const options = deleteOptions(call);
  const page = listPage(call, info);
  const items: JsonMap[] = [];
  for (const object of page.objects) {
    const target = { info: storedInfo(call, info), namespace: namespaceOf(object), name: nameOf(object) };
    const { kind: _kind, apiVersion: _version, ...item } = toVersion(info, engine.deleteAt(target, options).object);
    items.push(item);
  }
  return respond(call.request, 200, {
    kind: `${info.kind}List`,
    apiVersion: apiVersionOf(info),
    metadata: { resourceVersion: String(engine.resourceVersion()) },
    items,
  });
}

/** The handler of an object's verb; 405 for a verb that the resource does not have. */
export function objectHandler(verb: string, verbs: readonly string[]): (call: Call, info: ResourceInfo) => ApiResponse {
  const handler = new Map([
    ['get', getObject],
    ['create', createFrom],
    ['update', updateFrom],
    ['patch', patchFrom],
    ['delete', deleteFrom],
    ['deletecollection', deleteCollection],
  ]).get(verb);
  if (!handler || !verbs.includes(verb)) throw methodNotAllowed();
  return handler;
}
