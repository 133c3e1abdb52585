import type { StoredEntry } from '../entry.ts';
import type { SessionStore } from '../session-store.ts';

const pageSize = 1_000;

/** All entries of a session after a seq. */
export async function readAll(store: Pick<SessionStore, 'read'>, session: string, after = 0): Promise<readonly StoredEntry[]> {
  const first = await store.read(session, { after, limit: pageSize });
  if (first.length < pageSize) return first;
  const all = [...first];
  for (;;) {
    const page = await store.read(session, { after: all.at(-1)?.seq ?? after, limit: pageSize });
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}
