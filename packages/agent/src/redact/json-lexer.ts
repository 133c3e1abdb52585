/**
 * JSON inside JSON strings: at level 0 a quote is `"`, at level 1 (JSON in a string) `\"`, at level 2 `\\\"`.
 * A reader of one level works on the raw text, so that nothing has to be decoded to be passed on.
 */
export interface JsonLevel {
  readonly level: number;
  /** How a quote is written. */
  readonly quote: string;
  /** An opening brace that begins an object with a key, or an empty one. */
  readonly opening: RegExp;
  /** White space at the place. */
  readonly space: RegExp;
}

/** The lexical rules of one level, 0 to 2. */
export function jsonLevel(level: number): JsonLevel {
  const slashes = '\\\\'.repeat(2 ** level - 1);
  const space = level === 0 ? '[ \\t\\r\\n]' : `(?:[ \\t]|${slashes}[nrt])`;
  return {
    level,
    quote: `${'\\'.repeat(2 ** level - 1)}"`,
    opening: new RegExp(`\\{${space}{0,200}(?:${slashes}"|\\})`, 'y'),
    space: new RegExp(`${space}*`, 'y'),
  };
}

/** What a quote after `slashes` backslashes is inside a string of this level. */
export function quoteRole(level: number, slashes: number): 'close' | 'inside' | 'outer' {
  let left = slashes;
  for (let step = 0; step < level; step += 1) {
    if (left % 2 === 0) return 'outer';
    left = (left - 1) / 2;
  }
  return left % 2 === 0 ? 'close' : 'inside';
}

/** The text of raw string content of a level. */
export function unescapeJson(level: number, raw: string): string {
  let text = raw;
  for (let step = 0; step <= level && text.includes('\\'); step += 1)
    text = text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_all, hex: string | undefined, char: string | undefined) =>
      hex === undefined ? unescapeChar(char ?? '') : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return text;
}

function unescapeChar(char: string): string {
  switch (char) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return char;
  }
}
