import { KwError } from '@kw/providers';

/** A parsed expression. */
export type RegexNode =
  | { readonly type: 'char'; readonly matches: (code: number) => boolean }
  | { readonly type: 'assert'; readonly kind: 'start' | 'end' | 'word' | 'not-word' }
  | { readonly type: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly type: 'either'; readonly options: readonly RegexNode[] }
  | { readonly type: 'repeat'; readonly item: RegexNode; readonly min: number; readonly max?: number };

type Matcher = (code: number) => boolean;

const maxRepeat = 200;
const maxDepth = 50;

const between =
  (from: number, to: number): Matcher =>
  (code) =>
    code >= from && code <= to;
const any =
  (matchers: readonly Matcher[]): Matcher =>
  (code) =>
    matchers.some((matches) => matches(code));
const not =
  (matches: Matcher): Matcher =>
  (code) =>
    !matches(code);
const digit = between(48, 57);
const word = any([digit, between(65, 90), between(97, 122), (code) => code === 95]);
const space: Matcher = (code) => code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000;
const classes = new Map<string, Matcher>([
  ['d', digit],
  ['D', not(digit)],
  ['w', word],
  ['W', not(word)],
  ['s', space],
  ['S', not(space)],
]);
const escapes = new Map([
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['f', 12],
  ['v', 11],
  ['0', 0],
]);

/** A code and its other case. */
function casesOf(code: number): readonly number[] {
  const char = String.fromCharCode(code);
  return [...new Set([code, char.toLowerCase().charCodeAt(0), char.toUpperCase().charCodeAt(0)])];
}

function one(code: number): Matcher {
  const [first = code, second = code, third = code] = casesOf(code);
  return (other) => other === first || other === second || other === third;
}

function range(from: number, to: number): Matcher {
  return (code) => casesOf(code).some(between(from, to));
}

/** Parses an expression; throws KwError `tool-input` that names what is not understood. */
export function parseRegex(source: string): RegexNode {
  let at = 0;
  let depth = 0;
  const fail = (what: string): never => {
    throw new KwError(
      'tool-input',
      `grep: ${what} at character ${at + 1} of ${JSON.stringify(source.slice(0, 100))}; write it otherwise, or escape it with a backslash to search for the text itself`,
    );
  };

  const either = (): RegexNode => {
    const options = [sequence()];
    while (source[at] === '|') {
      at += 1;
      options.push(sequence());
    }
    const [first] = options;
    return options.length === 1 && first !== undefined ? first : { type: 'either', options };
  };
  const sequence = (): RegexNode => {
    const items: RegexNode[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') items.push(repeated());
    return { type: 'sequence', items };
  };
  const repeated = (): RegexNode => {
    let item = atom();
    for (let count = counts(); count !== undefined; count = counts()) {
      if (source[at] === '?' || source[at] === '+') at += 1; // lazy and possessive find the same lines
      item = { type: 'repeat', item, ...count };
    }
    return item;
  };
  const counts = (): { readonly min: number; readonly max?: number } | undefined => {
    const char = source[at];
    if (char === '*' || char === '+' || char === '?') {
      at += 1;
      return char === '?' ? { min: 0, max: 1 } : { min: char === '+' ? 1 : 0 };
    }
    const braces = /^\{(\d{1,4})(,(\d{1,4})?)?\}/.exec(source.slice(at, at + 12));
    if (braces === null) return undefined;
    const min = Number(braces[1]);
    const max = braces[2] === undefined ? min : braces[3] === undefined ? undefined : Number(braces[3]);
    if (Math.max(min, max ?? 0) > maxRepeat || (max !== undefined && max < min))
      return fail(`a repetition must be in order and at most ${maxRepeat},`);
    at += braces[0].length;
    return { min, ...(max === undefined ? {} : { max }) };
  };
  const atom = (): RegexNode => {
    const char = source[at] ?? '';
    at += 1;
    switch (char) {
      case '(':
        return group();
      case '[':
        return { type: 'char', matches: characterClass() };
      case '.':
        return { type: 'char', matches: () => true };
      case '^':
        return { type: 'assert', kind: 'start' };
      case '$':
        return { type: 'assert', kind: 'end' };
      case '\\':
        return escaped();
      case '*':
      case '+':
      case '?':
        at -= 1;
        return fail(`nothing stands before "${char}"`);
      default:
        return { type: 'char', matches: one(char.charCodeAt(0)) };
    }
  };
  const group = (): RegexNode => {
    if (source[at] === '?') {
      const named = /^\?(?::|<[A-Za-z]\w*>|i:|i\))/.exec(source.slice(at, at + 40))?.[0];
      if (named === undefined) return fail('look-around is not supported,');
      at += named.length;
      if (named === '?i)') return { type: 'sequence', items: [] };
    }
    depth += 1;
    if (depth > maxDepth) return fail('too many groups');
    const inner = either();
    if (source[at] !== ')') return fail('a group is not closed');
    at += 1;
    depth -= 1;
    return inner;
  };
  const escaped = (): RegexNode => {
    const char = source[at] ?? '';
    at += 1;
    if (char === 'b' || char === 'B') return { type: 'assert', kind: char === 'b' ? 'word' : 'not-word' };
    const named = classes.get(char);
    if (named !== undefined) return { type: 'char', matches: named };
    if (/[1-9k]/.test(char)) return fail('back references are not supported,');
    return { type: 'char', matches: one(code(char)) };
  };
  /** The code of an escaped character. */
  const code = (char: string): number => {
    const hex =
      char === 'x'
        ? /^[0-9a-fA-F]{2}/.exec(source.slice(at, at + 2))
        : char === 'u'
          ? /^[0-9a-fA-F]{4}/.exec(source.slice(at, at + 4))
          : null;
    if (hex !== null) {
      at += hex[0].length;
      return Number.parseInt(hex[0], 16);
    }
    if (char === '') return fail('a backslash ends it');
    return escapes.get(char) ?? char.charCodeAt(0);
  };
  const characterClass = (): Matcher => {
    const negated = source[at] === '^';
    if (negated) at += 1;
    const matchers: Matcher[] = [];
    const item = (): number | Matcher => {
      const char = source[at] ?? fail('a class is not closed');
      at += 1;
      if (char !== '\\') return char.charCodeAt(0);
      const next = source[at] ?? '';
      at += 1;
      return classes.get(next) ?? (next === 'b' ? 8 : code(next));
    };
    for (let first = true; source[at] !== ']' || first; first = false) {
      const from = item();
      if (typeof from !== 'number') {
        matchers.push(from);
      } else if (source[at] === '-' && source[at + 1] !== ']' && at + 1 < source.length) {
        at += 1;
        const to = item();
        if (typeof to !== 'number' || to < from) return fail('a range of a class is not in order');
        matchers.push(range(from, to));
      } else {
        matchers.push(one(from));
      }
    }
    at += 1;
    return negated ? not(any(matchers)) : any(matchers);
  };

  const result = either();
  if (at < source.length) fail(`"${source[at] ?? ''}" has no opening bracket`);
  return result;
}
