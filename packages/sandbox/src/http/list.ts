import { ApiError, badRequest } from '../api/errors.ts';
import { selectionTest } from '../api/engine.ts';
import { forbiddenField, invalid, invalidObject, unsupported } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import { nameOf, namespaceOf } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import { apiVersionOf } from '../api/registry.ts';
import type { JsonMap } from '../json.ts';
import { at, isMap, written } from '../json.ts';
import { tableOf } from '../tables/table.ts';
import type { Call } from './context.ts';
import { printerColumns } from './context.ts';
import { toVersion } from './convert.ts';
import type { ApiResponse } from './messages.ts';
import type { Representation } from './negotiate.ts';
import { negotiate } from './negotiate.ts';
import { respond } from './respond.ts';

const listOptions = { group: 'meta.k8s.io', kind: 'ListOptions' };

/** The parameters of a list or watch that were checked. */
export interface ListParameters {
  readonly limit: number;
  readonly continueFrom: { readonly version: number; readonly start: string } | undefined;
  readonly resourceVersion: number | undefined;
  readonly match: string;
  readonly labelSelector: string;
  readonly fieldSelector: string;
}

/** Reads the parameters of a list; throws as the server does. */
export function listParameters({ request: { query }, server }: Call, watch = false): ListParameters {
  const limit = Number(query.get('limit') ?? 0);
  if (query.has('limit') && !/^-?\d+$/.test(query.get('limit') ?? '')) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(query.get('limit'))}: invalid syntax`);
  }
  const version = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const token = query.get('continue') ?? '';
  const errors = [];
  if (match !== '' && !watch) {
    if (version === '')
      errors.push(forbiddenField('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if (match !== 'Exact' && match !== 'NotOlderThan')
      errors.push(unsupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && version === '0')
      errors.push(forbiddenField('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  const initial = query.get('sendInitialEvents');
  if (initial !== null && watch && match !== 'NotOlderThan') {
    errors.push(forbiddenField('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
    if (match !== '') errors.push(unsupported('resourceVersionMatch', match, ['NotOlderThan']));
  }
  if (errors.length > 0) throw invalidObject(listOptions, '', errors);
  if (version !== '' && !/^\d+$/.test(version)) {
    const { field, message } = invalid('resourceVersion', version, `strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
    if (watch) throw new ApiError(500, '', `${field}: ${message}`);
    throw badRequest(`invalid resource version: ${field}: ${message}`);
  }
  const resourceVersion = version === '' ? undefined : Number(version);
  const current = server.engine.resourceVersion();
  if (!watch && resourceVersion !== undefined && resourceVersion > current) throw tooLarge(resourceVersion, current);
  return {
    limit: Math.max(0, limit),
    continueFrom: token === '' || watch ? undefined : readToken(token),
    resourceVersion,
    match,
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
  };
}

function tooLarge(asked: number, current: number): ApiError {
  return new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

function readToken(token: string): { version: number; start: string } {
  const text = Buffer.from(token, 'base64url').toString('latin1');
  let encodedVersion = '';
  const refuse = (reason: string): ApiError => badRequest(`invalid continue token: continue key is not valid: ${reason}`);
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (isMap(value)) encodedVersion = written(value.v ?? '');
    if (isMap(value) && value.v === 'meta.k8s.io/v1' && typeof value.rv === 'number' && typeof value.start === 'string') {
      return { version: value.rv, start: value.start };
    }
  } catch {
    throw refuse(`invalid character '${text[0] ?? ''}' looking for beginning of value`);
  }
  throw refuse(`server does not recognize this encoded version ${encodedVersion}`);
}

function writeToken(version: number, start: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start })).toString('base64url');
}

/** A page of objects and what its metadata says. */
interface Page {
  readonly objects: readonly KubeObject[];
  readonly metadata: JsonMap;
}

const keyOf = (object: KubeObject, namespace: string): string =>
  namespace === '' && namespaceOf(object) !== '' ? `/${namespaceOf(object)}/${nameOf(object)}` : `/${nameOf(object)}`;

/** The objects that a list request asks for. */
export function listPage(call: Call, info: ResourceInfo): Page {
  const { engine } = call.server;
  const { namespace, name } = call.info;
  const parameters = listParameters(call);
  const { limit, continueFrom, resourceVersion, match } = parameters;
  const test = selectionTest(info.storage, parameters);
  const at = continueFrom?.version ?? (match === 'Exact' ? resourceVersion : undefined);
  const scope = info.namespaced ? namespace : '';
  const all = at === undefined ? engine.store.list(info.storage, scope) : engine.store.listAt(at, info.storage, scope);
  if (!all)
    throw new ApiError(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      {},
    );
  const start = continueFrom?.start;
  const selected = all.filter(
    (object) => (name === '' || nameOf(object) === name) && (start === undefined || keyOf(object, scope) >= start) && test(object),
  );
  const version = at ?? engine.resourceVersion();
  // A list at version 0 comes from the watch cache, which does not page.
  const size = resourceVersion === 0 && !continueFrom ? 0 : limit;
  const objects = size > 0 ? selected.slice(0, size) : selected;
  const last = objects.at(-1);
  const remaining = selected.length - objects.length;
  const selective = parameters.labelSelector !== '' || parameters.fieldSelector !== '';
  return {
    objects,
    metadata: {
      resourceVersion: String(version),
      ...(remaining > 0 && last ? { continue: writeToken(version, `${keyOf(last, scope)}\u0000`) } : {}),
      ...(remaining > 0 && !selective ? { remainingItemCount: remaining } : {}),
    },
  };
}

/** Objects in the representation that a client accepts: a Table, metadata, or themselves. */
export function objectAs(call: Call, info: ResourceInfo, object: KubeObject, representation: Representation): JsonMap {
  const shown = toVersion(info, object);
  if (representation.as === 'table')
    return objectTable(
      call,
      info,
      { objects: [shown], metadata: { resourceVersion: object.metadata.resourceVersion ?? '' } },
      representation,
    );
  if (representation.as === 'metadata')
    return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${representation.version}`, metadata: shown.metadata };
  return shown;
}

/** What a Table looks like. */
export interface TableForm {
  readonly version: string;
  /** False for all but the first event of a watch. */
  readonly withColumns?: boolean;
}

/** A page as a Table. */
export function objectTable(call: Call, info: ResourceInfo, page: Page, { version, withColumns = true }: TableForm): JsonMap {
  const include = call.request.query.get('includeObject');
  return tableOf({
    info,
    objects: page.objects,
    metadata: page.metadata,
    now: call.server.engine.clock.now(),
    version,
    include: include === 'Object' || include === 'None' ? include : 'Metadata',
    printer: printerColumns(call.server, info),
    withColumns,
  });
}

/** Answers a list. */
export function listObjects(call: Call, info: ResourceInfo): ApiResponse {
  const representation = negotiate(call.request.headers.get('accept'));
  const page = listPage(call, info);
  const shown = page.objects.map((object) => toVersion(info, object));
  if (representation.as === 'table')
    return respond(call.request, 200, objectTable(call, info, { ...page, objects: shown }, representation), representation.format);
  if (representation.as === 'metadata') {
    const items = shown.map(({ metadata }): JsonMap => ({
      kind: 'PartialObjectMetadata',
      apiVersion: `meta.k8s.io/${representation.version}`,
      metadata,
    }));
    return respond(
      call.request,
      200,
      { kind: 'PartialObjectMetadataList', apiVersion: `meta.k8s.io/${representation.version}`, metadata: page.metadata, items },
      representation.format,
    );
  }
  return respond(
    call.request,
    200,
    { kind: listKind(call, info), apiVersion: apiVersionOf(info), metadata: page.metadata, items: info.custom ? shown : shown.map(itemOf) },
    representation.format,
  );
}

function listKind(call: Call, info: ResourceInfo): string {
  const definition = info.custom ? call.server.engine.find('customresourcedefinitions.apiextensions.k8s.io', info.storage) : undefined;
  const named = at(definition, 'spec', 'names', 'listKind');
  return typeof named === 'string' ? named : `${info.kind}List`;
}

/** Items of a list of built-in objects carry no kind and apiVersion of their own. */
function itemOf({ kind: _kind, apiVersion: _version, ...rest }: KubeObject): JsonMap {
  return rest;
}
