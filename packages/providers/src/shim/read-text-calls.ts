import type { ToolSpec } from '../chat-model.ts';
import type { FoundCall, OfferedTools, TextCall } from './call-of-json.ts';
import { skipBlank } from './lenient-json.ts';
import { placeOfOpening } from './may-be-call.ts';
import { type CallBlock, readBlock } from './read-block.ts';

/** What an answer's text turned out to be. */
export type TextReading =
  | { readonly type: 'answer' }
  /** `text` stood before the first call; a broken call has arguments that are no JSON object. */
  | { readonly type: 'calls'; readonly text: string; readonly calls: readonly TextCall[] };

/** What is offered and what counts as a call. */
export interface TextCallRules {
  readonly tools: readonly (Pick<ToolSpec, 'name'> & Partial<ToolSpec>)[];
  /** `nothing-else`: only a text that is calls and nothing else. `anywhere`: prose may stand before them. */
  readonly where: 'nothing-else' | 'anywhere';
  /** What tools gave so far. A call whose arguments stand in there is a quotation, not a wish of the model. */
  readonly results?: readonly string[];
}

const answer: TextReading = { type: 'answer' };
/** What a model makes up after a call in place of waiting for its result. */
const madeUp = /<\/?tool_response|<\|im_start\|>|<\|observation\|>|^\s*observation:/im;

/**
 * Reads the tool calls that a model wrote as text: in tags of the known families, in fences, or as plain JSON. It is the
 * one reader of such texts. A call of a tool that is not offered counts only where a tag marks it, or it is the whole text.
 */
export function readTextCalls(text: string, { tools, where, results = [] }: TextCallRules): TextReading {
  const offered: OfferedTools = new Map(tools.map((tool) => [tool.name, tool]));
  const blocks = readAlone(text, offered);
  const quotes = quotationIn(results);
  const alone = blocks?.some((block) => quotes(block)) === true ? undefined : blocks;
  if (alone !== undefined && (where === 'anywhere' || alone.every((block) => counts(block)))) return calls('', alone);
  return where === 'anywhere' ? readAnywhere(text, offered, quotes) : answer;
}

/** The blocks of a text that is nothing but blocks. */
function readAlone(text: string, tools: OfferedTools): readonly CallBlock[] | undefined {
  const blocks: CallBlock[] = [];
  let at = skipBlank(text, 0);
  while (at < text.length) {
    const block = readBlock(text, at, tools);
    if (block === undefined) return undefined;
    blocks.push(block);
    at = skipBlank(text, block.end);
    if (text[at] === ',' || text[at] === ';') at = skipBlank(text, at + 1);
  }
  return blocks.length === 0 ? undefined : blocks;
}

function readAnywhere(text: string, tools: OfferedTools, quotes: (block: CallBlock) => boolean): TextReading {
  const blocks: CallBlock[] = [];
  let begin = text.length;
  let at = 0;
  let lineBlank = true;
  while (at < text.length) {
    const step = placeOfOpening(text.slice(at), lineBlank);
    if (step === -1) break;
    // After a call, what follows a made-up result is built on nothing.
    if (blocks.length > 0 && madeUp.test(text.slice(at, at + step))) break;
    const place = at + step;
    const block = readBlock(text, place, tools);
    const taken = block !== undefined && counts(block) && !quotes(block);
    const passed = taken || (block !== undefined && quotes(block));
    if (taken) {
      if (blocks.length === 0) begin = place;
      blocks.push(block);
    }
    at = passed ? block.end : place + 1;
    lineBlank = passed || (/\s/.test(text[place] ?? '') && lineBlank);
  }
  return blocks.length === 0 ? answer : calls(text.slice(0, begin).trimEnd(), blocks);
}

/** Short arguments, such as `{}`, stand anywhere by chance. */
const minQuoted = 12;

/** Tells whether a block's arguments stand in what tools gave, however they were indented or escaped there. */
function quotationIn(results: readonly string[]): (block: CallBlock) => boolean {
  let plain: readonly string[] | undefined;
  return ({ calls: found }) => {
    plain ??= results.map(withoutForm);
    const known = plain;
    return found
      .map((call) => withoutForm(call.arguments))
      .some((text) => text.length >= minQuoted && known.some((result) => result.includes(text)));
  };
}

function withoutForm(text: string): string {
  return text.replaceAll('&lt;', '<').replace(/[\s\\]+/g, '');
}

function counts({ marked, calls: found }: CallBlock): boolean {
  return marked || found.every((call) => call.offered);
}

function calls(text: string, blocks: readonly CallBlock[]): TextReading {
  return { type: 'calls', text, calls: blocks.flatMap((block) => block.calls).map(bare) };
}

function bare({ name, arguments: text }: FoundCall): TextCall {
  return { name, arguments: text };
}
