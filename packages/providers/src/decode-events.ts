import { createParser } from 'eventsource-parser';
import { KwError } from './error.ts';

/** A piece of an answer's body: an event of a stream, or the whole of a body that is none. */
export type BodyPiece =
  | { readonly type: 'event'; readonly name: string; readonly data: string }
  | { readonly type: 'document'; readonly text: string };

/** Decodes an event stream from bytes, however they were cut. */
export interface EventDecoder {
  /** The pieces that are whole with these bytes. Throws KwError `bad-request` for an event that is longer than 32 Mi letters. */
  push(bytes: Uint8Array): readonly BodyPiece[];
  /** What is left at the end of the body. */
  end(): readonly BodyPiece[];
}

/** Longest event or document, in UTF-16 units. */
const maxLength = 32 * 1_024 * 1_024;
const none: readonly BodyPiece[] = [];

/** Makes a decoder. A body that begins like JSON or HTML is one document, whatever its headers say. */
export function createEventDecoder(): EventDecoder {
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

  return {
    push: (bytes) => {
      let text = decoder.decode(bytes, { stream: true });
      if (opening !== undefined) {
        opening += text;
        const first = opening.trimStart()[0];
        if (first === undefined) return none;
        text = opening;
        opening = undefined;
        if (first === '{' || first === '[' || first === '<') document = [];
      }
      if (document === undefined) return feed(text);
      document.push(text);
      length += text.length;
      if (length > maxLength) throw new KwError('bad-request', `the provider sent a body of more than ${maxLength} letters`);
      return none;
    },
    end: () =>
      document === undefined ? feed(`${decoder.decode()}\n\n`) : [{ type: 'document', text: document.join('') + decoder.decode() }],
  };
}
