import { ApiError } from '../api/errors.ts';
import { selectionTest } from '../api/engine.ts';
import type { KubeObject } from '../api/object.ts';
import { nameOf, namespaceOf } from '../api/object.ts';
import type { ResourceInfo } from '../api/registry.ts';
import { apiVersionOf } from '../api/registry.ts';
import type { Change } from '../api/types.ts';
import type { JsonMap } from '../json.ts';
import { createChannel } from './channel.ts';
import type { Call } from './context.ts';
import { toVersion } from './convert.ts';
import { listParameters, objectTable } from './list.ts';
import type { ApiResponse } from './messages.ts';
import { negotiate } from './negotiate.ts';
import { goJson } from './respond.ts';

/** How long a watch lasts that names no time: 30 to 60 minutes on the real server. */
const watchTimeoutMs = 40 * 60 * 1000;

/** How often a quiet watch gets a bookmark that asks for them. */
const bookmarkEveryMs = 60_000;

interface Event {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubeObject;
}

/** Answers a watch: what there is, where that was asked for, then every change. */
export function watchObjects(call: Call, info: ResourceInfo): ApiResponse {
  const { request, server } = call;
  const { engine } = server;
  const representation = negotiate(request.headers.get('accept'));
  const parameters = listParameters(call, true);
  const inScope = scopeTest(call, info, selectionTest(info.storage, parameters));
  const from = parameters.resourceVersion;
  const flag = (name: string): boolean => ['true', '1', ''].includes(request.query.get(name) ?? 'false');
  const sendInitial = request.query.has('sendInitialEvents') ? flag('sendInitialEvents') : from === undefined || from === 0;
  const past = sendInitial || from === undefined ? [] : engine.store.since(from, info.storage);
  if (!past) throw new ApiError(410, 'Expired', `too old resource version: ${from} (${engine.resourceVersion()})`, {});
  const initial = sendInitial ? engine.store.list(info.storage, info.namespaced ? call.info.namespace : '').filter(inScope) : [];
  const channel = createChannel<Event>();
  for (const object of initial) channel.send({ type: 'ADDED', object });
  const bookmarks = flag('allowWatchBookmarks');
  const bookmark = (annotations?: Record<string, string>): void => {
    const metadata = { resourceVersion: String(engine.resourceVersion()), ...(annotations ? { annotations } : {}) };
    channel.send({ type: 'BOOKMARK', object: { kind: info.kind, apiVersion: apiVersionOf(info), metadata } });
  };
  if (sendInitial && request.query.has('sendInitialEvents') && bookmarks) bookmark({ 'k8s.io/initial-events-end': 'true' });
  const tell = (change: Change): void => {
    const event = change.resource.storage === info.storage ? eventOf(change, inScope) : undefined;
    // A version from the future hears nothing until it comes.
    if (event && change.resourceVersion > (from ?? 0)) channel.send(event);
  };
  past.forEach(tell);
  const stop = engine.watch(tell);
  const seconds = Number(request.query.get('timeoutSeconds') ?? 0);
  const cancelTimeout = later(seconds > 0 ? seconds * 1000 : watchTimeoutMs, () => channel.end());
  const cancelBookmarks = bookmarks ? every(bookmarkEveryMs, () => bookmark()) : undefined;
  const end = (): void => channel.end();
  request.signal.addEventListener('abort', end, { once: true });
  const write = eventWriter(call, info, representation.as, representation.version);
  async function* lines(): AsyncGenerator<string> {
    try {
      for await (const event of channel) yield write(event);
    } finally {
      stop();
      cancelTimeout();
      cancelBookmarks?.();
      request.signal.removeEventListener('abort', end);
    }
  }
  return { status: 200, headers: [['content-type', 'application/json']], body: lines() };
}

// Watches end by the time of the wire, not by the simulated one.
function later(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  timer.unref();
  return () => clearTimeout(timer);
}

function every(ms: number, task: () => void): () => void {
  const timer = setInterval(task, ms);
  timer.unref();
  return () => clearInterval(timer);
}

function scopeTest(
  { info: { namespace, name } }: Call,
  info: ResourceInfo,
  test: (object: KubeObject) => boolean,
): (object: KubeObject) => boolean {
  const scope = info.namespaced ? namespace : '';
  return (object) => (scope === '' || namespaceOf(object) === scope) && (name === '' || nameOf(object) === name) && test(object);
}

/** The event for a watcher: an object that begins or ceases to fit is added or deleted for it. */
function eventOf({ type, object, previous }: Change, fits: (object: KubeObject) => boolean): Event | undefined {
  const before = previous !== undefined && fits(previous);
  if (type === 'deleted') return before ? { type: 'DELETED', object } : undefined;
  if (fits(object)) return { type: before ? 'MODIFIED' : 'ADDED', object };
  if (!before || !previous) return undefined;
  return {
    type: 'DELETED',
    object: { ...previous, metadata: { ...previous.metadata, resourceVersion: object.metadata.resourceVersion ?? '' } },
  };
}

function eventWriter(call: Call, info: ResourceInfo, as: 'object' | 'table' | 'metadata', version: string): (event: Event) => string {
  let first = true;
  const shape = (event: Event): JsonMap => {
    const object = event.type === 'BOOKMARK' ? event.object : toVersion(info, event.object);
    if (as === 'table') {
      const page = {
        objects: event.type === 'BOOKMARK' ? [] : [object],
        metadata: {
          resourceVersion: object.metadata.resourceVersion ?? '',
          ...(event.type === 'BOOKMARK' && object.metadata.annotations ? { annotations: object.metadata.annotations } : {}),
        },
      };
      const table = objectTable(call, info, page, { version, withColumns: first });
      first = false;
      return table;
    }
    if (as === 'metadata') return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
    return object;
  };
  return (event) => `${goJson({ type: event.type, object: shape(event) })}\n`;
}
