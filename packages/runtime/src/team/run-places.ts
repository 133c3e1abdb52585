import type { Principal, RunTarget, SessionStore } from '@kw/agent';

/** Whose run it is, and where it acts. */
export interface RunPlace {
  readonly by: Principal;
  readonly target?: RunTarget;
}

/** Finds the beginnings of runs again. */
export interface RunPlaces {
  remember(session: string, runId: string, place: RunPlace): void;
  of(session: string, runId: string): Promise<RunPlace | undefined>;
}

const maxRemembered = 2_000;

/** Remembers the latest, reads the others from the store. */
export function createRunPlaces(store: SessionStore): RunPlaces {
  const known = new Map<string, RunPlace>();
  const remember: RunPlaces['remember'] = (session, runId, place) => {
    known.set(`${session}\n${runId}`, place);
    for (const oldest of known.keys()) {
      if (known.size <= maxRemembered) break;
      known.delete(oldest);
    }
  };
  return {
    remember,
    of: async (session, runId) => {
      const found = known.get(`${session}\n${runId}`);
      if (found !== undefined) return found;
      for (let after = 0; ;) {
        const entries = await store.read(session, { after });
        const last = entries.at(-1);
        if (last === undefined) return undefined;
        for (const { entry } of entries) {
          if (entry.type !== 'run-start' || entry.runId !== runId) continue;
          const place: RunPlace = { by: entry.by, ...(entry.target !== undefined && { target: entry.target }) };
          remember(session, runId, place);
          return place;
        }
        after = last.seq;
      }
    },
  };
}
