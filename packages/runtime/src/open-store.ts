import type { KwError, OutputStore, Policy, SessionStore } from '@kw/agent';
import { isKwError, memoryOutputStore, memorySessionStore } from '@kw/agent';
import type { Config } from './config/config.ts';

/** Where sessions are kept. */
export interface OpenStore {
  readonly sessions: SessionStore;
  readonly outputs: OutputStore;
  /** Why nothing can be kept; then nothing may be changed either. */
  readonly broken?: string;
  /** Resolves where what is written is kept as it should be; rejects with the reason while writes fail or where the file was taken away. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Who is told of a store that was opened and fails later. */
export interface OpenStoreOptions {
  /** Told why nothing can be written: when that begins, and at most once a minute while it lasts. */
  readonly onUnavailable?: (error: KwError) => void;
}

/** Opens the store on the disk; where that is not possible, sessions live in memory and nothing may be changed. */
export async function openStore({ stateDirectory }: Config, options: OpenStoreOptions = {}): Promise<OpenStore> {
  const { sqliteStore } = await import('@kw/store');
  const store = sqliteStore({ path: `${stateDirectory}/sessions.db`, ...options });
  try {
    await store.sessions.claimable(1);
    return store;
  } catch (error) {
    if (!isKwError(error) || error.code !== 'store-unavailable') throw error;
    await store.close().catch(() => undefined); // it could not be opened, so there is nothing to lose
    const sessions = memorySessionStore();
    return { sessions, outputs: memoryOutputStore(), broken: error.message, check: async () => undefined, close: () => sessions.close() };
  }
}

/** A policy for when nothing can be written down: reads go on, everything else is refused. */
export function withoutLog(policy: Policy, why: string): Policy {
  const reason = `sessions can not be kept (${why}), so nothing is changed`;
  const effects = ['write', 'dangerous', 'unknown'] as const;
  return { ...policy, rules: [...effects.map((effect) => ({ action: 'deny', effect, reason }) as const), ...policy.rules] };
}
