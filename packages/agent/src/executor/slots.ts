import type { Principal } from '../principal.ts';

/** A call that is about to run. */
export interface SlotWish {
  readonly tool: string;
  readonly session: string;
  /** Whose run it is. */
  readonly by: Principal;
}

/** Gives a call its place among all that run at once in this process; resolves with the way to give it back, rejects with the signal's reason. */
export type TakeSlot = (wish: SlotWish, signal: AbortSignal) => Promise<() => void>;

interface Waiting {
  readonly start: (release: () => void) => void;
}

/**
 * Places for calls that run at once. Where all are taken, those who wait take turns person by person: whoever asks for a hundred things
 * does not keep somebody who asks for one waiting for all of them.
 */
export function fairSlots(limit: number): TakeSlot {
  const queues = new Map<string, Waiting[]>(); // in the order of turns
  let taken = 0;

  const release = (): (() => void) => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const [person, queue] = queues.entries().next().value ?? [];
      const next = queue?.shift();
      if (person === undefined || queue === undefined || next === undefined) {
        taken -= 1;
        return;
      }
      queues.delete(person);
      if (queue.length > 0) queues.set(person, queue); // at the end of the line
      next.start(release());
    };
  };

  return ({ by }, signal) => {
    signal.throwIfAborted();
    if (taken < limit) {
      taken += 1;
      return Promise.resolve(release());
    }
    return new Promise((resolve, reject) => {
      const person = JSON.stringify([by.issuer, by.subject]);
      const queue = queues.get(person) ?? [];
      const leave = (): void => {
        const at = queue.indexOf(waiting);
        if (at >= 0) queue.splice(at, 1);
        if (queue.length === 0 && queues.get(person) === queue) queues.delete(person);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        start: (give) => {
          signal.removeEventListener('abort', leave);
          resolve(give);
        },
      };
      queue.push(waiting);
      queues.set(person, queue);
      signal.addEventListener('abort', leave, { once: true });
    });
  };
}
