/** Secret values that tools came upon. */
export interface LearnedSecrets {
  readonly learn: (values: readonly string[]) => void;
  /** Those that came since it was last asked. */
  readonly take: () => readonly string[];
}

/** More are not kept: each costs at every text that is looked through. */
const maxValues = 500;

/** Collects values, each once, at most 500 of them. */
export function createLearnedSecrets(): LearnedSecrets {
  const known = new Set<string>();
  let fresh: string[] = [];
  return {
    learn: (values) => {
      for (const value of values) {
        if (known.size >= maxValues || known.has(value)) continue;
        known.add(value);
        fresh.push(value);
      }
    },
    take: () => {
      const taken = fresh;
      fresh = [];
      return taken;
    },
  };
}
