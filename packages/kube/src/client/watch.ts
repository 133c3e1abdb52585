import { isKubeError, KubeError } from '../errors.ts';
import type { KubeHost } from '../host.ts';
import { readLines } from './body.ts';
import { isRecord, toKubeObject } from './object.ts';
import type { KubeObject } from './object.ts';
import { apiPath } from './resource.ts';
import type { GroupVersionResource } from './resource.ts';
import { toWatchError } from './status-error.ts';
import type { RequestFacts } from './status-error.ts';
import type { KubeRequest, KubeStream } from './types.ts';

/** The server ends a watch after this time; it is begun again from where it was. */
const watchSeconds = 290;
/** Objects are at most 1.5 MB in etcd; an event may hold one. */
const maxEventBytes = 8 * 1024 * 1024;
const firstPauseMs = 1_000;
const maxPauseMs = 30_000;
/** Failures in a row after which a watch is given up. */
const maxFailures = 5;

/** What is watched. */
export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** From a list or an earlier event; absent: from now, after the present objects as `added`. */
  readonly resourceVersion?: string | undefined;
  /** Asks for the present objects first, closed by a bookmark (Kubernetes 1.32). */
  readonly sendInitialEvents?: boolean | undefined;
}

/** What a watch tells, told apart by `type`. `expired` is the last one: what happened meanwhile is lost, list again. */
export type WatchEvent =
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly object: KubeObject; readonly resourceVersion: string }
  | { readonly type: 'bookmark'; readonly resourceVersion: string; readonly initialEventsEnd: boolean }
  | { readonly type: 'expired'; readonly message: string };

/** What a watch needs of its client. */
export interface WatchPorts {
  readonly host: Pick<KubeHost, 'sleep'>;
  readonly stream: (request: KubeRequest) => Promise<KubeStream>;
  readonly facts: (path: string) => RequestFacts;
}

const eventTypes: ReadonlyMap<unknown, 'added' | 'modified' | 'deleted'> = new Map([
  ['ADDED', 'added'],
  ['MODIFIED', 'modified'],
  ['DELETED', 'deleted'],
]);

/** Watches a resource. Reconnects with growing pauses; throws after 5 failures in a row, or at once where asking again is of no use. */
export async function* watchResource(
  ports: WatchPorts,
  resource: GroupVersionResource,
  options: WatchOptions = {},
): AsyncGenerator<WatchEvent, void, undefined> {
  const { signal } = options;
  const path = apiPath(resource, { namespace: options.namespace });
  let resourceVersion = options.resourceVersion;
  let failures = 0;
  while (true) {
    let heard = false;
    try {
      for await (const event of connectOnce(ports, path, { ...options, resourceVersion })) {
        heard = true;
        if (event.type !== 'expired' && event.resourceVersion !== '') resourceVersion = event.resourceVersion;
        yield event;
        if (event.type === 'expired') return;
      }
      failures = heard ? 0 : failures + 1;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error)) throw error;
      failures = heard ? 1 : failures + 1;
      if (failures >= maxFailures) throw error;
    }
    await ports.host.sleep(Math.min(firstPauseMs * 2 ** Math.max(0, failures - 1), maxPauseMs), signal);
  }
}

function isPassing(error: unknown): boolean {
  return ['unreachable', 'timeout', 'unavailable', 'server-error', 'too-many-requests'].some(
    (code) => isKubeError(error) && error.code === code,
  );
}

async function* connectOnce(ports: WatchPorts, path: string, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
  const { signal, labelSelector, fieldSelector, resourceVersion, sendInitialEvents } = options;
  const initial = sendInitialEvents === true &&
    resourceVersion === undefined && { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' };
  const query = {
    watch: true,
    allowWatchBookmarks: true,
    timeoutSeconds: watchSeconds,
    labelSelector,
    fieldSelector,
    resourceVersion,
    ...initial,
  };
  let stream: KubeStream;
  try {
    stream = await ports.stream({ path, query, signal, idleTimeoutMs: (watchSeconds + 30) * 1_000 });
  } catch (error) {
    if (!isKubeError(error, 'gone')) throw error;
    yield { type: 'expired', message: error.message };
    return;
  }
  for await (const line of readLines(stream.body, maxEventBytes)) yield readEvent(line, ports.facts(path));
}

function readEvent(line: string, facts: RequestFacts): WatchEvent {
  const event = parse(line, facts);
  const { type, object } = event;
  if (type === 'ERROR') {
    const error = toWatchError(object, facts);
    if (error.code !== 'gone') throw error;
    return { type: 'expired', message: error.message };
  }
  const found = toKubeObject(object, `a watch of ${facts.path}`);
  const resourceVersion = found.metadata?.resourceVersion ?? '';
  if (type === 'BOOKMARK') {
    const annotations = found.metadata?.['annotations'];
    return {
      type: 'bookmark',
      resourceVersion,
      initialEventsEnd: isRecord(annotations) && annotations['k8s.io/initial-events-end'] === 'true',
    };
  }
  const known = eventTypes.get(type);
  if (known === undefined) throw new KubeError('bad-answer', `A watch of ${facts.path} gave an event of an unknown type.`);
  return { type: known, object: found, resourceVersion };
}

function parse(line: string, facts: RequestFacts): Readonly<Record<string, unknown>> {
  try {
    const event: unknown = JSON.parse(line);
    if (isRecord(event)) return event;
  } catch (error) {
    throw new KubeError('bad-answer', `A watch of ${facts.path} gave something that is not JSON.`, { cause: error });
  }
  throw new KubeError('bad-answer', `A watch of ${facts.path} gave something that is not an event.`);
}
