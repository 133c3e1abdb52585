import type { AssistantMessage, AssistantPart, ReasoningPart, TextPart } from '@kw/providers';
import { gatherText, type GatheredText } from '../gather-text.ts';
import type { Redactor } from '../redact/redactor.ts';
import { slicesOf, sliceUnits } from '../redact/transducer.ts';
import type { PartialChunk } from '../session-store.ts';
import { mayBeCallText } from './call-text.ts';

type Kind = 'text' | 'reasoning';

interface Segment {
  readonly kind: Kind;
  /** Redacted, as it was shown. */
  readonly shown: GatheredText;
}

/** A message that is being written: redacted while it comes, so that readers and the log hold the same. */
export interface Draft {
  add(kind: Kind, text: string): void;
  /** All text so far, redacted, whether shown or not. */
  text(): string;
  /** The whole message's text and reasoning once the model is done; shows what was held back. */
  end(): readonly (TextPart | ReasoningPart)[];
  /** Text that is still held back because it may be a call; undefined where it is shown. */
  held(): string | undefined;
}

/** Makes an empty draft; `show` takes what readers may see. */
export function createDraft(redactor: Redactor, show: (chunk: PartialChunk) => void): Draft {
  const segments: Segment[] = [];
  let stream = redactor.stream();
  let held: string | undefined = '';

  const give = (segment: Segment, text: string): void => {
    if (text === '') return;
    segment.shown.add(text);
    show({ kind: segment.kind, text });
  };
  const closeLast = (): void => {
    const last = segments.at(-1);
    if (last !== undefined) give(last, stream.end());
    stream = redactor.stream();
  };
  const put = (kind: Kind, text: string): void => {
    if (segments.at(-1)?.kind !== kind) {
      closeLast();
      segments.push({ kind, shown: gatherText() });
    }
    const last = segments.at(-1);
    if (last === undefined) return;
    for (const slice of slicesOf(text)) give(last, stream.write(slice));
  };
  const release = (): void => {
    const text = held;
    held = undefined;
    if (text !== undefined && text !== '') put('text', text);
  };

  return {
    add: (kind, text) => {
      if (kind === 'reasoning' || held === undefined) {
        if (held !== undefined && held !== '') release();
        put(kind, text);
        return;
      }
      held += text;
      if (!mayBeCallText(held)) release();
    },
    text: () => segments.map((segment) => segment.shown.text()).join('') + redactor.text(held ?? ''),
    end: () => {
      release();
      closeLast();
      return segments.map((segment) => ({ type: segment.kind, text: segment.shown.text() }));
    },
    held: () => (held === undefined || held.trim() === '' ? undefined : held),
  };
}

/** Vendor data of the model's own parts, on the parts as they were shown; undefined where the two tell different texts. */
export function withVendor(
  shown: readonly (TextPart | ReasoningPart)[],
  message: AssistantMessage,
  redactor: Redactor,
): readonly (TextPart | ReasoningPart)[] | undefined {
  const own = message.content
    .filter((part) => part.type !== 'tool-call')
    .filter((part) => part.text !== '' || (part.type === 'reasoning' && part.vendor !== undefined));
  const parts: (TextPart | ReasoningPart)[] = [];
  let next = 0;
  for (const part of own) {
    const at = shown[next];
    if (part.text === '') parts.push(vendored({ type: 'reasoning', text: '' }, part, redactor));
    else if (at !== undefined && at.type === part.type && isRedactionOf(at.text, part.text, redactor)) {
      // Where nothing was taken out, the two are one text: it is held once.
      parts.push(vendored(at.text === part.text ? { ...at, text: part.text } : at, part, redactor));
      next += 1;
    } else return undefined;
  }
  return next === shown.length ? parts : undefined;
}

/** Whether a text is what redaction makes of another, slice by slice: no second copy of a long one is made. */
function isRedactionOf(shown: string, own: string, redactor: Redactor): boolean {
  if (own.length <= sliceUnits) return redactor.text(own) === shown;
  const stream = redactor.stream();
  let at = 0;
  const goesOn = (text: string): boolean => {
    const same = shown.startsWith(text, at);
    at += text.length;
    return same;
  };
  for (const slice of slicesOf(own)) if (!goesOn(stream.write(slice))) return false;
  return goesOn(stream.end()) && at === shown.length;
}

/** The message's own parts, redacted. */
export function redactedParts(message: AssistantMessage, redactor: Redactor): readonly (TextPart | ReasoningPart)[] {
  return message.content
    .filter((part) => part.type !== 'tool-call')
    .map((part) => vendored({ type: part.type, text: redactor.text(part.text) }, part, redactor));
}

/** Opaque data goes back byte for byte; where it holds a secret it does not go at all. */
function vendored(part: TextPart | ReasoningPart, own: AssistantPart, redactor: Redactor): TextPart | ReasoningPart {
  if (part.type !== 'reasoning' || own.type !== 'reasoning' || own.vendor === undefined) return part;
  return redactor.touches(JSON.stringify(own.vendor)) ? part : { ...part, vendor: own.vendor };
}
