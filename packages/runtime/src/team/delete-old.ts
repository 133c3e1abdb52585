import type { OutputStore, SessionStore } from '@kw/agent';

const batch = 100;

/** Deletes sessions that nobody touched for as long as the configuration says, with their outputs; gives how many. */
export async function deleteOld(
  { sessions, outputs }: { readonly sessions: SessionStore; readonly outputs: OutputStore },
  before: number,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const old = await sessions.untouched(before, batch);
    for (const id of old) {
      await outputs.delete(id);
      await sessions.delete(id);
    }
    deleted += old.length;
    if (old.length < batch) return deleted;
  }
}
