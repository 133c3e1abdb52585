import type { Principal } from '@kw/agent';

/** What budgets are held with. */
export interface BudgetHold {
  /** Sessions whose runs are driven here now. */
  readonly driven: () => readonly string[];
  readonly ownerOf: (session: string) => Promise<Principal | undefined>;
  /** Why this person may go on no more; undefined where there is something left. */
  readonly spentBy: (person: Principal) => Promise<string | undefined>;
  /** Ends the run of a session. */
  readonly cancel: (session: string, reason: string) => Promise<void>;
}

/** Cancels runs of people who spent their budget by several at once: each of those began with all that was left. One alone ends at its own limit. */
export async function holdBudgets({ driven, ownerOf, spentBy, cancel }: BudgetHold): Promise<void> {
  const people = new Map<string, { readonly person: Principal; readonly sessions: string[] }>();
  for (const session of driven()) {
    const person = await ownerOf(session);
    if (person === undefined) continue;
    const key = JSON.stringify([person.issuer, person.subject]);
    const known = people.get(key) ?? { person, sessions: [] };
    known.sessions.push(session);
    people.set(key, known);
  }
  for (const { person, sessions } of people.values()) {
    const reason = sessions.length > 1 ? await spentBy(person) : undefined;
    if (reason !== undefined) await Promise.all(sessions.map((session) => cancel(session, reason)));
  }
}
