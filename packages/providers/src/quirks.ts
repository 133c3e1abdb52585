import type { JsonObject, JsonValue } from './json.ts';

/** When the reasoning of earlier answers is sent back: a vendor forbids, tolerates or requires it. */
export type HistoryRule = 'never' | 'within-turn' | 'always';

/**
 * How tools are used: by the server's own calls, by text that the prompt teaches (`shim`), or by the first until the
 * server says that it has none.
 */
export type ToolUse = 'native' | 'shim' | 'auto';

/** What differs between vendors and model families in the requests that they accept. */
export interface Quirks {
  readonly toolUse: ToolUse;
  /** `within-turn`: only answers since the last message of the user. */
  readonly reasoning: HistoryRule;
  readonly reasoningField: 'reasoning_content' | 'reasoning';
  /** An answer without reasoning is sent with an empty one, where the rule asks for it. */
  readonly emptyReasoning: boolean;
  /** Opaque fields on tool calls (signatures) are sent back. */
  readonly vendorFields: boolean;
  /** Sent as a call's vendor fields where the call has none, for families that refuse a bare call. */
  readonly missingCallFields?: JsonObject;
  /** `stream_options.include_usage` is accepted. */
  readonly streamUsage: boolean;
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  readonly temperature: boolean;
  /** Which keywords of JSON Schema the parameters of tools may have: `basic` is the subset that Google takes. */
  readonly schema: 'full' | 'basic';
  /** A system's message is accepted; else its text stands before the first of the user. */
  readonly systemMessage: boolean;
  /** `tool_choice` is accepted. */
  readonly toolChoice: boolean;
  /** More fields of the body of a request with tools. */
  readonly toolsBody?: Readonly<Record<string, JsonValue>>;
  /** More fields of the request's body, such as a switch for thinking. */
  readonly body?: Readonly<Record<string, JsonValue>>;
}

/** What is assumed of a vendor of whom nothing is known. */
export const defaultQuirks: Quirks = {
  toolUse: 'auto',
  reasoning: 'never',
  reasoningField: 'reasoning_content',
  emptyReasoning: false,
  vendorFields: true,
  streamUsage: true,
  maxTokensField: 'max_tokens',
  temperature: true,
  toolChoice: true,
  systemMessage: true,
  schema: 'full',
};
