import { mark, markSource } from './marks.ts';
import type { ShapeRule } from './shape.ts';
import { contextUnits, swallowBare, swallowQuoted } from './shape.ts';

const literal = /[= ]{1,4}(\\*["']?)[A-Za-z0-9_.-]{1,80}=(\\*["']?)/y;
const userinfo = /[= ]{1,4}(\\*["']?)[A-Za-z0-9_.@-]{1,80}:/y;
const startUnits = 100;
const judgedUnits = 40;
const beginsMarked = new RegExp(`^${markSource}`);

interface Command {
  readonly head: RegExp;
  /** Whether what stands before makes it this command. */
  readonly fits: (before: string) => boolean;
  readonly spares: RegExp;
  readonly replacement: string;
}

/** A value behind an option, where the command before it decides. */
function commandRule({ head, fits, spares, replacement }: Command): ShapeRule {
  return ({ text, at, trigger, final }) => {
    const begin = at + trigger.length;
    if (text.length - begin < startUnits + judgedUnits && !final && !/[\n\r]/.test(text.slice(begin))) return 'more';
    if (/[A-Za-z0-9_-]/.test(text[at - 1] ?? '') || !fits(text.slice(Math.max(0, at - contextUnits), at))) return 'no';
    head.lastIndex = begin;
    const found = head.exec(text);
    if (found === null) return 'no';
    const from = begin + found[0].length;
    const value = text.slice(from, from + judgedUnits).split(/[\s"'\\]/)[0] ?? '';
    if (value === '' || beginsMarked.test(value) || spares.test(value)) return 'no';
    const quote = found[1] === '' ? (found[2] ?? '') : (found[1] ?? '');
    const swallow = /["']/.test(quote) ? swallowQuoted(quote.slice(-1), quote.length - 1) : swallowBare;
    return { from, to: from, replacement, swallow };
  };
}

/** The values of `kubectl create secret ... --from-literal=KEY=VALUE`, whatever the key is called. */
export const literalRule: ShapeRule = commandRule({
  head: literal,
  fits: (before) => !/\b(?:configmaps?|cm)\b/.test(before),
  spares: /^[,.)]/,
  replacement: mark('secret-data'),
});

/** The password of `curl -u USER:PASSWORD`. */
export const userOptionRule: ShapeRule = commandRule({
  head: userinfo,
  fits: (before) => /\b(?:curl|wget|https?|ab|hey)\b/.test(before),
  spares: /^\d{1,5}$|^\/|^\$/,
  replacement: mark('password'),
});

const flowStart = /(["']?)[ \t]{0,8}:[ \t]{0,8}\{[ \t]{0,8}/y;

/** The data of a Secret in one line of YAML: `stringData: {user: bob}`. In JSON its reader has seen to it. */
export const flowDataRule: ShapeRule = ({ text, at, trigger, final }) => {
  flowStart.lastIndex = at + trigger.length;
  const head = flowStart.exec(text)?.[0];
  if (head === undefined)
    return !final && text.length - at < 48 && /^["']?[ \t]*:?[ \t]*$/.test(text.slice(at + trigger.length)) ? 'more' : 'no';
  const from = at + trigger.length + head.length;
  if (from + 16 > text.length && !final) return 'more';
  if (from >= text.length || /["'\\}\n]/.test(text[from] ?? '') || text.startsWith('[redacted:', from)) return 'no';
  const run = /[^}\n]*/y;
  return {
    from,
    to: from,
    replacement: mark('secret-data'),
    swallow: (all, position, last) => {
      run.lastIndex = position;
      const to = position + (run.exec(all)?.[0].length ?? 0);
      return { to, done: last || to < all.length };
    },
  };
};
