import { isMark, mark, markSource } from './marks.ts';
import { judgedUnits, judgeValue, labelOfKey, soundsSecret } from './sensitive-key.ts';
import type { PairPlace } from './sensitive-key.ts';
import type { ShapeAnswer, ShapeRule, Swallow } from './shape.ts';
import { quoteEnd, swallowBare, swallowLine, swallowQuoted } from './shape.ts';

/** Words inside a key that may name a secret. */
export const pairTrigger =
  '[Pp]ass|PASS|[Pp]wd|PWD|[Tt]oken|TOKEN|[Ss]ecret|SECRET|[Kk]ey|KEY|[Cc]red|CRED|[Aa]uth|AUTH|[Cc]ookie|COOKIE|jwt|JWT|dockerc|[Cc]onnection[Ss]|密码|口令|令牌|密钥';

const keyBack = 60;
const keyAhead = 60;
const keyRun = /[A-Za-z0-9_.-]{0,61}/y;
const lineStart = /\n[ \t]*(?:(?:- +)+|\* +|export +|set +|#+ *|> *)?["']?$/;
const bareMark = new RegExp(`${markSource}(?=[\\s"'\`&;\\\\<>,.:)\\]}|]|$)`, 'y');
const mayBeMark = /^\[(?:r(?:e(?:d(?:a(?:c(?:t(?:ed?)?)?)?)?)?)?)?$|^\[redacted:[a-z-]*\]?$/;
const separator = /\\*["'`]?(?:[ \t]{0,8}(?:=>|:=|=(?!=)|:(?!:|\/\/)|：)|(?=[ \t]))[ \t]{0,80}/y;
const separatorUnits = 104;

function isKeyUnit(code: number): boolean {
  const letter = code | 32;
  return (letter >= 97 && letter <= 122) || (code >= 48 && code <= 57) || code === 95 || code === 45 || code === 46;
}

/** `password=...`, `token: ...`, `--api-key ...`, `"secret": "..."`: the key stays, the value goes. */
export const pairRule: ShapeRule = ({ text, at, trigger, final }) => {
  keyRun.lastIndex = at;
  const ahead = keyRun.exec(text)?.[0].length ?? 0;
  if (ahead > keyAhead) return 'no';
  let start = at;
  while (start > 0 && at - start < keyBack && isKeyUnit(text.charCodeAt(start - 1))) start -= 1;
  // A Chinese word is its own key.
  const chinese = trigger.charCodeAt(0) > 127;
  const end = at + (chinese ? trigger.length : ahead);
  if (end === text.length && !final) return 'more';
  const full = chinese ? trigger : text.slice(start, end);
  const key = full.replace(/^[-.]+/, '').replace(/[-.]+$/, '');
  if (labelOfKey(key) === undefined && !(/^[A-Z][A-Z0-9_]+$/.test(key) && soundsSecret(key))) return 'no';
  separator.lastIndex = end;
  const between = separator.exec(text)?.[0];
  const flag = /^--?[A-Za-z]/.test(full);
  if (between === undefined || !/[=:：]/.test(between)) {
    if (!flag) return mayGoOn(text, end, final);
    return flagValue(text, end, { key, final });
  }
  const valueAt = end + between.length;
  if (valueAt >= text.length) return final ? 'no' : 'more';
  if (between.length >= separatorUnits) return 'no';
  // describe prints the values of a ConfigMap below a rule.
  const rule = /\r?\n-{2,8}\r?\n/y;
  rule.lastIndex = valueAt;
  const ruled = rule.exec(text)?.[0];
  if (ruled !== undefined) return valueOf(text, valueAt + ruled.length, { key, final, place: 'document', line: true });
  if (!final && text.length - valueAt < 14 && /^\r?\n?-{0,8}\r?$/.test(text.slice(valueAt))) return 'more';
  return valueOf(text, valueAt, { key, final, ...(chinese ? { place: 'prose', line: false } : placeOf(text, start, between)) });
};

function mayGoOn(text: string, end: number, final: boolean): ShapeAnswer {
  return !final && text.length - end < 20 && /^\\*["'`]?[ \t]*[=:]?$/.test(text.slice(end)) ? 'more' : 'no';
}

/** Where a pair stands. Before the first line's beginning the context holds a line feed. */
function placeOf(text: string, start: number, between: string): Place {
  if (/=/.test(between)) return { place: 'assignment', line: false };
  if (/^\\*["']/.test(between)) return { place: 'document', line: false };
  const line = lineStart.test(text.slice(Math.max(0, start - 24), start));
  return { place: line ? 'document' : 'prose', line };
}

interface Place {
  readonly place: PairPlace;
  /** True where the value is the rest of the line. */
  readonly line: boolean;
}

/** `--password VALUE`, on one line or as two items of a YAML list. */
function flagValue(text: string, end: number, { key, final }: { readonly key: string; readonly final: boolean }): ShapeAnswer {
  const gap = /[ \t]{1,8}(?=[^\s-])|["']?\r?\n[ \t]{0,40}- (?=[^\s-])/y;
  gap.lastIndex = end;
  const found = gap.exec(text)?.[0];
  if (found === undefined)
    return !final && text.length - end < 60 && /^["']?[ \t]*(?:\r?\n[ \t]*-? ?)?$/.test(text.slice(end)) ? 'more' : 'no';
  return valueOf(text, end + found.length, {
    key,
    final,
    place: found.includes('\n') ? 'document' : 'assignment',
    line: found.includes('\n'),
  });
}

function valueOf(
  text: string,
  from: number,
  { key, final, place, line }: Place & { readonly key: string; readonly final: boolean },
): ShapeAnswer {
  const scheme = /(?:Bearer|Basic|Token|Digest|ApiKey|Negotiate)[ \t]{1,4}/iy;
  scheme.lastIndex = from;
  const authorization = /authorization$/i.test(key);
  if (authorization && !final && text.length - from < 16 && !/[\s"']/.test(text.slice(from).trimEnd().slice(10))) {
    if (/^[A-Za-z]*[ \t]*$/.test(text.slice(from))) return 'more';
  }
  const named = authorization ? (scheme.exec(text)?.[0].length ?? 0) : 0;
  const at = from + named;
  const opening = /\\{0,7}["'`]/y;
  opening.lastIndex = at;
  const quote = opening.exec(text)?.[0];
  if (quote === undefined && /^\\{0,7}$/.test(text.slice(at)) && !final) return 'more';
  if (quote !== undefined) {
    const start = at + quote.length;
    const slashes = quote.length - 1;
    const found = quoteEnd(text, start, quote.slice(-1), slashes);
    if (found === undefined && !final && text.length - start <= judgedUnits * 2) return 'more';
    // Backslashes at the end belong to what comes.
    const end = found ?? text.length - (final ? 0 : (/\\*$/.exec(text.slice(Math.max(start, text.length - 64)))?.[0].length ?? 0));
    const swallow = found === undefined ? swallowQuoted(quote.slice(-1), slashes) : still;
    return judged(key, { text, start, end, place: 'document', swallow });
  }
  if (!final && mayBeMark.test(text.slice(at, at + 40)) && text.length - at < 40) return 'more';
  bareMark.lastIndex = at;
  if (bareMark.test(text)) {
    const behind = /[ \t\r]*(?:\n|$)?/y;
    behind.lastIndex = bareMark.lastIndex;
    const gap = behind.exec(text)?.[0] ?? '';
    const to = bareMark.lastIndex;
    const open = to + gap.length === text.length && !gap.endsWith('\n');
    if (open && !final && text.length - at < judgedUnits * 2) return 'more';
    if (!line || open || gap.endsWith('\n')) return keep(text, at, to);
  }
  if (place !== 'assignment' && /[[{]/.test(text[at] ?? '') && !text.startsWith('[redacted:', at)) return 'no';
  const swallow = line ? swallowLine : swallowBare;
  const { to, done } = swallow(text, at, final);
  if (!done && text.length - at <= judgedUnits * 2) return 'more';
  if (text.slice(at, to).trim() === '') return 'no';
  return judged(key, { text, start: at, end: to, place: named > 0 ? 'assignment' : place, swallow: done ? still : swallow });
}

/** A mark that is there already is passed over with its key, as a secret would be. */
function keep(text: string, from: number, to: number): ShapeAnswer {
  return { from, to, replacement: text.slice(from, to), swallow: still };
}

const still: Swallow = (_text, at) => ({ to: at, done: true });

interface Judged {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly place: PairPlace;
  readonly swallow: Swallow;
}

function judged(key: string, { text, start, end, place, swallow }: Judged): ShapeAnswer {
  const value = text.slice(start, end);
  if (isMark(value)) return keep(text, start, end);
  // In words, a mark must not make a value of what was none before.
  if (place === 'prose' && labelOfKey(key) !== 'password' && value.slice(0, judgedUnits).includes('[redacted:')) return 'no';
  const label = judgeValue(key, text.slice(start, Math.min(end, start + judgedUnits)).trimEnd(), place);
  return label === undefined ? 'no' : { from: start, to: end, replacement: mark(label), swallow };
}
