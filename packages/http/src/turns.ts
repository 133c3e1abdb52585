/** Turns that run at once. */
export interface Turns {
  /** A place, given back by calling it; undefined where all are taken. */
  take(): (() => void) | undefined;
  /** How many are taken now. */
  taken(): number;
}

/** Makes `limit` places. */
export function createTurns(limit: number, onChange: (change: 1 | -1) => void = () => undefined): Turns {
  let taken = 0;
  return {
    taken: () => taken,
    take: () => {
      if (taken >= limit) return undefined;
      taken += 1;
      onChange(1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        taken -= 1;
        onChange(-1);
      };
    },
  };
}
