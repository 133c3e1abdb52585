import type { Principal } from '@kw/agent';

/** Turns that run at once. */
export interface Turns {
  /** A place, given back by calling it; else why there is none: all are taken, or this person has as many as one may have. */
  take(by?: Principal): (() => void) | 'all' | 'own';
  /** How many are taken now. */
  taken(): number;
}

/** How many places there are. */
export interface TurnLimits {
  readonly limit: number;
  /** Of one person. Default: all. */
  readonly perPerson?: number;
}

/** Makes places. */
export function createTurns({ limit, perPerson = limit }: TurnLimits, onChange: (change: 1 | -1) => void = () => undefined): Turns {
  let taken = 0;
  const people = new Map<string, number>();
  return {
    taken: () => taken,
    take: (by) => {
      const person = by === undefined ? '' : JSON.stringify([by.issuer, by.subject]);
      const own = people.get(person) ?? 0;
      if (taken >= limit) return 'all';
      if (own >= perPerson) return 'own';
      taken += 1;
      people.set(person, own + 1);
      onChange(1);
      let given = false;
      return () => {
        if (given) return;
        given = true;
        taken -= 1;
        const left = (people.get(person) ?? 1) - 1;
        if (left === 0) people.delete(person);
        else people.set(person, left);
        onChange(-1);
      };
    },
  };
}
