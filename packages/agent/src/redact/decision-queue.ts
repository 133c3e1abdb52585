/** A question that later text answers: does what it covers belong to a Secret? */
export interface Doubt {
  verdict: 'secret' | 'plain' | undefined;
  /** Something in it is no base64, so that it can't be the data of a stored Secret. */
  notBase64: boolean;
  hasLower: boolean;
  hasUpper: boolean;
  hasPadding: boolean;
  values: number;
  units: number;
}

/** A doubt over a piece of text, and what stands there if it proves true. */
export interface Cover {
  readonly doubt: Doubt;
  readonly replacement: string;
}

/** Text in order, some of it waiting for a decision. */
export interface DecisionQueue {
  /** Adds text; the first cover whose doubt proves true decides what stands there. */
  push(text: string, covers: readonly Cover[]): void;
  /** Adds a part of a text that no doubt covers; neighbouring parts of one text are added as one. */
  pass(text: string, from: number, to: number): void;
  /** Adds what was passed. To be called before a doubt is answered, so that the bound falls at the same place however the text was cut. */
  flush(): void;
  /** What is decided. */
  take(): string;
}

interface Piece {
  text: string;
  readonly covers: readonly Cover[];
}

const open = (covers: readonly Cover[]): boolean => {
  for (const { doubt } of covers) {
    if (doubt.verdict === 'secret') return false;
    if (doubt.verdict === undefined) return true;
  }
  return false;
};

const decided = ({ text, covers }: Piece): string => covers.find(({ doubt }) => doubt.verdict === 'secret')?.replacement ?? text;

/** A new, unanswered doubt. */
export function newDoubt(): Doubt {
  return { verdict: undefined, notBase64: false, hasLower: false, hasUpper: false, hasPadding: false, values: 0, units: 0 };
}

/** Counts a part of a value in; the evidence decides where no kind ever comes. */
export function observe(doubt: Doubt, text: string): void {
  if (doubt.verdict !== undefined || text === '') return;
  doubt.units += text.length;
  if (!doubt.notBase64 && /[^A-Za-z0-9+/=]/.test(text)) doubt.notBase64 = true;
  if (!doubt.hasLower && /[a-z]/.test(text)) doubt.hasLower = true;
  if (!doubt.hasUpper && /[A-Z]/.test(text)) doubt.hasUpper = true;
  if (!doubt.hasPadding && text.includes('=')) doubt.hasPadding = true;
}

/** True where the values look as only an encoder writes them. */
export function looksEncoded(doubt: Doubt): boolean {
  return !doubt.notBase64 && doubt.values + doubt.units > 0 && doubt.hasUpper && (doubt.hasLower || doubt.hasPadding);
}

/** The value that was being observed is complete. */
export function endValue(doubt: Doubt): void {
  if (doubt.units % 4 !== 0) doubt.notBase64 = true;
  if (doubt.units > 0) doubt.values += 1;
  doubt.units = 0;
}

/** Holds undecided text, at most `maxUnits`; beyond, the oldest doubt is answered by its evidence. */
export function decisionQueue(maxUnits: number): DecisionQueue {
  let pieces: Piece[] = [];
  let first = 0;
  let size = 0;
  let out = '';

  const drain = (): void => {
    if (pieces.length === 0) return;
    for (; first < pieces.length; first += 1) {
      const piece = pieces[first];
      if (piece === undefined || open(piece.covers)) break;
      size -= piece.text.length;
      out += decided(piece);
    }
    if (first === pieces.length || first > 1024) {
      pieces = pieces.slice(first);
      first = 0;
    }
  };
  const force = (): void => {
    for (const { doubt } of pieces[first]?.covers ?? []) doubt.verdict ??= doubt.notBase64 ? 'plain' : 'secret';
    drain();
  };
  const add = (text: string, covers: readonly Cover[]): void => {
    for (const { doubt } of covers) observe(doubt, text);
    const last = pieces.at(-1);
    if (last === undefined && !open(covers)) {
      out += decided({ text, covers });
    } else if (last !== undefined && last.covers.length === 0 && covers.length === 0) {
      last.text += text;
      size += text.length;
    } else if (last !== undefined && covers.length > 0 && sameBut(last.covers, covers)) {
      last.text += text;
      size += text.length;
    } else {
      pieces.push({ text, covers });
      size += text.length;
    }
  };

  let source = '';
  let passedFrom = 0;
  let passedTo = 0;

  const flush = (): void => {
    if (passedTo > passedFrom) enter(source.slice(passedFrom, passedTo), []);
    passedFrom = 0;
    passedTo = 0;
    source = '';
  };
  const enter = (text: string, covers: readonly Cover[]): void => {
    if (text === '') return;
    drain();
    if (pieces.length === 0 && covers.length === 0) {
      out += text; // as most text is
      return;
    }
    let rest = text;
    let restCovers = covers;
    while (pieces.length > 0 && size + rest.length > maxUnits) {
      const room = maxUnits - size;
      if (room > 0) add(rest.slice(0, room), restCovers);
      rest = rest.slice(room);
      if (room > 0) restCovers = restCovers.map(({ doubt }) => ({ doubt, replacement: '' }));
      force();
    }
    if (rest !== '') add(rest, restCovers);
  };

  return {
    push: (text, covers) => {
      flush();
      enter(text, covers);
    },
    pass: (text, from, to) => {
      if (from === passedTo && text === source) {
        passedTo = to;
        return;
      }
      flush();
      source = text;
      passedFrom = from;
      passedTo = to;
    },
    flush,
    take: () => {
      flush();
      drain();
      const taken = out;
      out = '';
      return taken;
    },
  };
}

/** True where `next` only goes on with what `last` covers: its replacements are empty. */
function sameBut(last: readonly Cover[], next: readonly Cover[]): boolean {
  return last.length === next.length && next.every(({ doubt, replacement }, index) => replacement === '' && last[index]?.doubt === doubt);
}
