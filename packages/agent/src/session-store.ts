import type { Entry, StoredEntry } from './entry.ts';
import type { Principal } from './principal.ts';

/** Whether a session has something to drive: a function of its entries, stored with them as an index. */
export type Work =
  | { readonly type: 'none' }
  /** New, answered, cancelled or under way: to be driven by whoever gets the lease. */
  | { readonly type: 'ready' }
  /** Parked at an approval until it is answered or `wakeAt` (milliseconds since the epoch). */
  | { readonly type: 'waiting'; readonly wakeAt: number };

/** Somebody with whom a session is shared. */
export interface SessionMember {
  /** As `personOf` writes it. */
  readonly person: string;
  /** A viewer reads; an approver answers questions, too. */
  readonly role: 'viewer' | 'approver';
}

/** What is known of a session beside its entries. */
export interface SessionInfo {
  readonly id: string;
  readonly owner: Principal;
  /** With whom it is shared; absent: with nobody. */
  readonly members?: readonly SessionMember[];
  readonly title?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The last entry's seq; 0 for an empty session. */
  readonly head: number;
  readonly work: Work;
}

/** The right to drive a session until it expires. A later lease has a higher fence. */
export interface Lease {
  readonly session: string;
  readonly fence: number;
  readonly expiresAt: number;
}

/** What must hold for an append to happen. */
export interface AppendOptions {
  /** The head that was judged. Another one: `head-moved`. */
  readonly expectedHead: number;
  /** The driver's lease. A later or expired one: `lease-lost`. Foreign acts (start, answer, cancel) carry none. */
  readonly lease?: Lease;
  readonly work: Work;
  /** A seq whose partial ends with this append: its chunks are deleted in the same transaction. */
  readonly endsPartial?: boolean;
}

/** How an append ended; nothing was written unless `appended`. */
export type AppendResult =
  | { readonly type: 'appended'; readonly head: number }
  | { readonly type: 'head-moved'; readonly head: number }
  | { readonly type: 'lease-lost' };

/** A piece of the message that is being written. */
export type PartialChunk =
  | { readonly kind: 'text' | 'reasoning'; readonly text: string }
  /** Shown while a call runs; counts for no offset. */
  | { readonly kind: 'progress'; readonly callId: string; readonly text: string };

/** The message that is being written: chunks since the last commit, in order. */
export interface Partial {
  /** Counts the messages written in this session, so that a reader knows when a new one began. */
  readonly generation: number;
  readonly chunks: readonly PartialChunk[];
}

/**
 * Keeps sessions: append-only logs with leases. Any process may hold one. What it says outlives the process when the promise resolves; what people did
 * (questions, answers, cancels), intents of calls that change something, their results and ends of runs outlive a loss of power, too, with all that came before them.
 * Failures of the engine are thrown as KwError `store-unavailable` (disk full, read-only, locked), never swallowed.
 */
export interface SessionStore {
  /** Throws KwError `session-exists` where the id is taken. */
  create(session: { readonly id: string; readonly owner: Principal; readonly title?: string }): Promise<SessionInfo>;
  get(session: string): Promise<SessionInfo | undefined>;
  /** Entries after `after`, in order, at most `limit` (default 1,000). */
  read(session: string, options: { readonly after: number; readonly limit?: number }): Promise<readonly StoredEntry[]>;
  append(session: string, entries: readonly Entry[], options: AppendOptions): Promise<AppendResult>;
  /** Undefined where somebody else holds it. */
  acquire(session: string, ttlMs: number): Promise<Lease | undefined>;
  /** Undefined where it was lost. */
  renew(lease: Lease, ttlMs: number): Promise<Lease | undefined>;
  release(lease: Lease): Promise<void>;
  /** Adds chunks to the message being written; false where the lease was lost. */
  appendPartial(lease: Lease, chunks: readonly PartialChunk[]): Promise<boolean>;
  /** Entries after `after` and the partial beyond them, as one consistent reading. */
  snapshot(session: string, after: number): Promise<{ readonly entries: readonly StoredEntry[]; readonly partial?: Partial }>;
  /**
   * Resolves when something may have changed since the call, in any process; also without a change after `timeoutMs`.
   * `only: 'entries'`: what is added to the message being written need not count.
   */
  changed(
    session: string,
    options: { readonly signal?: AbortSignal; readonly timeoutMs: number; readonly only?: 'entries' },
  ): Promise<void>;
  /** Sessions that may be driven now: ready, or waiting past their time, without a live lease. */
  claimable(limit: number): Promise<readonly string[]>;
  /** Resolves when something claimable may have appeared; also without after `timeoutMs`. */
  claimableChanged(options: { readonly signal?: AbortSignal; readonly timeoutMs: number }): Promise<void>;
  /** Sessions of an owner, the latest first; with `shared` also those that are shared with this person. */
  list(owner: Principal, options?: { readonly limit?: number; readonly shared?: boolean }): Promise<readonly SessionInfo[]>;
  /** Sessions that nobody drives and that were last written to before `before` (milliseconds since the epoch), the oldest first. */
  untouched(before: number, limit: number): Promise<readonly string[]>;
  /** Shares a session with exactly these people. Throws KwError `unknown-session`. */
  share(session: string, members: readonly SessionMember[]): Promise<void>;
  rename(session: string, title: string): Promise<void>;
  delete(session: string): Promise<void>;
  close(): Promise<void>;
}
