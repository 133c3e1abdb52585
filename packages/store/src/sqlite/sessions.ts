import type { SessionStore } from '@kw/agent';
import type { Access } from './access.ts';
import { createPartialQueue } from './partial-queue.ts';
import { createRenewals } from './renewals.ts';
import { createSessionCache } from './session-cache.ts';
import { claimableKey, createSessionPoll, entriesKey, sessionKey } from './session-poll.ts';
import { findEntries, findOwned, findPlace, findSession, findVisible } from './session-rows.ts';
import { acquireLease, appendEntries, createSession, deleteSession, releaseLease, renameSession, shareSession } from './session-writes.ts';
import { createWatch } from './watch.ts';
import { mustOutliveThePower } from './must-outlive.ts';

const durable = { durable: true };
const cheap = { durable: false }; // kept when the process dies, perhaps not when the power fails

/** Sessions in one database file, for any number of processes of one machine. */
export function createSqliteSessions(access: Access, clock: () => number): SessionStore {
  const watch = createWatch(createSessionPoll(access, clock));
  const cache = createSessionCache();
  const partials = createPartialQueue({ access, cache, clock, onWritten: (session) => watch.wake(sessionKey(session)) });
  const renewals = createRenewals(access, clock);

  const hint = (session: string, mayClaim: boolean): void => {
    watch.wake(sessionKey(session));
    watch.wake(entriesKey(session));
    if (mayClaim) watch.wake(claimableKey);
  };

  return {
    create: (session) => access.write((connection) => createSession(connection, session, clock()), durable),
    get: (session) => access.read((connection) => findSession(connection, session)?.info),
    read: (session, { after, limit = 1000 }) =>
      access.read((connection) => {
        const place = findPlace(connection, session);
        return place !== undefined && place.head > after ? findEntries(connection, place.key, after, limit) : [];
      }),
    append: async (session, entries, options) => {
      const keeping = entries.some(mustOutliveThePower) ? durable : cheap;
      let at = 0;
      const { result, place } = await access.write((connection) => {
        at = clock();
        return appendEntries(connection, session, entries, { ...options, now: at });
      }, keeping);
      if (place !== undefined) cache.appended(session, entries, { place, at });
      if (result.type === 'appended') hint(session, options.work.type !== 'none');
      return result;
    },
    acquire: (session, ttlMs) => access.write((connection) => acquireLease(connection, session, ttlMs, clock()), cheap),
    renew: (lease, ttlMs) => renewals.add(lease, ttlMs),
    release: async (lease) => {
      await access.write((connection) => releaseLease(connection, lease, clock()), cheap);
      hint(lease.session, true);
    },
    appendPartial: (lease, chunks) => partials.add(lease, chunks),
    snapshot: (session, after) => access.read((connection) => cache.snapshot(connection, session, after)),
    changed: (session, options) => watch.wait(options.only === 'entries' ? entriesKey(session) : sessionKey(session), options),
    claimable: (limit) =>
      access.read((connection) =>
        connection
          .statement('SELECT id FROM sessions WHERE wake_at <= ? AND lease_until <= ? ORDER BY updated_at, touched LIMIT ?')
          .all(clock(), clock(), limit)
          .map((row) => String(row['id'])),
      ),
    claimableChanged: (options) => watch.wait(claimableKey, options),
    list: (owner, { limit = 1000, shared = false } = {}) =>
      access.read((connection) => (shared ? findVisible : findOwned)(connection, owner, limit).map(({ info }) => info)),
    untouched: (before, limit) =>
      access.read((connection) =>
        connection
          .statement('SELECT id FROM sessions WHERE updated_at < ? AND lease_until <= ? ORDER BY updated_at LIMIT ?')
          .all(before, clock(), limit)
          .map((row) => String(row['id'])),
      ),
    share: async (session, members) => {
      await access.write((connection) => shareSession(connection, session, members), durable);
      hint(session, false);
    },
    rename: async (session, title) => {
      await access.write((connection) => renameSession(connection, session, title), durable);
      hint(session, false);
    },
    delete: async (session) => {
      await access.write((connection) => deleteSession(connection, session), durable);
      cache.forget(session);
      hint(session, false);
    },
    close: async () => {
      watch.close();
      await access.close();
    },
  };
}
