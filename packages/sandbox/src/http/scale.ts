import { ApiError, badRequest, conflict, modified, notFound } from '../api/errors.ts';
import { invalid, invalidObject } from '../api/field-errors.ts';
import type { KubeObject } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import type { JsonMap } from '../json.ts';
import { asMap, asMaps, asNumber, asText, at, clone, isMap, put } from '../json.ts';
import { applyJsonPatch, applyMergePatch } from '../patch/json-patch.ts';
import { selectorText } from '../api/selectors.ts';
import { columnTable, schemaTable } from '../data.ts';
import { labelSelectorText, since } from '../tables/format.ts';
import { readBody } from './body.ts';
import type { Call } from './context.ts';
import type { ApiResponse } from './messages.ts';
import { negotiate } from './negotiate.ts';
import { readPatch, targetOf, writeOptions } from './objects.ts';
import { respond } from './respond.ts';

interface Paths {
  readonly spec: readonly string[];
  readonly status: readonly string[];
  readonly selector: readonly string[] | undefined;
}

/** Where a resource keeps its number of replicas. */
function pathsOf(call: Call, info: ResourceInfo): Paths {
  if (!info.custom) return { spec: ['spec', 'replicas'], status: ['status', 'replicas'], selector: undefined };
  const definition = call.server.engine.find('customresourcedefinitions.apiextensions.k8s.io', info.storage);
  const version = asMaps(at(definition, 'spec', 'versions')).find(({ name }) => name === info.version);
  const scale = asMap(at(version, 'subresources', 'scale'));
  const path = (value: JsonMap[string]): string[] => asText(value).replace(/^\./, '').split('.');
  return {
    spec: path(scale.specReplicasPath),
    status: path(scale.statusReplicasPath),
    selector: scale.labelSelectorPath ? path(scale.labelSelectorPath) : undefined,
  };
}

function scaleOf(object: KubeObject, info: ResourceInfo, paths: Paths): JsonMap {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = info.custom
    ? asText(paths.selector && at(object, ...paths.selector))
    : info.kind === 'ReplicationController'
      ? selectorText(asMap(at(object, 'spec', 'selector')))
      : labelSelectorText(at(object, 'spec', 'selector'));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: asNumber(at(object, ...paths.spec)) === 0 ? {} : { replicas: asNumber(at(object, ...paths.spec)) },
    status: { replicas: asNumber(at(object, ...paths.status)), ...(selector === '' ? {} : { selector }) },
  };
}

/** Answers GET, PUT and PATCH of a scale. */
export function handleScale(call: Call, info: ResourceInfo): ApiResponse {
  const { engine } = call.server;
  const target = targetOf(call, info);
  const object = engine.store.get(info.storage, target.namespace, target.name);
  if (!object) throw notFound(info, target.name);
  const paths = pathsOf(call, info);
  const current = scaleOf(object, info, paths);
  const representation = negotiate(call.request.headers.get('accept'));
  if (call.info.verb === 'get')
    return respond(
      call.request,
      200,
      representation.as === 'table' ? scaleTable(call, current, representation.version) : current,
      representation.format,
    );
  const wanted = call.info.verb === 'patch' ? patchedScale(call, current) : readBody(call.request, 'Scale').value;
  const options = writeOptions(call, call.info.verb === 'patch' ? 'PatchOptions' : 'UpdateOptions');
  const version = asText(at(wanted, 'metadata', 'resourceVersion'));
  if (version !== '' && version !== object.metadata.resourceVersion) throw conflict(info, target.name, modified);
  const replicas = at(wanted, 'spec', 'replicas');
  if (replicas !== undefined && typeof replicas !== 'number')
    throw badRequest(
      `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`,
    );
  if (asNumber(replicas) < 0) {
    throw invalidObject({ group: 'autoscaling', kind: 'Scale' }, target.name, [
      invalid('spec.replicas', asNumber(replicas), 'must be greater than or equal to 0'),
    ]);
  }
  const next = clone(object);
  put(next, paths.spec, asNumber(replicas));
  const updated = engine.updateAt(target, next, { ...options, subresource: 'scale' });
  return respond(call.request, 200, scaleOf(updated, info, paths));
}

/** A scale as the Table that clients print. */
function scaleTable(call: Call, scale: JsonMap, version: string): JsonMap {
  const metadata = asMap(scale.metadata);
  const plain = columnTable()['/v1/configmaps'] ?? [];
  const describe = (type: string): string =>
    asText(at(schemaTable()[`io.k8s.api.autoscaling.v1.${type}`], 'properties', 'replicas', 'description'));
  const count = (name: string, description: string): JsonMap => ({ name, type: 'integer', format: '', description, priority: 0 });
  const column = (name: string): JsonMap => ({ ...plain.find((entry) => entry.name === name) });
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata: { resourceVersion: metadata.resourceVersion ?? '' },
    columnDefinitions: [
      column('Name'),
      count('Desired', describe('ScaleSpec')),
      count('Available', describe('ScaleStatus')),
      column('Age'),
    ],
    rows: [
      {
        cells: [
          asText(metadata.name),
          asNumber(at(scale, 'spec', 'replicas')),
          asNumber(at(scale, 'status', 'replicas')),
          since(metadata.creationTimestamp, call.server.engine.clock.now()),
        ],
        object: { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata },
      },
    ],
  };
}

function patchedScale(call: Call, current: JsonMap): JsonMap {
  const { type, body } = readPatch(call);
  if (type === 'json' && Array.isArray(body)) return applyJsonPatch(current, body);
  if (type === 'apply') return isMap(body) ? applyMergePatch(current, body) : current;
  if (isMap(body)) return applyMergePatch(current, body);
  throw new ApiError(400, 'BadRequest', 'error decoding patch: no object', {});
}
