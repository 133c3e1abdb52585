import { KwError } from '@kw/providers';
import type { SessionStore } from '../session-store.ts';

/** What happens at the chosen operation, and at all after it. */
export type StoreFault =
  /** As if the process had died before the operation. */
  | 'halt-before'
  /** As if the process had died after it: it is done, but nobody hears of it. */
  | 'halt-after'
  /** The engine fails, from then on. */
  | 'unavailable'
  /** The engine fails once. */
  | 'unavailable-once';

/** A store whose n-th operation meets a fault. */
export interface FaultyStore extends SessionStore {
  /** Operations so far. */
  operations(): number;
  /** Names of the operations so far. */
  names(): readonly string[];
}

/** What is counted; by default all but waiting. */
export interface FaultOptions {
  readonly at: number;
  readonly fault: StoreFault;
  readonly only?: readonly (keyof SessionStore)[];
}

/** Wraps a store as one process sees it; the n-th operation (from 1) meets the fault. */
export function faultyStore(store: SessionStore, { at, fault, only }: FaultOptions): FaultyStore {
  const names: string[] = [];
  const never = (): Promise<never> => new Promise(() => undefined);
  const halting = fault === 'halt-before' || fault === 'halt-after';

  const step = async <T>(name: keyof SessionStore, work: () => Promise<T>): Promise<T> => {
    if (only !== undefined && !only.includes(name)) return halting && names.length >= at ? never() : work();
    names.push(name);
    const count = names.length;
    if (count < at) return work();
    switch (fault) {
      case 'halt-before':
        return never();
      case 'halt-after':
        if (count === at) await work();
        return never();
      case 'unavailable':
        throw new KwError('store-unavailable', 'the disk is full');
      case 'unavailable-once':
        if (count === at) throw new KwError('store-unavailable', 'the disk was full for a moment');
        return work();
    }
  };
  const wait = (work: () => Promise<void>): Promise<void> => (halting && names.length >= at ? never() : work());

  return {
    operations: () => names.length,
    names: () => names,
    create: (session) => step('create', () => store.create(session)),
    get: (session) => step('get', () => store.get(session)),
    read: (session, options) => step('read', () => store.read(session, options)),
    append: (session, entries, options) => step('append', () => store.append(session, entries, options)),
    acquire: (session, ttlMs) => step('acquire', () => store.acquire(session, ttlMs)),
    renew: (lease, ttlMs) => step('renew', () => store.renew(lease, ttlMs)),
    release: (lease) => step('release', () => store.release(lease)),
    appendPartial: (lease, chunks) => step('appendPartial', () => store.appendPartial(lease, chunks)),
    snapshot: (session, after) => step('snapshot', () => store.snapshot(session, after)),
    changed: (session, options) => wait(() => store.changed(session, options)),
    claimable: (limit) => step('claimable', () => store.claimable(limit)),
    claimableChanged: (options) => wait(() => store.claimableChanged(options)),
    list: (owner, options) => store.list(owner, options),
    untouched: (before, limit) => store.untouched(before, limit),
    share: (session, members) => store.share(session, members),
    rename: (session, title) => store.rename(session, title),
    delete: (session) => store.delete(session),
    close: () => store.close(),
  };
}
