import { notFound } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import type { Call } from './context.ts';
import { objectAs, objectTable } from './list.ts';
import type { ApiResponse } from './messages.ts';
import { negotiate } from './negotiate.ts';
import { respond } from './respond.ts';

/** Answers componentstatuses: all components are this process, so they are as healthy as it is. */
export function handleComponents(call: Call, info: ResourceInfo): ApiResponse {
  const representation = negotiate(call.request.headers.get('accept'));
  const objects = ['scheduler', 'controller-manager', 'etcd-0'].map((name): KubeObject => ({
    kind: 'ComponentStatus',
    apiVersion: 'v1',
    metadata: { name },
    conditions: [{ type: 'Healthy', status: 'True', message: 'ok' }],
  }));
  if (call.info.name !== '') {
    const object = objects.find(({ metadata }) => metadata.name === call.info.name);
    if (!object) throw notFound(info, call.info.name);
    return respond(call.request, 200, objectAs(call, info, object, representation));
  }
  if (representation.as === 'table') return respond(call.request, 200, objectTable(call, info, { objects, metadata: {} }, representation));
  return respond(call.request, 200, {
    kind: 'ComponentStatusList',
    apiVersion: 'v1',
    metadata: {},
    items: objects.map(({ kind: _kind, apiVersion: _version, ...item }) => item),
  });
}
