import { createCallAssembler, type DraftCall, maxArgumentsLength } from './assemble-calls.ts';
import type { ReasoningDelta, TextDelta, Usage } from './chat-model.ts';
import { KwError } from './error.ts';
import type { JsonObject } from './json.ts';
import type { ReasoningPart, TextPart } from './message.ts';
import type { Chunk } from './read-chunk.ts';

/** Longest answer, text and reasoning together, in UTF-16 units. */
const maxAnswerLength = 16 * 1_024 * 1_024;

/** An answer as far as it has come. */
export interface Draft {
  /** Takes a chunk in and gives the deltas that it brings. Throws KwError `bad-request` for an answer without end. */
  add(chunk: Chunk): readonly (TextDelta | ReasoningDelta)[];
  /** The deltas that were held back: half of a letter, at the end. */
  flush(): readonly (TextDelta | ReasoningDelta)[];
  parts(): readonly (TextPart | ReasoningPart)[];
  text(): string;
  calls(): readonly DraftCall[];
  finishReason(): string | undefined;
  usage(): Usage | undefined;
  /** Whether any delta was given out. */
  hasDeltas(): boolean;
}

type Kind = 'text' | 'reasoning';

/** Makes an empty draft. */
export function createDraft(): Draft {
  const assembler = createCallAssembler();
  const parts: { type: Kind; text: string; vendor?: JsonObject }[] = [];
  const held: Record<Kind, string> = { text: '', reasoning: '' };
  let length = 0;
  let finishReason: string | undefined;
  let usage: Usage | undefined;

  const append = (type: Kind, text: string, vendor?: JsonObject): void => {
    const last = parts.at(-1);
    if (last?.type !== type) parts.push({ type, text, ...(vendor === undefined ? {} : { vendor }) });
    else {
      last.text += text;
      if (vendor !== undefined) last.vendor = joinVendor(last.vendor, vendor);
    }
  };
  const take = (type: Kind, text: string): readonly (TextDelta | ReasoningDelta)[] => {
    if (text === '') return [];
    length += text.length;
    checkLength(length, maxAnswerLength, 'an answer');
    const whole = held[type] + text;
    // A letter outside the basic plane may come in two halves: the first waits for the second.
    const cut = /[\ud800-\udbff]$/.test(whole) ? whole.length - 1 : whole.length;
    held[type] = whole.slice(cut);
    const given = whole.slice(0, cut);
    if (given === '') return [];
    append(type, given);
    return [{ type: `${type}-delta`, text: given }];
  };

  return {
    add: (chunk) => {
      if (chunk.finishReason !== undefined) finishReason = chunk.finishReason;
      if (chunk.usage !== undefined) usage = chunk.usage;
      const deltas = [...take('reasoning', chunk.reasoning), ...take('text', chunk.text)];
      if (chunk.vendor !== undefined) append('reasoning', '', chunk.vendor);
      for (const fragment of chunk.calls) {
        assembler.add(fragment);
        length += fragment.arguments.length;
        checkLength(length, maxAnswerLength + maxArgumentsLength, 'tool calls');
      }
      return deltas;
    },
    flush: () => {
      const rest = { ...held };
      held.text = '';
      held.reasoning = '';
      if (rest.reasoning !== '') append('reasoning', rest.reasoning);
      if (rest.text !== '') append('text', rest.text);
      return [
        ...(rest.reasoning === '' ? [] : [{ type: 'reasoning-delta', text: rest.reasoning } as const]),
        ...(rest.text === '' ? [] : [{ type: 'text-delta', text: rest.text } as const]),
      ];
    },
    parts: () => parts,
    text: () => parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    calls: () => assembler.calls(),
    finishReason: () => finishReason,
    usage: () => usage,
    hasDeltas: () => length > 0,
  };
}

/** Vendor fields of several chunks: lists are joined, as streams send them in pieces; other values are replaced. */
function joinVendor(left: JsonObject | undefined, right: JsonObject): JsonObject {
  const joined = Object.entries(right).map(([name, value]) => {
    const before = left?.[name];
    return [name, Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value] as const;
  });
  return { ...left, ...Object.fromEntries(joined) };
}

function checkLength(length: number, limit: number, what: string): void {
  if (length > limit) throw new KwError('bad-request', `the model sent ${what} of more than ${limit} letters: stopped`);
}
