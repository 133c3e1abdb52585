/** Walks through earlier lines while a new one is being written; the new one is not lost. */
export interface HistoryWalk {
  /** The line before; undefined at the first. */
  readonly back: (current: string) => string | undefined;
  /** The line after, at last the one being written; undefined there. */
  readonly forth: () => string | undefined;
  /** The latest line before a place that holds a text; the place counts from the latest. */
  readonly find: (wanted: string, from: number) => { readonly line: string; readonly at: number } | undefined;
}

/** Begins after the latest of some lines. */
export function walkHistory(lines: readonly string[]): HistoryWalk {
  let at = lines.length;
  let draft = '';
  return {
    back: (current) => {
      if (at === 0) return undefined;
      if (at === lines.length) draft = current;
      at -= 1;
      return lines[at];
    },
    forth: () => {
      if (at === lines.length) return undefined;
      at += 1;
      return at === lines.length ? draft : lines[at];
    },
    find: (wanted, from) => {
      for (let back = from; back < lines.length; back += 1) {
        const line = lines[lines.length - 1 - back];
        if (line?.includes(wanted) === true) return { line, at: back };
      }
      return undefined;
    },
  };
}
