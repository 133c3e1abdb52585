import type { JsonValue } from '../json.ts';
import { parseJson } from '../parse-json.ts';

/** A JSON value that was read out of a text, and where it stood. */
export interface JsonNode {
  readonly value: JsonValue;
  readonly start: number;
  readonly end: number;
  /** Its text is no strict JSON: a trailing comma, single quotes, a line break in a string, or a name written twice. */
  readonly repaired: boolean;
  /** Of an object. */
  readonly members?: ReadonlyMap<string, JsonNode>;
  /** A name stands twice in the object: which one is meant is not known. */
  readonly doubled?: boolean;
  /** Of an array. */
  readonly items?: readonly JsonNode[];
}

const maxDepth = 64;
const simple = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b|True\b|False\b|None\b/y;
const pythonWords: ReadonlyMap<string, JsonValue> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const blank = /\s*/y;

/**
 * Reads the JSON value that begins at a place of a text; undefined where none does, or none that is whole. Only what has one
 * meaning is forgiven: commas before a closing bracket, single quotes around texts without any, line breaks in texts, and
 * Python's words.
 */
export function readJson(text: string, from: number): JsonNode | undefined {
  return readValue(text, skipBlank(text, from), 0);
}

/** The first place from here on that is no white space. */
export function skipBlank(text: string, from: number): number {
  blank.lastIndex = from;
  blank.exec(text);
  return blank.lastIndex;
}

function readValue(text: string, start: number, depth: number): JsonNode | undefined {
  if (depth > maxDepth) return undefined;
  switch (text[start]) {
    case '{':
      return readObject(text, start, depth);
    case '[':
      return readArray(text, start, depth);
    case '"':
      return readQuoted(text, start);
    case "'":
      return readSingleQuoted(text, start);
    default:
      return readSimple(text, start);
  }
}

function readSimple(text: string, start: number): JsonNode | undefined {
  simple.lastIndex = start;
  const word = simple.exec(text)?.[0];
  if (word === undefined) return undefined;
  const own = pythonWords.get(word);
  const value = own === undefined ? parseJson(word) : own;
  return value === undefined ? undefined : { value, start, end: start + word.length, repaired: own !== undefined };
}

function readQuoted(text: string, start: number): JsonNode | undefined {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  if (at >= text.length) return undefined;
  const raw = text.slice(start, at + 1);
  const exact = parseJson(raw);
  const value = exact ?? parseJson(escapeBreaks(raw));
  return value === undefined ? undefined : { value, start, end: at + 1, repaired: exact === undefined };
}

/** Line breaks and tabs that stand bare in a text. */
function escapeBreaks(raw: string): string {
  return raw.replace(/[\n\r\t]/g, (sign) => (sign === '\n' ? '\\n' : sign === '\r' ? '\\r' : '\\t'));
}

/** Ends at the first single quote, which must stand before a delimiter: an apostrophe within makes the text ambiguous. */
function readSingleQuoted(text: string, start: number): JsonNode | undefined {
  let at = start + 1;
  while (at < text.length && text[at] !== "'") at += text[at] === '\\' ? 2 : 1;
  if (at >= text.length || !/[,:}\]]/.test(text[skipBlank(text, at + 1)] ?? '')) return undefined;
  const inner = text
    .slice(start + 1, at)
    .replaceAll("\\'", "'")
    .replace(/(?<!\\)"/g, '\\"');
  const value = parseJson(escapeBreaks(`"${inner}"`));
  return value === undefined ? undefined : { value, start, end: at + 1, repaired: true };
}

function readObject(text: string, start: number, depth: number): JsonNode | undefined {
  const members = new Map<string, JsonNode>();
  let repaired = false;
  let doubled = false;
  let at = skipBlank(text, start + 1);
  while (text[at] !== '}') {
    const key = text[at] === '"' || text[at] === "'" ? readValue(text, at, depth) : undefined;
    if (key === undefined || typeof key.value !== 'string') return undefined;
    at = skipBlank(text, key.end);
    if (text[at] !== ':') return undefined;
    const member = readValue(text, skipBlank(text, at + 1), depth + 1);
    if (member === undefined) return undefined;
    doubled ||= members.has(key.value);
    repaired ||= key.repaired || member.repaired;
    members.set(key.value, member);
    at = skipBlank(text, member.end);
    if (text[at] === '}') break;
    if (text[at] !== ',') return undefined;
    at = skipBlank(text, at + 1);
    repaired ||= text[at] === '}';
  }
  const value = Object.fromEntries([...members].map(([name, member]) => [name, member.value]));
  return { value, start, end: at + 1, repaired: repaired || doubled, members, doubled };
}

function readArray(text: string, start: number, depth: number): JsonNode | undefined {
  const items: JsonNode[] = [];
  let repaired = false;
  let at = skipBlank(text, start + 1);
  while (text[at] !== ']') {
    const item = readValue(text, at, depth + 1);
    if (item === undefined) return undefined;
    repaired ||= item.repaired;
    items.push(item);
    at = skipBlank(text, item.end);
    if (text[at] === ']') break;
    if (text[at] !== ',') return undefined;
    at = skipBlank(text, at + 1);
    repaired ||= text[at] === ']';
  }
  return { value: items.map((item) => item.value), start, end: at + 1, repaired, items };
}
