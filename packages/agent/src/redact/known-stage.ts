import { beginningUnits, candidateFinders, type FindCandidate } from './beginnings.ts';
import { mark, markSource } from './marks.ts';
import type { Transducer } from './transducer.ts';

/** Shorter secrets are too common as ordinary words. */
const minUnits = 4;
/** From here on a secret is looked for inside words and encodings, too. */
const anywhereUnits = 8;
const maxUnits = 16_384;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The part of a value's base64 that does not depend on what stands around it, when it begins at this offset. */
function base64At(bytes: Uint8Array, offset: number): string {
  const bits = (offset + bytes.length) * 8;
  let result = '';
  for (let sextet = Math.ceil((offset * 8) / 6); sextet < Math.floor(bits / 6); sextet += 1) {
    let value = 0;
    for (let bit = sextet * 6; bit < sextet * 6 + 6; bit += 1) {
      const byte = bytes[(bit >> 3) - offset] ?? 0;
      value = value * 2 + ((byte >> (7 - (bit & 7))) & 1);
    }
    result += alphabet[value] ?? '';
  }
  return result;
}

interface Variant {
  readonly text: string;
  readonly encoded: boolean;
  readonly whole: boolean;
}

/** All the ways in which a secret is looked for. */
function variantsOf(secret: string): readonly Variant[] {
  const plain: Variant = { text: secret, encoded: false, whole: secret.length < anywhereUnits };
  if (secret.length < anywhereUnits) return [plain];
  const bytes = new TextEncoder().encode(secret);
  const base64 = [0, 1, 2].map((offset) => base64At(bytes, offset));
  const encoded = [
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  ].filter((text) => text.length >= anywhereUnits);
  const json = JSON.stringify(secret).slice(1, -1);
  const written = [
    json,
    JSON.stringify(json).slice(1, -1),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll('%20', '+'),
    json.replace(/[&<>]/g, goEscape),
  ];
  return [
    plain,
    ...written.map((text) => ({ text, encoded: false, whole: false })),
    ...encoded.map((text) => ({ text, encoded: true, whole: false })),
  ];
}

/** JSON as Go's encoder writes it. */
function goEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const base64Run = /[A-Za-z0-9+/=_-]*/y;
/** Makes stages that take given values out. */
export interface KnownStages {
  /** For values that are looked for everywhere, plain and encoded: before all other stages. */
  readonly anywhere: () => readonly Transducer[];
  /** For short ones, that are looked for as whole words: last, since what is left around them decides. */
  readonly words: () => readonly Transducer[];
}

/** Prepares the search for given values; those under 4 characters are too common to look for. */
export function knownStages(secrets: readonly string[]): KnownStages {
  const values = [...new Set(secrets.flatMap((secret) => [secret, secret.trim()]))].filter(
    (secret) => secret.length >= minUnits && secret.length <= maxUnits,
  );
  const make = (group: readonly string[]): (() => readonly Transducer[]) => {
    if (group.length === 0) return () => [];
    const known = prepare(group);
    return () => [stage(known)];
  };
  return {
    anywhere: make(values.filter((value) => value.length >= anywhereUnits)),
    words: make(values.filter((value) => value.length < anywhereUnits)),
  };
}

function prepare(values: readonly string[]): Known {
  const variants = new Map(values.flatMap(variantsOf).map((variant) => [variant.text, variant]));
  const sorted = [...variants.values()].toSorted((one, other) => other.text.length - one.text.length);
  const longest = sorted[0]?.text.length ?? 0;
  const buckets = new Map<string, Variant[]>();
  for (const variant of sorted) {
    const beginning = variant.text.slice(0, beginningUnits);
    buckets.set(beginning, [...(buckets.get(beginning) ?? []), variant]);
  }
  return { createFinder: candidateFinders([markBeginning, ...buckets.keys()]), buckets, longest, sorted };
}

interface Known {
  readonly createFinder: () => FindCandidate;
  readonly buckets: ReadonlyMap<string, readonly Variant[]>;
  readonly longest: number;
  readonly sorted: readonly Variant[];
}

const markBeginning = '[re';

function stage({ createFinder, buckets, longest, sorted }: Known): Transducer {
  const marks = new RegExp(markSource, 'y');
  const findCandidate = createFinder();
  let buffer = '';
  let last = '\n';
  let swallowing = false;

  /** The longest variant at the place, or `more` where a longer one may still come. */
  const variantAt = (at: number, final: boolean): Variant | 'more' | undefined => {
    for (const variant of buckets.get(buffer.slice(at, at + beginningUnits)) ?? []) {
      const { text, whole } = variant;
      if (!final && buffer.length - at < text.length + (whole ? 1 : 0) && text.startsWith(buffer.slice(at, at + text.length)))
        return 'more';
      if (!buffer.startsWith(text, at)) continue;
      const behind = buffer[at + text.length] ?? '';
      const before = at === 0 ? last : (buffer[at - 1] ?? '');
      if (!whole || !(/[A-Za-z0-9_-]/.test(before) || /[A-Za-z0-9_-]/.test(behind))) return variant;
    }
    return undefined;
  };
  /** From where on the end of the text may be the beginning of a variant. */
  const openAt = (from: number): number => {
    for (let at = Math.max(from, buffer.length - beginningUnits + 1); at < buffer.length; at += 1) {
      const tail = buffer.slice(at);
      if (sorted.some(({ text }) => text.startsWith(tail)) || '[redacted:'.startsWith(tail)) return at;
    }
    return buffer.length;
  };

  const advance = (chunk: string, final: boolean): string => {
    buffer += chunk;
    let out = '';
    let from = 0;
    let at = 0;
    if (swallowing) {
      base64Run.lastIndex = 0;
      from = base64Run.exec(buffer)?.[0].length ?? 0;
      at = from;
      swallowing = from === buffer.length;
    }
    let end = final ? buffer.length : openAt(from);
    for (let begin = findCandidate(buffer, at); begin < buffer.length; begin = findCandidate(buffer, at)) {
      at = begin + 1;
      if (buffer.startsWith(markBeginning, begin)) {
        if (!final && buffer.length - begin < longest + 64 && /^\[redacted:?[a-z-]*$/.test(buffer.slice(begin, begin + 40))) {
          end = Math.min(end, begin);
          break;
        }
        marks.lastIndex = begin;
        const found = marks.exec(buffer)?.[0].length ?? 0;
        if (found > 0) {
          at = begin + found;
          continue;
        }
      }
      const variant = variantAt(begin, final);
      if (variant === undefined) continue;
      if (variant === 'more') {
        end = Math.min(end, begin);
        break;
      }
      out += buffer.slice(from, begin) + mark('secret');
      from = begin + variant.text.length;
      if (variant.encoded) {
        base64Run.lastIndex = from;
        from += base64Run.exec(buffer)?.[0].length ?? 0;
        if (from === buffer.length) swallowing = true;
      }
      at = from;
      end = final ? buffer.length : openAt(from);
    }
    end = Math.max(end, from);
    out += buffer.slice(from, end);
    if (end > 0) last = buffer[end - 1] ?? last;
    buffer = buffer.slice(end);
    if (final) swallowing = false;
    return out;
  };

  return { write: (chunk) => advance(chunk, false), end: () => advance('', true) };
}
