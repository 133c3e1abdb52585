import { createParser } from 'eventsource-parser';
import { KwError } from './error.ts';

/** A piece of an answer's body: an event of a stream, or the whole of a body that is none. */
export type BodyPiece =
  | { readonly type: 'event'; readonly name: string; readonly data: string }
  | { readonly type: 'document'; readonly text: string };

/** Longest event or document, in UTF-16 units. */
const maxLength = 32 * 1_024 * 1_024;

/**
 * Decodes an event stream from bytes, however they were cut. A body that begins like JSON or HTML is one document,
 * whatever its headers say. Throws KwError `bad-request` for an event that is longer than 32 Mi letters.
 */
export async function* decodeEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<BodyPiece, void> {
  const decoder = new TextDecoder();
  let pending: BodyPiece[] = [];
  let tooLong = false;
  const parser = createParser({
    maxBufferSize: maxLength,
    onEvent: ({ event, data }) => pending.push({ type: 'event', name: event ?? '', data }),
    onError: (error) => {
      tooLong ||= error.type === 'max-buffer-size-exceeded';
    },
  });
  const feed = (text: string): readonly BodyPiece[] => {
    parser.feed(text);
    if (tooLong) throw new KwError('bad-request', `the provider sent an event of more than ${maxLength} letters`);
    const ready = pending;
    pending = [];
    return ready;
  };
  let opening: string | undefined = '';
  let document: string[] | undefined;
  let length = 0;
  for await (const chunk of bytes) {
    let text = decoder.decode(chunk, { stream: true });
    if (opening !== undefined) {
      opening += text;
      const first = opening.trimStart()[0];
      if (first === undefined) continue;
      text = opening;
      opening = undefined;
      if (first === '{' || first === '[' || first === '<') document = [];
    }
    if (document === undefined) {
      for (const piece of feed(text)) yield piece; // not `yield*`: it waits three times for each
      continue;
    }
    document.push(text);
    length += text.length;
    if (length > maxLength) throw new KwError('bad-request', `the provider sent a body of more than ${maxLength} letters`);
  }
  if (document === undefined) yield* feed(`${decoder.decode()}\n\n`);
  else yield { type: 'document', text: document.join('') + decoder.decode() };
}
