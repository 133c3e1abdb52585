import type { Entry, Principal, SessionInfo, SessionStore } from '@kw/agent';
import { KwError } from '@kw/agent';
import type { AuditSink } from './audit.ts';
import { auditRecord, who } from './audit.ts';
import type { RunPlace, RunPlaces } from './run-places.ts';
import type { Spending } from './spending.ts';

/** What is done around a store. */
export interface TeamStoreOptions {
  readonly places: RunPlaces;
  /** Takes a line before each command and after each thing that happened. */
  readonly audit?: AuditSink;
  readonly spending?: Spending;
  /** True while nothing may be driven. */
  readonly isStopped: () => boolean;
  /** Whether runs of this session can act now; absent: all can. */
  readonly mayDrive?: (session: SessionInfo) => boolean;
  /** Takes what people should know; each kind of trouble once. */
  readonly warn: (message: string) => void;
  readonly now?: () => number;
}

/** A store for a team, and the sessions that are driven here. */
export interface TeamStore {
  readonly sessions: SessionStore;
  readonly driven: () => readonly string[];
}

const maxAsked = 10_000;
const maxIntents = 1_000;

/** Wraps a store: what happens is audited and counted, and what may not be driven now is not offered. */
export function teamStore(store: SessionStore, options: TeamStoreOptions): TeamStore {
  const { places, audit, spending, isStopped, mayDrive, warn, now = Date.now } = options;
  const held = new Set<string>();
  const intents = new Set<string>();
  const warned = new Set<string>();
  const warnOnce = (what: string, error: unknown): void => {
    if (warned.has(what)) return;
    warned.add(what);
    warn(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  };
  const write = async (session: string, entry: Entry, beside: readonly Entry[]): Promise<void> => {
    const record = auditRecord(session, entry, startIn(beside, entry.runId) ?? (await placeOf(session, entry, places)));
    if (record !== undefined) audit?.write(`${JSON.stringify({ time: new Date(now()).toISOString(), ...record })}\n`);
  };
  const note = (record: Readonly<Record<string, unknown>>): void => {
    try {
      audit?.write(`${JSON.stringify({ time: new Date(now()).toISOString(), ...record })}\n`);
    } catch (error) {
      warnOnce('the audit log can not be written', error);
    }
  };
  /** An intent is written down before the entry is, once also where the append is tried again. */
  const announce = async (session: string, entries: readonly Entry[]): Promise<void> => {
    for (const entry of entries) {
      if (entry.type !== 'tool-intent') continue;
      const key = `${session}\n${entry.runId}\n${entry.callId}\n${entry.fingerprint}`;
      if (intents.has(key)) continue;
      try {
        await write(session, entry, entries);
        intents.add(key);
        for (const oldest of intents) if (intents.size > maxIntents) intents.delete(oldest);
      } catch (cause) {
        if (entry.effect !== 'read')
          throw new KwError('store-unavailable', `the audit log can not be written (${messageOf(cause)})`, { cause });
        warnOnce('the audit log can not be written', cause);
      }
    }
  };
  const tell = async (session: string, entries: readonly Entry[]): Promise<void> => {
    for (const entry of entries) {
      if (entry.type === 'run-start')
        places.remember(session, entry.runId, { by: entry.by, ...(entry.target !== undefined && { target: entry.target }) });
      try {
        if (audit !== undefined && entry.type !== 'tool-intent') await write(session, entry, entries);
      } catch (error) {
        warnOnce('the audit log can not be written', error);
      }
      const used = usedBy(entry);
      if (spending === undefined || used === undefined) continue;
      try {
        const by = (await places.of(session, entry.runId))?.by;
        if (by !== undefined) await spending.add(by, used);
      } catch (error) {
        warnOnce('what is used is not written down', error);
      }
    }
  };

  const sessions: SessionStore = {
    ...store,
    append: async (session, entries, appended) => {
      if (audit !== undefined) await announce(session, entries);
      const result = await store.append(session, entries, appended);
      if (result.type === 'appended') await tell(session, entries);
      return result;
    },
    share: async (session, members) => {
      await store.share(session, members);
      note({ type: 'session-shared', session, members });
    },
    delete: async (session) => {
      const owner = audit === undefined ? undefined : (await store.get(session))?.owner;
      await store.delete(session);
      if (owner !== undefined) note({ type: 'session-deleted', session, owner: who(owner) });
    },
    acquire: async (session, ttlMs) => {
      const lease = await store.acquire(session, ttlMs);
      if (lease !== undefined) held.add(session);
      return lease;
    },
    release: async (lease) => {
      held.delete(lease.session);
      await store.release(lease);
    },
    claimable: async (limit) => {
      if (isStopped()) return [];
      if (mayDrive === undefined) return store.claimable(limit);
      for (let asked = limit; ; asked *= 4) {
        const ids = await store.claimable(asked);
        const infos = await Promise.all(ids.map((id) => store.get(id)));
        const possible = infos.flatMap((info) => (info !== undefined && mayDrive(info) ? [info.id] : []));
        if (possible.length >= limit || ids.length < asked || asked >= maxAsked) return possible.slice(0, limit);
      }
    },
  };
  return { sessions, driven: () => [...held] };
}

/** Whose run it is, where its beginning is written down in the same moment. */
function startIn(entries: readonly Entry[], runId: string): RunPlace | undefined {
  const start = entries.find((entry) => entry.type === 'run-start' && entry.runId === runId);
  return start?.type === 'run-start' ? { by: start.by, ...(start.target !== undefined && { target: start.target }) } : undefined;
}

async function placeOf(session: string, entry: Entry, places: RunPlaces): ReturnType<RunPlaces['of']> {
  return entry.type === 'run-start' ? undefined : places.of(session, entry.runId);
}

type Used = Parameters<Spending['add']>[1];

function usedBy(entry: Entry): Used | undefined {
  if (entry.type !== 'assistant-message' && entry.type !== 'message-discarded' && entry.type !== 'context-compacted') return undefined;
  const { usage, cost } = entry;
  if (usage === undefined && cost === undefined) return undefined;
  return { ...(usage !== undefined && { usage }), ...(cost !== undefined && { cost }) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether somebody's runs can act: those of this process's user always, others' where their token is at hand. */
export function tokenAtHand(has: (by: Principal) => boolean): (session: SessionInfo) => boolean {
  return ({ owner }) => owner.issuer === 'local' || has(owner);
}
