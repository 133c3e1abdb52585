export type {
  ChatModel,
  ChatOptions,
  ChatRequest,
  Finish,
  FinishReason,
  ModelEvent,
  ModelLimits,
  ReasoningDelta,
  Retry,
  TextDelta,
  ToolSpec,
  Usage,
} from './chat-model.ts';
export type { KwErrorOptions } from './error.ts';
export { isKwError, KwError } from './error.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type {
  AssistantMessage,
  AssistantPart,
  Message,
  ReasoningPart,
  SystemMessage,
  TextPart,
  ToolCall,
  ToolResultMessage,
  UserMessage,
} from './message.ts';
export { textOf, toolCallsOf } from './message.ts';
