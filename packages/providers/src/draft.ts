import { createCallAssembler, type DraftCall, maxArgumentsLength } from './assemble-calls.ts';
import type { ReasoningDelta, TextDelta, Usage } from './chat-model.ts';
import { KwError } from './error.ts';
import { gatherText, type GatheredText } from './gather-text.ts';
import type { JsonObject } from './json.ts';
import type { ReasoningPart, TextPart } from './message.ts';
import type { Chunk } from './read-chunk.ts';
import type { TextCall } from './shim/call-of-json.ts';
import type { TextGate } from './shim/text-gate.ts';
import { type ContentPiece, createThinkingSplitter } from './split-thinking.ts';

/** Longest answer, text and reasoning together, in UTF-16 units. */
const maxAnswerLength = 16 * 1_024 * 1_024;

/** An answer as far as it has come. */
export interface Draft {
  /** Takes a chunk in and gives the deltas that it brings. Throws KwError `bad-request` for an answer without end. */
  add(chunk: Chunk): readonly (TextDelta | ReasoningDelta)[];
  /** The end of a whole answer: the deltas that were held back. What was held for a call becomes one, if it is one. */
  end(): readonly (TextDelta | ReasoningDelta)[];
  /** The end of an answer that broke off: a call that had begun in the text is no text. */
  breakOff(): readonly (TextDelta | ReasoningDelta)[];
  parts(): readonly (TextPart | ReasoningPart)[];
  text(): string;
  calls(): readonly DraftCall[];
  /** Whether `calls` were read out of the text. */
  hasTextCalls(): boolean;
  /** Whether a call has begun, as such or in the text. */
  inCall(): boolean;
  finishReason(): string | undefined;
  usage(): Usage | undefined;
  /** Whether any delta was given out. */
  hasDeltas(): boolean;
}

type Kind = 'text' | 'reasoning';

/** Makes an empty draft; the gate holds back text that may be a call. */
export function createDraft(gate?: TextGate): Draft {
  const assembler = createCallAssembler();
  const splitter = createThinkingSplitter();
  const parts: { readonly type: Kind; readonly text: GatheredText; vendor?: JsonObject }[] = [];
  const held: Record<Kind, string> = { text: '', reasoning: '' };
  let length = 0;
  let given = false;
  let finishReason: string | undefined;
  let usage: Usage | undefined;
  let textCalls: readonly DraftCall[] = [];

  const append = (type: Kind, text: string, vendor?: JsonObject): void => {
    let last = parts.at(-1);
    if (last?.type !== type) {
      last = { type, text: gatherText() };
      parts.push(last);
    }
    last.text.add(text);
    if (vendor !== undefined) last.vendor = joinVendor(last.vendor, vendor);
  };
  const give = (type: Kind, whole: string): readonly (TextDelta | ReasoningDelta)[] =>
    show(type, type === 'text' && gate !== undefined ? gate.push(whole) : whole);
  const show = (type: Kind, text: string): readonly (TextDelta | ReasoningDelta)[] => {
    if (text === '') return [];
    append(type, text);
    given = true;
    return [{ type: `${type}-delta`, text }];
  };
  const takeAll = (pieces: readonly ContentPiece[]): readonly (TextDelta | ReasoningDelta)[] =>
    pieces.flatMap((piece) => take(piece.type, piece.text));
  const take = (type: Kind, text: string): readonly (TextDelta | ReasoningDelta)[] => {
    if (text === '') return [];
    length += text.length;
    checkLength(length, maxAnswerLength, 'an answer');
    const whole = held[type] + text;
    // A letter outside the basic plane may come in two halves: the first waits for the second.
    const cut = endsInHalf(whole) ? whole.length - 1 : whole.length;
    held[type] = whole.slice(cut);
    return give(type, whole.slice(0, cut));
  };

  const finish = (how: 'end' | 'cut'): readonly (TextDelta | ReasoningDelta)[] => {
    const rest = takeAll(splitter.end());
    const halves = [...give('reasoning', held.reasoning), ...give('text', held.text)];
    held.reasoning = '';
    held.text = '';
    if (gate === undefined) return [...rest, ...halves];
    const native = assembler.calls().length > 0;
    const { text, calls } = gate[how]();
    if (!native) textCalls = calls.map(toDraftCall);
    return [...rest, ...halves, ...show('text', text)];
  };

  return {
    add: (chunk) => {
      if (chunk.finishReason !== undefined) finishReason = chunk.finishReason;
      if (chunk.usage !== undefined) usage = chunk.usage;
      const deltas = [...take('reasoning', chunk.reasoning), ...takeAll(splitter.push(chunk.text))];
      if (chunk.vendor !== undefined) append('reasoning', '', chunk.vendor);
      for (const fragment of chunk.calls) {
        assembler.add(fragment);
        length += fragment.arguments.length;
        checkLength(length, maxAnswerLength + maxArgumentsLength, 'tool calls');
      }
      return deltas;
    },
    end: () => finish('end'),
    breakOff: () => finish('cut'),
    parts: () => parts.map(({ text, ...part }) => ({ ...part, text: text.text() })),
    text: () => parts.map((part) => (part.type === 'text' ? part.text.text() : '')).join(''),
    calls: () => (textCalls.length > 0 ? textCalls : assembler.calls()),
    hasTextCalls: () => textCalls.length > 0,
    inCall: () => assembler.calls().length > 0 || textCalls.length > 0 || gate?.holds() === true,
    finishReason: () => finishReason,
    usage: () => usage,
    hasDeltas: () => given,
  };
}

function toDraftCall(call: TextCall): DraftCall {
  return { ...call, index: undefined, id: undefined, vendor: undefined };
}

/** Vendor fields of several chunks: lists are joined, as streams send them in pieces; other values are replaced. */
function joinVendor(left: JsonObject | undefined, right: JsonObject): JsonObject {
  const joined = Object.entries(right).map(([name, value]) => {
    const before = left?.[name];
    return [name, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value] as const;
  });
  return { ...left, ...Object.fromEntries(joined) };
}

/** Whether a text ends in the first half of a surrogate pair. */
function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

function checkLength(length: number, limit: number, what: string): void {
  if (length > limit) throw new KwError('bad-request', `the model sent ${what} of more than ${limit} letters: stopped`);
}
