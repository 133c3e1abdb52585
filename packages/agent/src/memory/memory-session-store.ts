import { KwError } from '@kw/providers';
import type { Entry, StoredEntry } from '../entry.ts';
import { entryVersion } from '../log/version.ts';
import type { AppendOptions, AppendResult, Lease, Partial, PartialChunk, SessionInfo, SessionStore, Work } from '../session-store.ts';
import { samePrincipal } from '../principal.ts';
import { roleIn } from '../roles.ts';
import { createWaiters } from './waiters.ts';

/** What a memory store may be given. */
export interface MemorySessionStoreOptions {
  /** Milliseconds since the epoch; judges leases. Default `Date.now`. */
  readonly now?: () => number;
}

interface Kept {
  info: SessionInfo;
  readonly entries: StoredEntry[];
  generation: number;
  chunks: readonly PartialChunk[];
  fence: number;
  leaseUntil: number;
}

const claimableKey = '*claimable';

/** Keeps sessions in memory: for one process, until it ends. */
export function memorySessionStore({ now = Date.now }: MemorySessionStoreOptions = {}): SessionStore {
  const sessions = new Map<string, Kept>();
  const waiters = createWaiters();

  const known = (session: string): Kept => {
    const kept = sessions.get(session);
    if (kept === undefined) throw new KwError('unknown-session', `There is no session ${session}. It was deleted or never made.`);
    return kept;
  };
  const held = (lease: Lease): Kept | undefined => {
    const kept = sessions.get(lease.session);
    return kept !== undefined && kept.fence === lease.fence && kept.leaseUntil > now() ? kept : undefined;
  };
  const wake = (session: string, mayClaim: boolean): void => {
    waiters.wake(`session:${session}`);
    waiters.wake(`entries:${session}`);
    if (mayClaim) waiters.wake(claimableKey);
  };
  const append = (
    session: string,
    entries: readonly Entry[],
    { expectedHead, lease, work, endsPartial = false }: AppendOptions,
  ): AppendResult => {
    const kept = known(session);
    if (lease !== undefined && held(lease) === undefined) return { type: 'lease-lost' };
    if (kept.info.head !== expectedHead) return { type: 'head-moved', head: kept.info.head };
    const at = now();
    const stored = entries.map((entry, index): StoredEntry => ({
      seq: expectedHead + index + 1,
      version: entryVersion,
      at,
      entry: structuredClone(entry),
    }));
    kept.entries.push(...stored);
    kept.info = { ...kept.info, head: expectedHead + entries.length, updatedAt: at, work };
    if (endsPartial) {
      kept.chunks = [];
      kept.generation += 1;
    }
    wake(session, work.type !== 'none');
    return { type: 'appended', head: kept.info.head };
  };

  return {
    create: async ({ id, owner, title }) => {
      if (sessions.has(id)) throw new KwError('session-exists', `A session ${id} exists already. Choose another id.`);
      const at = now();
      const info: SessionInfo = {
        id,
        owner,
        createdAt: at,
        updatedAt: at,
        head: 0,
        work: { type: 'none' },
        ...(title === undefined ? {} : { title }),
      };
      sessions.set(id, { info, entries: [], generation: 0, chunks: [], fence: 0, leaseUntil: 0 });
      return info;
    },
    get: async (session) => sessions.get(session)?.info,
    read: async (session, { after, limit = 1_000 }) => sessions.get(session)?.entries.slice(after, after + limit) ?? [],
    append: async (session, entries, options) => append(session, entries, options),
    acquire: async (session, ttlMs) => {
      const kept = sessions.get(session);
      if (kept === undefined || kept.leaseUntil > now()) return undefined;
      kept.fence += 1;
      kept.leaseUntil = now() + ttlMs;
      return { session, fence: kept.fence, expiresAt: kept.leaseUntil };
    },
    renew: async (lease, ttlMs) => {
      const kept = held(lease);
      if (kept === undefined) return undefined;
      kept.leaseUntil = now() + ttlMs;
      return { ...lease, expiresAt: kept.leaseUntil };
    },
    release: async (lease) => {
      const kept = held(lease);
      if (kept === undefined) return;
      kept.leaseUntil = 0;
      wake(lease.session, true);
    },
    appendPartial: async (lease, chunks) => {
      const kept = held(lease);
      if (kept === undefined) return false;
      kept.chunks = joined(kept.chunks, chunks);
      if (chunks.length > 0) waiters.wake(`session:${lease.session}`);
      return true;
    },
    snapshot: async (session, after) => {
      const kept = sessions.get(session);
      if (kept === undefined) return { entries: [] };
      const partial: Partial | undefined = kept.chunks.length === 0 ? undefined : { generation: kept.generation, chunks: kept.chunks };
      const entries = kept.entries.slice(after);
      return partial === undefined ? { entries } : { entries, partial };
    },
    changed: (session, { only = 'session', ...options }) => waiters.wait(`${only}:${session}`, options),
    claimable: async (limit) =>
      [...sessions.values()]
        .filter((kept) => isDue(kept.info.work, now()) && kept.leaseUntil <= now())
        .sort((a, b) => a.info.updatedAt - b.info.updatedAt)
        .slice(0, limit)
        .map((kept) => kept.info.id),
    claimableChanged: (options) => waiters.wait(claimableKey, options),
    list: async (owner, { limit = 1_000, shared = false } = {}) =>
      [...sessions.values()]
        .map((kept) => kept.info)
        .filter((info) => (shared ? roleIn(info, owner) !== undefined : samePrincipal(info.owner, owner)))
        .sort((a, b) => b.updatedAt - a.updatedAt)
        .slice(0, limit),
    untouched: async (before, limit) =>
      [...sessions.values()]
        .filter((kept) => kept.info.updatedAt < before && kept.leaseUntil <= now())
        .sort((a, b) => a.info.updatedAt - b.info.updatedAt)
        .slice(0, limit)
        .map((kept) => kept.info.id),
    share: async (session, members) => {
      const kept = known(session);
      const { members: _before, ...info } = kept.info;
      kept.info = members.length === 0 ? info : { ...info, members: structuredClone(members) };
      wake(session, false);
    },
    rename: async (session, title) => {
      const kept = known(session);
      kept.info = { ...kept.info, title };
      wake(session, false);
    },
    delete: async (session) => {
      sessions.delete(session);
      wake(session, false);
    },
    close: async () => {
      for (const session of sessions.keys()) wake(session, true);
    },
  };
}

function isDue(work: Work, now: number): boolean {
  return work.type === 'ready' || (work.type === 'waiting' && work.wakeAt <= now);
}

/** Neighbours of one kind become one chunk: a long message stays a few chunks. */
function joined(before: readonly PartialChunk[], fresh: readonly PartialChunk[]): readonly PartialChunk[] {
  const chunks = [...before];
  for (const chunk of fresh) {
    const last = chunks.at(-1);
    if (last !== undefined && last.kind !== 'progress' && last.kind === chunk.kind)
      chunks[chunks.length - 1] = { kind: last.kind, text: last.text + chunk.text };
    else chunks.push(chunk);
  }
  return chunks;
}
