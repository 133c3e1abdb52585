import type { Clock } from '../clock.ts';
import type { Lease, PartialChunk, SessionStore } from '../session-store.ts';

/** Writes the message that is being written, so that any reader sees it. */
export interface PartialWriter {
  write(chunk: PartialChunk): void;
  /** Forgets what was not written yet (an entry is about to hold it) and waits for what is under way. */
  settle(): Promise<void>;
}

/** What a writer is made with. */
export interface PartialWriterOptions {
  readonly store: SessionStore;
  readonly lease: () => Lease;
  readonly clock: Clock;
  /** Called where the store refuses the lease: true where it was taken anew. */
  readonly regain: () => Promise<boolean>;
}

/** Chunks of this long are written together; the first one after a rest at once. */
const coalesceMs = 25;

/** Longer chunks are not joined: what is one long text is copied as one. */
const maxJoinedUnits = 32_768;

/** Makes a writer. A store that fails does not stop the message: its entry will hold it. */
export function createPartialWriter({ store, lease, clock, regain }: PartialWriterOptions): PartialWriter {
  let waiting: PartialChunk[] = [];
  let writing: Promise<void> | undefined;
  let rested = (): void => undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  let isSettling = false;
  let broken = false;

  // By hand: a signal for each rest of each message costs more than all else in it.
  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      rested = resolve;
      if (isSettling) resolve();
      else void clock.sleep(ms).then(resolve);
    });
  const put = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const early = writtenAt + coalesceMs - clock.now();
        if (early > 0 && early <= coalesceMs) await rest(early); // more than that: the clock was put back
        const chunks = waiting;
        waiting = [];
        if (chunks.length === 0) return;
        writtenAt = clock.now();
        if (!(await store.appendPartial(lease(), chunks)) && (await regain())) await store.appendPartial(lease(), chunks);
      }
    } catch {
      broken = true; // a gap must not be: readers get the rest of the text with the entry
      waiting = [];
    } finally {
      writing = undefined;
    }
  };

  return {
    write: (chunk) => {
      if (broken) return;
      const last = waiting.at(-1);
      if (last !== undefined && last.kind !== 'progress' && last.kind === chunk.kind && last.text.length < maxJoinedUnits)
        waiting[waiting.length - 1] = { kind: last.kind, text: last.text + chunk.text };
      else waiting.push(chunk);
      writing ??= put();
    },
    settle: async () => {
      waiting = [];
      isSettling = true;
      rested();
      await writing;
      isSettling = false;
      broken = false;
    },
  };
}
