import { isKwError, type KwError } from '@kw/providers';
import type { Clock } from '../clock.ts';
import type { Entry, RunEndEntry, StoredEntry } from '../entry.ts';
import { entryVersion } from '../log/version.ts';
import { createWaiters } from '../memory/waiters.ts';
import type { AppendOptions, AppendResult, PartialChunk, SessionInfo, SessionStore } from '../session-store.ts';

/** A store that lets a driven run end in this process where its engine fails in the middle. */
export interface OverlayStore extends SessionStore {
  /** True where a session's log cannot be written at the moment: nothing may be changed and nobody asked. */
  unwritable(session: string): boolean;
}

interface Overlay {
  /** The last entry that is durable. */
  readonly base: number;
  readonly error: KwError;
  readonly entries: StoredEntry[];
  chunks: readonly PartialChunk[];
  generation: number;
  triedAt: number;
}

/** Waits between tries before the engine is given up for now. */
const retriesMs = [50, 250];
/** How often healing is tried. */
const healMs = 1_000;
const maxInfos = 256;

/**
 * Wraps a store: when a driver's append fails, the session's entries stay in memory, seen by the readers of this process,
 * until the engine writes again; then they are made durable together. A run that ends meanwhile ends as failed.
 */
export function withOverlay(store: SessionStore, clock: Clock): OverlayStore {
  const overlays = new Map<string, Overlay>();
  const infos = new Map<string, SessionInfo>();
  const waiters = createWaiters();

  const remember = (info: SessionInfo): SessionInfo => {
    infos.delete(info.id);
    infos.set(info.id, info);
    for (const oldest of infos.keys()) if (infos.size > maxInfos) infos.delete(oldest);
    return info;
  };
  const tryAppend = async (session: string, entries: readonly Entry[], options: AppendOptions): Promise<AppendResult | KwError> => {
    for (const waitMs of [...retriesMs, undefined]) {
      try {
        return await store.append(session, entries, options);
      } catch (error) {
        if (!isUnavailable(error)) throw error;
        if (waitMs === undefined) return error;
        await clock.sleep(waitMs);
      }
    }
    throw new Error('unreachable');
  };
  const put = (session: string, overlay: Overlay, entries: readonly Entry[], endsPartial: boolean): AppendResult => {
    const head = overlay.base + overlay.entries.length;
    const at = clock.now();
    overlay.entries.push(
      ...entries.map((entry, index) => ({
        seq: head + index + 1,
        version: entryVersion,
        at,
        entry: entry.type === 'run-end' ? failed(entry, overlay.error) : entry,
      })),
    );
    if (endsPartial) {
      overlay.chunks = [];
      overlay.generation += 1;
    }
    waiters.wake(session);
    return { type: 'appended', head: head + entries.length };
  };
  const begin = (session: string, base: number, error: KwError): Overlay => {
    const overlay: Overlay = { base, error, entries: [], chunks: [], generation: Number.MAX_SAFE_INTEGER / 2, triedAt: clock.now() };
    overlays.set(session, overlay);
    return overlay;
  };
  const heal = async (
    session: string,
    overlay: Overlay,
    entries: readonly Entry[],
    options: AppendOptions,
  ): Promise<AppendResult | undefined> => {
    if (options.lease !== undefined && clock.now() - overlay.triedAt < healMs) return undefined;
    overlay.triedAt = clock.now();
    try {
      const all = [
        ...overlay.entries.map((stored) => stored.entry),
        ...entries.map((entry) => (entry.type === 'run-end' ? failed(entry, overlay.error) : entry)),
      ];
      const result = await store.append(session, all, { ...options, expectedHead: overlay.base, endsPartial: true });
      overlays.delete(session);
      waiters.wake(session);
      return result.type === 'head-moved' && options.lease !== undefined ? { type: 'lease-lost' } : result; // its driver knows entries that are no more
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      return undefined;
    }
  };
  const withRest = (session: string, after: number, entries: readonly StoredEntry[]): readonly StoredEntry[] => {
    const overlay = overlays.get(session);
    return overlay === undefined
      ? entries
      : [...entries.filter(({ seq }) => seq <= overlay.base), ...overlay.entries.filter(({ seq }) => seq > after)];
  };
  const durable = async <T>(session: string, after: number, read: () => Promise<T>, none: T): Promise<T> => {
    const overlay = overlays.get(session);
    return overlay !== undefined && after >= overlay.base ? none : read();
  };

  const overlaid = async (session: string, after: number, { generation, chunks }: Overlay): ReturnType<SessionStore['snapshot']> => {
    const found = await durable(session, after, () => store.snapshot(session, after), { entries: [] });
    const entries = withRest(session, after, found.entries);
    return chunks.length === 0 ? { entries } : { entries, partial: { generation, chunks } };
  };

  return {
    ...store,
    unwritable: (session) => overlays.has(session),
    create: async (session) => remember(await store.create(session)),
    get: async (session) => {
      try {
        const info = await store.get(session);
        return info === undefined ? undefined : remember(info);
      } catch (error) {
        const known = overlays.has(session) || isUnavailable(error) ? infos.get(session) : undefined;
        if (known === undefined) throw error;
        return known;
      }
    },
    append: async (session, entries, options) => {
      const overlay = overlays.get(session);
      if (overlay === undefined) {
        const result = await tryAppend(session, entries, options);
        if (!isKwError(result)) return result;
        if (options.lease === undefined && !isCancel(entries)) throw result;
        return put(session, begin(session, options.expectedHead, result), entries, options.endsPartial === true);
      }
      if (options.expectedHead !== overlay.base + overlay.entries.length)
        return { type: 'head-moved', head: overlay.base + overlay.entries.length };
      const healed = await heal(session, overlay, entries, options);
      if (healed === undefined && options.lease === undefined && !isCancel(entries)) throw overlay.error;
      return healed ?? put(session, overlay, entries, options.endsPartial === true);
    },
    read: async (session, { after, limit = 1_000 }) => {
      const entries = await durable(session, after, () => store.read(session, { after, limit }), []);
      return withRest(session, after, entries).slice(0, limit);
    },
    snapshot: (session, after) => {
      const overlay = overlays.get(session);
      return overlay === undefined ? store.snapshot(session, after) : overlaid(session, after, overlay);
    },
    appendPartial: (lease, chunks) => {
      const overlay = overlays.get(lease.session);
      if (overlay === undefined) return store.appendPartial(lease, chunks);
      overlay.chunks = [...overlay.chunks, ...chunks];
      waiters.wake(lease.session);
      return Promise.resolve(true);
    },
    renew: async (lease, ttlMs) => {
      try {
        return await store.renew(lease, ttlMs);
      } catch (error) {
        if (!overlays.has(lease.session)) throw error;
        return { ...lease, expiresAt: clock.now() + ttlMs }; // what is made durable later is fenced by the store
      }
    },
    changed: (session, options) =>
      new Promise((resolve, reject) => {
        // The engine's wait ends by itself where the other is first: at its time or when the reader leaves.
        const leave = waiters.join(session, resolve);
        store.changed(session, options).then(
          () => {
            leave();
            resolve();
          },
          (error: unknown) => {
            leave();
            reject(error);
          },
        );
      }),
    delete: async (session) => {
      await store.delete(session);
      overlays.delete(session);
      infos.delete(session);
    },
  };
}

function isUnavailable(error: unknown): error is KwError {
  return isKwError(error) && error.code === 'store-unavailable';
}

/** A wish to end a run is taken whatever the disk does. */
function isCancel(entries: readonly Entry[]): boolean {
  return entries[0]?.type === 'cancel-request';
}

function failed(end: RunEndEntry, error: KwError): RunEndEntry {
  const { outcome } = end;
  if (outcome.type === 'failed' || outcome.type === 'cancelled') return end;
  const message = `the log could not be written, so nothing was changed and the run is not kept: ${error.message}`;
  return { ...end, outcome: { type: 'failed', code: error.code, message, answer: outcome.answer } };
}
