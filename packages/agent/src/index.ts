export type {
  AnsweredApproval,
  ApprovalDecision,
  ApprovalRequest,
  ApprovalResponse,
  Grant,
  GrantedCalls,
  GrantOffer,
  UngrantedReason,
  GrantScope,
} from './approval.ts';
export type { Clock } from './clock.ts';
export { systemClock } from './clock.ts';
export type { Agent, AgentOptions, AskOptions } from './create-agent.ts';
export { createAgent, localPrincipal } from './create-agent.ts';
export { decide } from './decide.ts';
export type { ContextUse, Entry, LimitName, RunCost, RunLimits, RunOutcome, RunSettings, StoredEntry, ToolOutcome } from './entry.ts';
export type { AgentEvent, Cursor } from './event.ts';
export type { CallInput, Calls, CallsOptions } from './executor/calls.ts';
export { createCalls } from './executor/calls.ts';
export type { CallPlace, DecidableCall, DecidedCall } from './executor/decide-call.ts';
export { decideCall } from './executor/decide-call.ts';
export type { Executor } from './executor/executor.ts';
export { createExecutor } from './executor/executor.ts';
export type { Judgement, JudgeScope } from './executor/judge.ts';
export type { ApprovalPort, Asked, CallJournal, CallResult, Executed, ExecutionScope, Intent } from './executor/scope.ts';
export type { SlotWish, TakeSlot } from './executor/slots.ts';
export { fairSlots } from './executor/slots.ts';
export type { Random } from './ids.ts';
export { isSessionId, newSessionId, sessionOf, systemRandom } from './ids.ts';
export { parseCursor, toCursor } from './log/cursor.ts';
export { entryVersion, isKnown } from './log/version.ts';
export type { Approve } from './loop/scope.ts';
export type { MemorySessionStoreOptions } from './memory/memory-session-store.ts';
export { memorySessionStore } from './memory/memory-session-store.ts';
export { memoryOutputStore } from './output/memory-output-store.ts';
export type { LineNovelty } from './output/template.ts';
export { lineNovelty } from './output/template.ts';
export type { Sha256 } from './output/sha256.ts';
export { readOutputTool } from './output/read-output.ts';
export { composeQuery } from './prompt/compose-query.ts';
export type { OutputInfo, OutputLine, OutputReader, OutputRef, OutputSink, OutputStore } from './output-store.ts';
export type { Decision, JudgedCall, Policy, PolicyMode, PolicyRule, Verdict } from './policy.ts';
export type { ChangePreview, FieldChange, ObjectChange } from './preview.ts';
export type { Principal } from './principal.ts';
export { personOf, personsOf, samePrincipal } from './principal.ts';
export type { Redactor, RedactorOptions } from './redact/redactor.ts';
export { createRedactor } from './redact/redactor.ts';
export type { SessionRole } from './roles.ts';
export { roleIn } from './roles.ts';
export type { RunsOptions } from './runs/create-runs.ts';
export { createRuns, defaultLimits } from './runs/create-runs.ts';
export type { AnswerResult, Compacted, FollowOptions, RunInput, RunRef, Runs, RunState } from './runs.ts';
export type {
  AppendOptions,
  AppendResult,
  Lease,
  Partial as PartialMessage,
  PartialChunk,
  SessionInfo,
  SessionMember,
  SessionStore,
  Work,
} from './session-store.ts';
export type { OpenTarget, RunTarget, TargetIdentity, TargetRequest, TargetSource } from './target.ts';
export type {
  CallPart,
  CallSubject,
  Effect,
  PrepareScope,
  Tool,
  ToolAnswer,
  ToolChunk,
  ToolContext,
  ToolEnd,
  ToolInvocation,
  ToolOutput,
  ToolProgress,
  ToolQuestion,
  Trait,
} from './tool.ts';
export type {
  AssistantMessage,
  ChatModel,
  ChatRequest,
  Finish,
  FinishReason,
  JsonObject,
  JsonValue,
  KwErrorOptions,
  Message,
  ModelEvent,
  ModelLimits,
  ToolCall,
  ToolResultMessage,
  ToolSpec,
  Usage,
  UserMessage,
} from '@kw/providers';
export { isKwError, KwError } from '@kw/providers';
