import type { JsonObject } from './json.ts';
import type { AssistantMessage, Message, ToolCall } from './message.ts';
import type { Price } from './price.ts';

/** What a model is told of a tool. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema (2020-12 subset) of the arguments object. */
  readonly parameters: JsonObject;
}

/** Sizes of a model, in tokens. */
export interface ModelLimits {
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
}

/** Tokens of one request. `estimated` where the vendor sent none. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens?: number;
  readonly cachedInputTokens?: number;
  readonly estimated?: boolean;
}

/** One request: the whole history and today's tools. */
export interface ChatRequest {
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolSpec[];
  /** `none` asks for an answer in words; default `auto` where tools are given. */
  readonly toolChoice?: 'auto' | 'none';
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
}

/** What may accompany a request. */
export interface ChatOptions {
  readonly signal?: AbortSignal;
  /** Whose request it is, for who watches; it is not sent. */
  readonly runId?: string;
}

/** Why a model stopped. `unknown` keeps the text of a reason that we do not know. */
export type FinishReason = 'stop' | 'tool-calls' | 'length' | 'content-filter' | 'unknown';

/** More text of the answer. */
export interface TextDelta {
  readonly type: 'text-delta';
  readonly text: string;
}

/** More reasoning. */
export interface ReasoningDelta {
  readonly type: 'reasoning-delta';
  readonly text: string;
}

/** The request failed in a way that may pass: it is sent again after `delayMs`. */
export interface Retry {
  readonly type: 'retry';
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly delayMs: number;
  /** An error code, such as `rate-limited`. */
  readonly code: string;
  /** For people. */
  readonly message: string;
  /** True where deltas of this request were already sent: they are void, the next attempt starts anew. */
  readonly discarded: boolean;
}

/** The end of a request: the whole message, exactly once. */
export interface Finish {
  readonly type: 'finish';
  readonly reason: FinishReason;
  readonly message: AssistantMessage;
  readonly usage: Usage;
  /** The model that answered, where it is another than was asked for (a successor of a retired name). */
  readonly modelUsed?: string;
  /** Calls that the end of the answer cut: never run, and not in `message`. */
  readonly cutCalls?: readonly Pick<ToolCall, 'name' | 'arguments'>[];
  /** True where the stream broke after text and could not be repeated: `message` holds what came. */
  readonly partial?: boolean;
}

/**
 * What a model sends: deltas; each tool call once, when it is complete; then exactly one `finish`.
 * A failure is thrown as a KwError, an abort as the signal's own reason.
 */
export type ModelEvent = TextDelta | ReasoningDelta | ToolCall | Retry | Finish;

/** A chat model. Streaming is the only primitive. */
export interface ChatModel {
  /** The provider's id, such as `deepseek`. */
  readonly provider: string;
  /** The model's name as it is sent. */
  readonly id: string;
  readonly limits: ModelLimits;
  /** What its tokens cost, where that is known. */
  readonly price?: Price | undefined;
  stream(request: ChatRequest, options?: ChatOptions): AsyncIterable<ModelEvent>;
}
