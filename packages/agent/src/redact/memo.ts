/** Remembers what texts became, as long as nothing changes that they depend on. */
export interface Memo {
  /** What `make` makes of a text; a longer one is made each time. */
  of(text: string, make: (text: string) => string): string;
  /** Everything may be different now. */
  clear(): void;
}

const maxTexts = 256;
const maxUnits = 8_192;

/** Makes an empty memory of the latest texts. The same short text passes both doors several times: as a call, in the log, in each prompt. */
export function createMemo(): Memo {
  const known = new Map<string, string>();
  const remember = (text: string, made: string): void => {
    known.delete(text);
    known.set(text, made);
    for (const oldest of known.keys()) {
      if (known.size <= maxTexts) break;
      known.delete(oldest);
    }
  };
  return {
    of: (text, make) => {
      if (text.length > maxUnits) return make(text);
      const made = known.get(text) ?? make(text);
      remember(text, made);
      if (made !== text) remember(made, made); // it is idempotent
      return made;
    },
    clear: () => known.clear(),
  };
}
