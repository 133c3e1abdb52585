import { KubeError } from '../errors.ts';
import { toKubeObject } from './object.ts';
import type { KubeObject } from './object.ts';
import { apiPath } from './resource.ts';
import type { GroupVersionResource } from './resource.ts';
import type { ChangeOptions, ChangeResult, KubeClient, KubeRequest, KubeText, ObjectPatch } from './types.ts';

type Changes = Pick<KubeClient, 'create' | 'update' | 'patch' | 'apply' | 'delete'>;

const patchTypes: Readonly<Record<ObjectPatch['type'], string>> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

/** The five changes; with `dryRun: 'server'` the server only says what would be. */
export function createChanges(send: (request: KubeRequest) => Promise<KubeText>): Changes {
  const change = async (request: KubeRequest): Promise<ChangeResult> => {
    const { text, warnings } = await send(request);
    return { object: toKubeObject(parse(text, request.path), `${request.method ?? 'GET'} ${request.path}`), warnings };
  };
  return {
    create: (resource, object, options) => {
      const { query, call } = split(options);
      return change({ method: 'POST', path: apiPath(resource, { namespace: object.metadata?.namespace }), query, body: object, ...call });
    },
    update: (resource, object, options) => {
      const { query, call } = split(options);
      return change({ method: 'PUT', path: pathOf(resource, object), query, body: object, ...call });
    },
    patch: ({ resource, ...to }, { type, body }, options) => {
      const { query, call } = split(options);
      return change({ method: 'PATCH', path: apiPath(resource, to), query, body, contentType: patchTypes[type], ...call });
    },
    apply: (resource, object, { force, ...options }) => {
      const { query, call } = split(options);
      // JSON is YAML; the type asks for YAML.
      return change({
        method: 'PATCH',
        path: pathOf(resource, object),
        query: { ...query, force },
        body: object,
        contentType: 'application/apply-patch+yaml',
        ...call,
      });
    },
    delete: ({ resource, ...to }, { propagationPolicy, gracePeriodSeconds, preconditions, ...options }) => {
      const { dryRun, call } = split(options);
      const body = {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        ...(dryRun && { dryRun: ['All'] }),
        propagationPolicy,
        gracePeriodSeconds,
        preconditions,
      };
      // In the query, too: a server that ignored the body would delete for real.
      return change({ method: 'DELETE', path: apiPath(resource, to), query: { dryRun: dryRun ? 'All' : undefined }, body, ...call });
    },
  };
}

function split({ dryRun: wish, fieldManager, fieldValidation, ...call }: ChangeOptions): {
  readonly dryRun: boolean;
  readonly query: NonNullable<KubeRequest['query']>;
  readonly call: Pick<KubeRequest, 'signal' | 'headerTimeoutMs' | 'idleTimeoutMs' | 'maxBodyBytes'>;
} {
  // From JavaScript anything may come: only the exact word makes a real change.
  const dryRun = wish !== 'none';
  return { dryRun, query: { dryRun: dryRun ? 'All' : undefined, fieldManager, fieldValidation }, call };
}

function pathOf(resource: GroupVersionResource, { metadata }: KubeObject): string {
  if (metadata?.name === undefined)
    throw new KubeError('bad-call', `An object of ${resource.resource} without metadata.name can't be changed.`);
  return apiPath(resource, { namespace: metadata.namespace, name: metadata.name });
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KubeError('bad-answer', `The answer for ${path} is not JSON.`, { cause: error });
  }
}
