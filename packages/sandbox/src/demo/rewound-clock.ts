import type { Clock, ManualClock } from '../clock.ts';
import { manualClock } from '../clock.ts';

/** A clock that starts in the past, is moved to the present by hand, and from then on goes by itself. */
export interface RewoundClock extends ManualClock {
  /** True once it goes with the other clock. */
  readonly live: boolean;
  /** Catches up with the other clock and goes with it from now on. */
  release(): void;
}

/** A clock that starts `ms` before the present of another one. */
export function rewoundClock(base: Clock, ms: number): RewoundClock {
  const past = manualClock(base.now() - ms);
  let live = false;
  let armed: { readonly due: number; readonly cancel: () => void } | undefined;
  const catchUp = (): void => {
    armed = undefined;
    past.advance(Math.max(0, base.now() - past.now()));
    arm();
  };
  const arm = (): void => {
    const next = past.next();
    if (next === undefined) return;
    const due = past.now() + next;
    if (armed && armed.due <= due) return;
    armed?.cancel();
    armed = { due, cancel: base.after(Math.max(0, due - base.now()), catchUp) };
  };
  return {
    get live() {
      return live;
    },
    now: () => (live ? Math.max(base.now(), past.now()) : past.now()),
    after(wait, task) {
      if (!live) return past.after(wait, task);
      const cancel = past.after(Math.max(0, base.now() - past.now()) + wait, task);
      arm();
      return cancel;
    },
    advance: past.advance,
    next: past.next,
    release() {
      live = true;
      catchUp();
    },
  };
}
