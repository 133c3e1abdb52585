import type { OpenTarget, TargetSource } from '@kw/agent';
import { createCached } from './cached.ts';

/** Words that the cluster knows, for completion: cached for a minute, waited for at most a moment, empty where it does not answer. */
export interface ClusterWords {
  /** Plural, singular and short names of all kinds. */
  kinds(): Promise<readonly string[]>;
  namespaces(): Promise<readonly string[]>;
  /** Names of a kind; undefined where the word is no kind. */
  names(kind: string, namespace: string | undefined): Promise<readonly string[] | undefined>;
  /** Names that people ask about most, in one namespace. */
  common(namespace: string | undefined): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** The part of an open target's client that is used here. */
interface ListClient {
  json(request: {
    readonly path: string;
    readonly query?: Readonly<Record<string, string | number>>;
    readonly accept?: string;
    readonly signal?: AbortSignal;
  }): Promise<unknown>;
  resources(options?: { readonly signal?: AbortSignal }): Promise<{ readonly resources: readonly Resource[] }>;
}

interface Resource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** Kinds whose names stand in questions. */
const commonKinds = ['deployments', 'statefulsets', 'daemonsets', 'services', 'pods'];
/** Names of one kind that are offered. */
const maxNames = 500;
/** Names alone are asked for, not whole objects. */
const namesOnly = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

/** Makes the words of the current cluster. Nothing is asked before the first word. */
export function createClusterWords(targets: TargetSource, monotonic: () => number): ClusterWords {
  const cached = createCached({ monotonic });
  let opening: Promise<{ readonly target: OpenTarget; readonly client: ListClient }> | undefined;

  const open = async (): Promise<{ readonly target: OpenTarget; readonly client: ListClient }> => {
    const target = await targets.open(await targets.freeze({}));
    if (!hasClient(target)) {
      await target.close();
      throw new Error('this target has no client');
    }
    return { target, client: target.client };
  };
  const opened = (): Promise<{ readonly target: OpenTarget; readonly client: ListClient }> => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const resourcesOf = async (signal: AbortSignal): Promise<readonly Resource[]> => {
    const { client } = await opened();
    const { resources } = await client.resources({ signal });
    return resources.filter(({ verbs }) => verbs.includes('list'));
  };
  const kinds = (): Promise<readonly string[]> =>
    cached.get('kinds', async (signal) => {
      const resources = await resourcesOf(signal);
      return [
        ...new Set(
          resources.flatMap(({ resource, singular, shortNames, kind }) => [resource, singular || kind.toLowerCase(), ...shortNames]),
        ),
      ];
    });
  const list = (resource: Resource, namespace: string | undefined): Promise<readonly string[]> =>
    cached.get(`names ${resource.group}/${resource.resource} ${namespace ?? ''}`, async (signal) => {
      const { client, target } = await opened();
      const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
      const place = namespace ?? target.target.namespace ?? 'default';
      const scope = resource.namespaced ? `/namespaces/${encodeURIComponent(place)}` : '';
      const answer = await client.json({
        path: `${root}${scope}/${resource.resource}`,
        query: { limit: maxNames },
        accept: namesOnly,
        signal,
      });
      return namesIn(answer);
    });
  const find = async (kind: string): Promise<Resource | undefined> => {
    if (!(await kinds()).includes(kind.toLowerCase())) return undefined;
    const wanted = kind.toLowerCase();
    return (await resourcesOf(AbortSignal.timeout(1_000))).find(
      ({ resource, singular, shortNames, kind: own }) =>
        resource === wanted || singular === wanted || own.toLowerCase() === wanted || shortNames.includes(wanted),
    );
  };
  const names = async (kind: string, namespace: string | undefined): Promise<readonly string[] | undefined> => {
    const resource = await find(kind).catch(() => undefined);
    return resource === undefined ? undefined : list(resource, namespace);
  };
  return {
    kinds,
    names,
    namespaces: async () => (await names('namespaces', undefined)) ?? [],
    common: async (namespace) => {
      const lists = await Promise.all(commonKinds.map((kind) => names(kind, namespace)));
      return [...new Set(lists.flatMap((list) => list ?? []))];
    },
    close: async () => {
      cached.close();
      const { target } = (await opening?.catch(() => undefined)) ?? {};
      await target?.close();
    },
  };
}

function hasClient(target: OpenTarget): target is OpenTarget & { readonly client: ListClient } {
  if (!('client' in target)) return false;
  const { client } = target;
  return typeof client === 'object' && client !== null && 'json' in client && 'resources' in client;
}

function namesIn(answer: unknown): readonly string[] {
  const items: readonly unknown[] = isRecord(answer) && Array.isArray(answer['items']) ? answer['items'] : [];
  return items.flatMap((item) => {
    const metadata = isRecord(item) ? item['metadata'] : undefined;
    const name = isRecord(metadata) ? metadata['name'] : undefined;
    // What could steer the terminal is no name.
    return typeof name === 'string' && /^[\w.:@-]+$/.test(name) ? [name] : [];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
