import { isMark, mark } from './marks.ts';
import type { ShapeRule } from './shape.ts';
import { contextUnits, swallowBare, swallowQuoted } from './shape.ts';

const start = /[= ]{1,4}(\\*["']?)[A-Za-z0-9_.-]{1,80}=(\\*["']?)/y;
const startUnits = 100;
const judgedUnits = 40;

/** The values of `kubectl create secret ... --from-literal=KEY=VALUE`, whatever the key is called. */
export const literalRule: ShapeRule = ({ text, at, trigger, final }) => {
  const begin = at + trigger.length;
  if (text.length - begin < startUnits + judgedUnits && !final && !/[\n\r]/.test(text.slice(begin))) return 'more';
  if (/\b(?:configmaps?|cm)\b/.test(text.slice(Math.max(0, at - contextUnits), at))) return 'no';
  start.lastIndex = begin;
  const found = start.exec(text);
  if (found === null) return 'no';
  const from = begin + found[0].length;
  const quote = found[1] === '' ? (found[2] ?? '') : (found[1] ?? '');
  if (from >= text.length || /[\s"']/.test(text[from] ?? '') || isMark(text.slice(from, from + judgedUnits).split(/[\s"'\\]/)[0] ?? ''))
    return 'no';
  return {
    from,
    to: from,
    replacement: mark('secret-data'),
    swallow: quote === '' || !/["']/.test(quote) ? swallowBare : swallowQuoted(quote.slice(-1), quote.length - 1),
  };
};
