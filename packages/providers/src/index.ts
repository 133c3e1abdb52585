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
export { checkHistory } from './check-history.ts';
export { preload } from './client.ts';
export type { ChatModelOptions, Clock } from './create-chat-model.ts';
export { createChatModel } from './create-chat-model.ts';
export type { CustomProvider } from './custom/presets-from.ts';
export { presetsFrom } from './custom/presets-from.ts';
export type { KwErrorOptions } from './error.ts';
export { isKwError, KwError } from './error.ts';
export { estimateTokens } from './estimate-tokens.ts';
export type { ProviderErrorCode } from './failure.ts';
export type { Family } from './families.ts';
export { families, familyOf, unknownLimits } from './families.ts';
export type { FetchFunction } from './guarded-fetch.ts';
export type { JsonObject, JsonValue } from './json.ts';
export type { Bilingual, Language } from './language.ts';
export type { ListedModel, ListModelsOptions, ModelList } from './list-models.ts';
export { listModels, loadModelList } from './list-models.ts';
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
export type { ModelAdvice } from './model-guide.ts';
export { modelGuide } from './model-guide.ts';
export { nearNames } from './near-names.ts';
export type { BaseURLTemplate, Preset } from './preset.ts';
export { findPreset, inferProvider, presets } from './presets.ts';
export type { Cost, Currency, Price, Rates } from './price.ts';
export { costOf } from './price.ts';
export { priceOf } from './prices.ts';
export type { HistoryRule, Quirks, ToolUse } from './quirks.ts';
export type { ResolvedProvider, ResolveOptions } from './resolve-provider.ts';
export { resolveProvider } from './resolve-provider.ts';
export type { RetryBudget, RetryLimits } from './retry.ts';
export type { ProviderOptions } from './shorthands.ts';
export { deepseek, openai, openaiCompatible, vllm } from './shorthands.ts';
export type { TextCall } from './shim/call-of-json.ts';
export { mayBeCallText } from './shim/may-be-call.ts';
export type { TextCallRules, TextReading } from './shim/read-text-calls.ts';
export { readTextCalls } from './shim/read-text-calls.ts';
export type { Successor } from './successors.ts';
export { successorOf, successors } from './successors.ts';
export type { Variables } from './variables.ts';
export type { Timeouts } from './watchdog.ts';
export { offlineModel } from './offline/offline-model.ts';
