import type { JsonValue } from './json.ts';

/** Plain text for a reader. */
export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

/** What a model thought before it answered; never part of the answer. */
export interface ReasoningPart {
  readonly type: 'reasoning';
  readonly text: string;
  /** Opaque vendor data (signatures), sent back as the history rules of the model's family say. */
  readonly vendor?: JsonValue;
}

/** A model's wish to use a tool. */
export interface ToolCall {
  readonly type: 'tool-call';
  /** Unique in the session; made by us where the vendor sent none or sent it twice. */
  readonly id: string;
  readonly name: string;
  /** The model's exact bytes. They may be anything, also no JSON at all. */
  readonly arguments: string;
  /** Opaque vendor data, sent back byte for byte. */
  readonly vendor?: JsonValue;
}

/** Instructions of the program. */
export interface SystemMessage {
  readonly role: 'system';
  readonly content: string;
}

/** What a person (or, marked by `origin`, the program in the person's place) said. */
export interface UserMessage {
  readonly role: 'user';
  readonly content: string;
  readonly origin?: 'person' | 'program';
}

/** One answer of a model: its parts in the order in which they came. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: readonly AssistantPart[];
}

/** A part of an assistant's message. */
export type AssistantPart = TextPart | ReasoningPart | ToolCall;

/** The one result of one tool call. */
export interface ToolResultMessage {
  readonly role: 'tool';
  readonly callId: string;
  readonly name: string;
  readonly content: string;
  readonly isError: boolean;
}

/** A message of the history, told apart by `role`. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolResultMessage;

/** The text of a message's answer, without reasoning and calls. */
export function textOf(message: AssistantMessage): string {
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** The tool calls of a message, in order. */
export function toolCallsOf(message: AssistantMessage): readonly ToolCall[] {
  return message.content.filter((part) => part.type === 'tool-call');
}
