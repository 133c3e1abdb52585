export type { AnsweredApproval, ApprovalDecision, ApprovalRequest, ApprovalResponse } from './approval.ts';
export type { Entry, RunLimits, RunOutcome, RunSettings, StoredEntry, ToolOutcome } from './entry.ts';
export type { AgentEvent, Cursor } from './event.ts';
export type { OutputInfo, OutputLine, OutputReader, OutputRef, OutputSink, OutputStore } from './output-store.ts';
export type { Decision, JudgedCall, Policy, PolicyMode, PolicyRule, Verdict } from './policy.ts';
export type { ChangePreview, FieldChange, ObjectChange } from './preview.ts';
export type { Principal } from './principal.ts';
export { samePrincipal } from './principal.ts';
export type { AnswerResult, RunInput, RunRef, Runs, RunState } from './runs.ts';
export type {
  AppendOptions,
  AppendResult,
  Lease,
  Partial as PartialMessage,
  PartialChunk,
  SessionInfo,
  SessionStore,
  Work,
} from './session-store.ts';
export type { OpenTarget, RunTarget, TargetRequest, TargetSource } from './target.ts';
export type {
  CallSubject,
  Effect,
  PrepareScope,
  Tool,
  ToolChunk,
  ToolContext,
  ToolEnd,
  ToolInvocation,
  ToolOutput,
  ToolProgress,
  Trait,
} from './tool.ts';
