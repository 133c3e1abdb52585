import { findResource, isKubeError, toApiVersion } from '@kw/kube';
import type { ApiResource, ApiResources, KubeClient } from '@kw/kube';
import type { createEventIndex } from '../world/event.ts';
import type { KindSource } from '../world/kinds.ts';
import type { createTrim } from '../world/trim.ts';
import { otherNamespaces } from '../world/world.ts';
import type { NotRead, Reading } from '../world/world.ts';
import { toWorldObject } from '../world/world-object.ts';
import type { WorldObject } from '../world/world-object.ts';
import { listObjects } from './list-objects.ts';

/** What all kinds of one reading share. */
export interface ReadScope {
  readonly client: KubeClient;
  readonly discovered: ApiResources;
  /** Only this namespace. */
  readonly namespace?: string | undefined;
  /** Where to look when a kind may not be listed in all namespaces at once. */
  readonly otherwise: () => Promise<VisibleNamespaces>;
  readonly trim: ReturnType<typeof createTrim>;
  readonly events: ReturnType<typeof createEventIndex>;
  readonly signal?: AbortSignal | undefined;
  /** Told of each object. */
  readonly onObject: () => void;
}

/** Namespaces that can be tried one by one. */
export interface VisibleNamespaces {
  readonly names: readonly string[];
  /** False where the cluster has, or may have, others. */
  readonly areAll: boolean;
}

/** A kind as it was read. */
export interface KindRead {
  readonly kind: string;
  readonly reading: Reading;
  readonly objects: readonly WorldObject[];
  readonly notRead: readonly NotRead[];
  readonly namespaces?: ReadonlySet<string>;
}

/** Reads the objects of a kind once; what may not be read is told, never thrown. Throws what ends the whole reading: an abort, a dead server, refused credentials. */
export async function readKind(kind: string, source: KindSource, scope: ReadScope): Promise<KindRead> {
  const resource = findResource(scope.discovered.resources, source.resource);
  if (resource === undefined) return absent(kind, source, scope);
  if (!resource.verbs.includes('list')) return { kind, reading: 'absent', objects: [], notRead: [] };
  const objects: WorldObject[] = [];
  const namespace = resource.namespaced ? scope.namespace : undefined;
  const failed = await collect({ kind, source, resource, scope, objects, namespace });
  if (failed === undefined) return { kind, reading: 'read', objects, notRead: [] };
  if (failed.code !== 'forbidden' || !resource.namespaced || namespace !== undefined)
    return { kind, reading: 'failed', objects, notRead: [{ kind, ...(namespace === undefined ? {} : { namespace }), ...failed }] };
  return readByNamespace({ kind, source, resource, scope, objects, failed });
}

interface KindScope {
  readonly kind: string;
  readonly source: KindSource;
  readonly resource: ApiResource;
  readonly scope: ReadScope;
  readonly objects: WorldObject[];
}

type Failure = Pick<NotRead, 'code' | 'message'>;

/** Where all namespaces at once are refused, one by one: what may be read is read. */
async function readByNamespace(kindScope: KindScope & { readonly failed: Failure }): Promise<KindRead> {
  const { kind, scope, objects, failed } = kindScope;
  const namespaces = new Set<string>();
  const notRead: NotRead[] = [];
  const { names, areAll } = await scope.otherwise();
  for (const namespace of names) {
    const refused = await collect({ ...kindScope, namespace });
    if (refused === undefined) namespaces.add(namespace);
    else notRead.push({ kind, namespace, ...refused });
  }
  if (namespaces.size === 0) return { kind, reading: 'failed', objects, notRead: [{ kind, ...failed }] };
  if (!areAll) notRead.push({ kind, namespace: otherNamespaces, ...failed });
  return { kind, reading: 'read', objects, notRead, namespaces };
}

async function collect(from: KindScope & { readonly namespace: string | undefined }): Promise<Failure | undefined> {
  const { kind, source, resource, scope, objects, namespace } = from;
  const apiVersion = toApiVersion(resource);
  const trim = scope.trim(kind);
  try {
    for await (const item of listObjects(scope.client, { resource, source, namespace, signal: scope.signal })) {
      scope.onObject();
      if (kind === 'Event') {
        scope.events.add(item);
        continue;
      }
      const object = toWorldObject(trim(item), kind, apiVersion);
      if (object !== undefined) objects.push(object);
    }
    return undefined;
  } catch (error) {
    if (scope.signal?.aborted === true || !isKubeError(error) || fatal.has(error.code)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** After these, no other kind can be read either. */
const fatal: ReadonlySet<string> = new Set(['unauthorized', 'unreachable', 'tls', 'proxy', 'no-token', 'exec-failed', 'exec-timeout']);

/** A kind that the server does not list: it has none, unless the server of its group is down. */
function absent(kind: string, { resource }: KindSource, { discovered }: ReadScope): KindRead {
  const group = resource.split('.').slice(1).join('.');
  const down = group === '' ? undefined : discovered.failures.find(({ groupVersion }) => groupVersion.startsWith(`${group}/`));
  if (down === undefined) return { kind, reading: 'absent', objects: [], notRead: [] };
  return {
    kind,
    reading: 'failed',
    objects: [],
    notRead: [{ kind, code: 'unavailable', message: `${down.groupVersion}: ${down.message}` }],
  };
}
