/** What a rule sees: text with some of what stood before, and where its trigger is. */
export interface ShapeView {
  readonly text: string;
  /** Where the trigger begins. */
  readonly at: number;
  readonly trigger: string;
  /** True where no more text comes. */
  readonly final: boolean;
}

/** Takes what is left of a secret away; returns where it ends, and whether that is certain. */
export type Swallow = (text: string, at: number, final: boolean) => { readonly to: number; readonly done: boolean };

/** A secret: from where, until where it is certain, and how its rest is taken away. */
export interface ShapeMatch {
  readonly from: number;
  readonly to: number;
  readonly replacement: string;
  readonly swallow: Swallow;
}

/** A rule's answer; `more` where text behind decides. */
export type ShapeAnswer = ShapeMatch | 'no' | 'more';

/** Decides on a trigger. Looks at most `contextUnits` back. */
export type ShapeRule = (view: ShapeView) => ShapeAnswer;

/** How far rules may look back. */
export const contextUnits = 96;

/** Takes all characters of a class away; the expression is sticky and matches a run of it. */
export function swallowClass(run: RegExp): Swallow {
  return (text, at, final) => {
    run.lastIndex = at;
    const to = at + (run.exec(text)?.[0].length ?? 0);
    return { to, done: final || to < text.length };
  };
}

const trimmed = 8;

/** Takes a bare value away, up to white space or a quote, but not the punctuation behind it. */
export const swallowBare: Swallow = (text, at, final) => {
  const run = /[^\s"'`&;\\<>]*/y;
  run.lastIndex = at;
  const end = at + (run.exec(text)?.[0].length ?? 0);
  let to = end;
  while (to > at && end - to < trimmed && /[,.:)\]}|]/.test(text[to - 1] ?? '')) to -= 1;
  return { to, done: final || end < text.length };
};

/** Takes the rest of a line away. */
export const swallowLine: Swallow = (text, at, final) => {
  const newline = text.indexOf('\n', at);
  const end = newline === -1 ? text.length : newline;
  const to = end > at && text[end - 1] === '\r' ? end - 1 : end;
  return { to, done: final || newline !== -1 };
};

/** Takes the content of a quote away; `slashes` backslashes stand before its quotes. */
export function swallowQuoted(quote: string, slashes: number): Swallow {
  return (text, at, final) => {
    const end = quoteEnd(text, at, quote, slashes);
    if (end !== undefined) return { to: end, done: true };
    const tail = /\\*$/.exec(text.slice(Math.max(at, text.length - 64)))?.[0].length ?? 0;
    return { to: final ? text.length : text.length - tail, done: final };
  };
}

/** Where the content of a quote ends: before its closing quote, or before a line feed; undefined where more is needed. */
export function quoteEnd(text: string, from: number, quote: string, slashes: number): number | undefined {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\n') return at;
    if (char !== '\\' && char !== quote) continue;
    let run = 0;
    while (text[at + run] === '\\') run += 1;
    if (at + run >= text.length) return undefined;
    if (text[at + run] === quote) {
      const closes = slashes === 0 ? run % 2 === 0 || quote === "'" : run <= slashes;
      if (closes) return at + run - Math.min(run, slashes);
    }
    at += run;
    if (text[at] === '\n') return at;
  }
  return undefined;
}
