import { mark } from './marks.ts';
import type { Transducer } from './transducer.ts';

const opening = '-----BEGIN';
const openingUnits = 72;
const begin = /-----BEGIN [A-Z0-9 ]{0,24}PRIVATE KEY(?: BLOCK)?-----/y;
const mayBegin = /^-----BEGIN(?: [A-Z0-9 ]{0,48}-{0,5})?$/;
const end = /-----END [A-Z0-9 ]{0,40}-----/y;
const mayEnd = /^-{1,5}$|^-----(?:E|EN|END(?: [A-Z0-9 ]{0,40}-{0,5})?)$/;
const gap = /(?:[ \t\r\n]|\\+[nrt])+/y;
const run = /[A-Za-z0-9+/=]+/y;
const leaves = /["'`<>{}]/;
/** A shorter run of base64 may be a word. */
const bodyUnits = 24;
/** So much other text (prefixes of log lines, headers) may stand between two lines of a key. */
const strayUnits = 160;
const maxGapUnits = 64;

/** Takes PEM private keys out: a mark at the first line, nothing of the rest, also where each line has a prefix or the end is cut off. */
export function pemStage(): Transducer {
  let buffer = '';
  let inside = false;
  let bodySeen = false;
  let stray = 0;
  let swallowing = false;

  const beginAt = (at: number): number | undefined => {
    begin.lastIndex = at;
    const found = begin.exec(buffer)?.[0];
    if (found === undefined) return undefined;
    inside = true;
    bodySeen = false;
    stray = 0;
    swallowing = false;
    return at + found.length;
  };
  const outsideStep = (at: number, final: boolean): { readonly to: number; readonly text: string } | undefined => {
    const start = buffer.indexOf(opening, at);
    if (start === -1) {
      const keep = final ? 0 : tailOf(buffer, at);
      const to = buffer.length - keep;
      return to === at ? undefined : { to, text: buffer.slice(at, to) };
    }
    if (start > at) return { to: start, text: buffer.slice(at, start) };
    const found = beginAt(start);
    if (found !== undefined) return { to: found, text: mark('private-key') };
    if (!final && buffer.length - at < openingUnits && mayOpen(buffer.slice(at))) return undefined;
    return { to: at + opening.length, text: opening };
  };

  const insideStep = (at: number, final: boolean): { readonly to: number; readonly text: string } | undefined => {
    if (swallowing) {
      run.lastIndex = at;
      const to = at + (run.exec(buffer)?.[0].length ?? 0);
      if (to === buffer.length) return to === at ? undefined : { to, text: '' };
      swallowing = false;
      return { to, text: '' };
    }
    gap.lastIndex = at;
    const space = (gap.exec(buffer)?.[0] ?? '').slice(0, maxGapUnits);
    const word = at + space.length;
    const rest = buffer.length - word;
    const pass = (to: number): { readonly to: number; readonly text: string } => {
      stray += to - at;
      if (stray > strayUnits || leaves.test(buffer.slice(at, to))) inside = false;
      return { to, text: buffer.slice(at, to) };
    };
    if (space.length === maxGapUnits) return pass(word);
    if (rest === 0 || (buffer[word] === '\\' && rest < 8 && /^\\+$/.test(buffer.slice(word)))) {
      if (!final) return undefined;
      return { to: buffer.length, text: bodySeen ? '' : buffer.slice(at) };
    }
    end.lastIndex = word;
    const closing = end.exec(buffer)?.[0];
    if (closing !== undefined) {
      inside = false;
      return { to: word + closing.length, text: '' };
    }
    if (!final && rest < openingUnits && (mayEnd.test(buffer.slice(word)) || mayOpen(buffer.slice(word)))) return undefined;
    const another = beginAt(word);
    if (another !== undefined) return { to: another, text: space + mark('private-key') };
    run.lastIndex = word;
    const body = run.exec(buffer)?.[0] ?? '';
    const to = word + body.length;
    if (body.length >= bodyUnits) {
      bodySeen = true;
      stray = 0;
      swallowing = true;
      return { to, text: '' };
    }
    const behind = buffer.slice(to, to + 12);
    if (!final && behind.length < 12 && (body === '' ? behind === '' : /^(?:\r|\\+|-{1,5})?$/.test(behind))) return undefined;
    if (body !== '' && bodySeen && (/^(?:\r?\n|\\+[nr]|-----E)/.test(behind) || behind === '')) return { to, text: '' };
    return pass(body === '' ? word + 1 : to);
  };

  const advance = (chunk: string, final: boolean): string => {
    buffer += chunk;
    let out = '';
    let at = 0;
    while (at < buffer.length) {
      const step = inside ? insideStep(at, final) : outsideStep(at, final);
      if (step === undefined) break;
      out += step.text;
      at = step.to;
    }
    buffer = buffer.slice(at);
    return out;
  };

  return { write: (chunk) => advance(chunk, false), end: () => advance('', true) };
}

function mayOpen(start: string): boolean {
  return opening.startsWith(start) || mayBegin.test(start);
}

/** How much of the end may be the beginning of an opening. */
function tailOf(text: string, from: number): number {
  for (let units = Math.min(opening.length - 1, text.length - from); units > 0; units -= 1)
    if (text.endsWith(opening.slice(0, units))) return units;
  return 0;
}
