import type { Message, ModelLimits, ToolSpec, UserMessage } from '@kw/providers';
import { cutToTokens, shrinkResult } from './shrink.ts';
import { createTokenCounter, messageTokens, type TokenCounter } from './message-cost.ts';

/** What has to fit. */
export interface FitOptions {
  /** The history; the first may be the system's. */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  readonly limits: ModelLimits;
  /** Tokens left free for the answer. */
  readonly answerReserve: number;
  /** Remembers what it has counted, from request to request. */
  readonly counter?: TokenCounter;
}

/** A history that fits. */
export interface FittedHistory {
  readonly messages: readonly Message[];
  /** Messages that were left out. */
  readonly dropped: number;
}

/** Messages that stay or go together: a user's, or an assistant's with the results of its calls. */
interface Group {
  readonly messages: readonly Message[];
  readonly tokens: number;
}

/** So many groups change at once, so that the prefix of the next requests stays the same. */
const step = 4;
/** The part of the window that one text of the user may take, when it does not fit. */
const userShare = 0.5;
const minTextTokens = 60;

/**
 * Makes a history fit the model's window, the newest first: texts that alone take much of it lose their middle, old tool
 * results shrink to a line that names their kept output, then whole old turns go, with a note, then texts lose their middle.
 * A call and its results stay together; the first question stays if it can. What fits is returned as it is.
 */
export function fitToBudget({ messages, tools, limits, answerReserve, counter = createTokenCounter() }: FitOptions): FittedHistory {
  const reserve = Math.min(answerReserve, limits.maxOutputTokens, Math.floor(limits.contextWindow / 2));
  const system = messages.filter(({ role }) => role === 'system');
  const fixed = counter.tools(tools) + total(system, counter);
  const budget = Math.max(200, limits.contextWindow - reserve - fixed);
  const groups = groupsOf(
    messages.filter(({ role }) => role !== 'system'),
    counter,
  );
  if (tokensOf(groups) <= budget) return { messages, dropped: 0 };

  const cut = cutAnswers(cutUserTexts(groups, budget), budget);
  const shrunk = shrinkOld(cut, budget);
  const { kept, dropped } = dropOld(shrunk, budget);
  const fitted = squeeze(kept, budget);
  return { messages: [...system, ...fitted.flatMap(({ messages: inside }) => inside)], dropped };
}

function total(messages: readonly Message[], counter: TokenCounter): number {
  return messages.reduce((sum, message) => sum + counter.message(message), 0);
}

function tokensOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { tokens }) => sum + tokens, 0);
}

function group(messages: readonly Message[], counter: TokenCounter = createTokenCounter()): Group {
  return { messages, tokens: total(messages, counter) };
}

function groupsOf(messages: readonly Message[], counter: TokenCounter): readonly Group[] {
  const groups: Message[][] = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (message.role === 'tool' && last !== undefined && last[0]?.role === 'assistant') last.push(message);
    else groups.push([message]);
  }
  return groups.map((inside) => group(inside, counter));
}

const isUser = ({ messages: [first] }: Group): boolean => first?.role === 'user';

/** Texts of the user that alone take more than their share lose their middle. */
function cutUserTexts(groups: readonly Group[], budget: number): readonly Group[] {
  const last = groups.findLastIndex((one) => isUser(one) && !isProgram(one));
  return groups.map((one, index) => {
    const [message] = one.messages;
    const most = Math.floor(budget * (index === last ? userShare : userShare / 4));
    return message?.role === 'user' && one.tokens > most ? group([{ ...message, content: cutToTokens(message.content, most) }]) : one;
  });
}

/** So do answers and reasoning of the model; what is signed stays, as it would be refused. */
function cutAnswers(groups: readonly Group[], budget: number): readonly Group[] {
  const lastUser = groups.findLastIndex((one) => isUser(one) && !isProgram(one));
  return groups.map((one, index) => {
    const [message, ...results] = one.messages;
    const most = Math.floor(budget * (index > lastUser ? userShare : userShare / 4));
    if (message?.role !== 'assistant' || one.tokens <= most) return one;
    const content = message.content.map((part) =>
      part.type === 'tool-call' || (part.type === 'reasoning' && part.vendor !== undefined)
        ? part
        : { ...part, text: cutToTokens(part.text, most) },
    );
    return group([{ ...message, content }, ...results]);
  });
}

function isProgram({ messages: [first] }: Group): boolean {
  return first?.role === 'user' && first.origin === 'program';
}

/** Results become one line, the oldest first; those of the newest group stay. */
function shrinkOld(groups: readonly Group[], budget: number): readonly Group[] {
  const newest = groups.findLastIndex((one) => !isUser(one));
  const candidates = groups.flatMap((one, index) => (index < newest && one.messages.length > 1 ? [index] : []));
  let result = groups;
  for (let from = 0; from < candidates.length && tokensOf(result) > budget; from += step) {
    const batch = new Set(candidates.slice(from, from + step));
    result = result.map((one, index) =>
      batch.has(index) ? group(one.messages.map((message) => (message.role === 'tool' ? shrinkResult(message) : message))) : one,
    );
  }
  return result;
}

/** Old turns go, but for the first question, the last one, and the newest turn. */
function dropOld(groups: readonly Group[], budget: number): { readonly kept: readonly Group[]; readonly dropped: number } {
  const first = groups.findIndex(isUser);
  const lastUser = groups.findLastIndex((one) => isUser(one) && !isProgram(one));
  const newest = groups.findLastIndex((one) => !isUser(one));
  const gone = new Set<number>();
  const tokens = (): number => tokensOf(groups.filter((_, index) => !gone.has(index))) + (gone.size === 0 ? 0 : noteTokens);
  const candidates = groups.flatMap((_, index) => (index === first || index === lastUser || index >= Math.max(newest, 0) ? [] : [index]));
  for (let from = 0; from < candidates.length && tokens() > budget; from += step)
    for (const index of candidates.slice(from, from + step)) gone.add(index);
  // Some models take no history that begins with an answer.
  if (tokens() > budget && first !== lastUser && first !== -1) for (let index = first; index < lastUser; index += 1) gone.add(index);
  if (gone.size === 0) return { kept: groups, dropped: 0 };
  const kept = groups.filter((_, index) => !gone.has(index));
  const dropped = groups.reduce((sum, one, index) => sum + (gone.has(index) ? one.messages.length : 0), 0);
  return { kept: joinUsers(withNote(kept, dropped)), dropped };
}

const noteTokens = 30;

/** The note stands in the first message of the user that is left, so that no message has to be made up. */
function withNote(groups: readonly Group[], dropped: number): readonly Group[] {
  const at = groups.findIndex(isUser);
  return groups.map((one, index) => {
    const [message] = one.messages;
    if (index !== at || message?.role !== 'user') return one;
    return group([
      {
        ...message,
        content: `${message.content}\n\n[${dropped} earlier messages of this conversation are left out: they do not fit the model's window.]`,
      },
    ]);
  });
}

/** Two messages of the user that now stand together become one: some models take no other order. */
function joinUsers(groups: readonly Group[]): readonly Group[] {
  return groups.reduce<readonly Group[]>((result, one) => {
    const last = result.at(-1)?.messages[0];
    const [message] = one.messages;
    if (last?.role !== 'user' || message?.role !== 'user') return [...result, one];
    const joined: UserMessage = { ...message, content: `${last.content}\n\n${message.content}` };
    return [...result.slice(0, -1), group([joined])];
  }, []);
}

/** What is left is too much still: the largest texts lose their middle until it fits. */
function squeeze(groups: readonly Group[], budget: number): readonly Group[] {
  let result = groups;
  for (let round = 0; round < 24 && tokensOf(result) > budget; round += 1) {
    const flat = result.flatMap(({ messages }, at) =>
      messages.map((message, index) => ({ at, index, message, tokens: messageTokens(message) })),
    );
    const largest = flat.filter(({ message }) => message.role !== 'assistant').toSorted((one, other) => other.tokens - one.tokens)[0];
    if (largest === undefined || largest.tokens <= minTextTokens * 1.5) return result;
    const over = tokensOf(result) - budget;
    const most = Math.max(
      minTextTokens,
      Math.min(largest.tokens - over, Math.floor(largest.tokens * 0.9)),
      Math.floor(largest.tokens * 0.5),
    );
    const { message } = largest;
    if (message.role === 'assistant') return result;
    const smaller: Message = { ...message, content: cutToTokens(message.content, most) };
    result = result.map((one, at) =>
      at === largest.at ? group(one.messages.map((each, index) => (index === largest.index ? smaller : each))) : one,
    );
  }
  return result;
}
