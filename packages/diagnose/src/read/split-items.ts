import { isFields } from '../world/fields.ts';
import type { Fields } from '../world/fields.ts';

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
/** The API takes no larger object. */
const maxItemBytes = 16 * 1024 * 1024;

/**
 * Reads a list of the API item by item, so that no more than one of them is in memory; returns the list without its items. API servers answer lists
 * from their cache whole, whatever page size was asked for: 10,000 pods are 60 to 100 MB of text. Throws Error for what is no JSON.
 */
export async function* splitItems(body: AsyncIterable<Uint8Array>): AsyncGenerator<Fields, Fields, undefined> {
  const envelope: Uint8Array[] = [];
  let item: Uint8Array[] = [];
  let itemBytes = 0;
  let depth = 0;
  let place: 'outside' | 'between' | 'inside' = 'outside';
  let isText = false;
  let isEscaped = false;
  let name = '';
  for await (const chunk of body) {
    let start = 0;
    let backslashAt = -1;
    for (let at = 0; at < chunk.length; at += 1) {
      if (isEscaped) {
        isEscaped = false;
        continue;
      }
      if (isText) {
        // Most bytes are text: its end is looked for, not walked to.
        const quoteAt = chunk.indexOf(quote, at);
        if (backslashAt < at) backslashAt = indexOrEnd(chunk.indexOf(backslash, at), chunk);
        const end = Math.min(indexOrEnd(quoteAt, chunk), backslashAt);
        if (depth === 1 && name.length < 16) name += Buffer.from(chunk.subarray(at, Math.min(end, at + 16))).toString('latin1');
        at = end;
        if (end === quoteAt) isText = false;
        else if (end < chunk.length) isEscaped = true;
        continue;
      }
      const byte = chunk[at];
      if (byte === quote) {
        isText = true;
        if (depth === 1) name = '';
      } else if (byte === openBrace || byte === openBracket) {
        depth += 1;
        if (place === 'outside' && depth === 2 && byte === openBracket && name === 'items') {
          envelope.push(chunk.subarray(start, at + 1));
          place = 'between';
        } else if (place === 'between' && depth === 3) {
          start = at;
          place = 'inside';
        }
      } else if (byte === closeBrace || byte === closeBracket) {
        depth -= 1;
        if (place === 'inside' && depth === 2) {
          item.push(chunk.subarray(start, at + 1));
          yield parseItem(item);
          item = [];
          itemBytes = 0;
          place = 'between';
        } else if (place === 'between' && depth === 1) {
          start = at;
          place = 'outside';
        }
      }
    }
    if (place === 'outside') envelope.push(chunk.subarray(start));
    if (place === 'inside') {
      itemBytes += chunk.length - start;
      if (itemBytes > maxItemBytes) throw new Error(`an object of the list is larger than ${maxItemBytes} bytes`);
      item.push(chunk.subarray(start));
    }
  }
  return parseItem(envelope);
}

function indexOrEnd(index: number, chunk: Uint8Array): number {
  return index === -1 ? chunk.length : index;
}

function parseItem(parts: readonly Uint8Array[]): Fields {
  const value: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
  return isFields(value) ? value : {};
}
