import type { AssistantMessage, FinishReason, ToolResultMessage, Usage, UserMessage } from '@kw/providers';
import type { ApprovalRequest, ApprovalResponse } from './approval.ts';
import type { OutputRef } from './output-store.ts';
import type { Policy } from './policy.ts';
import type { Principal } from './principal.ts';
import type { RunTarget } from './target.ts';
import type { Effect, Trait } from './tool.ts';

/** Limits of one run. */
export interface RunLimits {
  /** Model requests; the last one is asked without tools. */
  readonly iterations: number;
  readonly tokens?: number;
  readonly seconds?: number;
  /** In the currency of the model's price. Without a known price it cannot be held, which is said once. */
  readonly cost?: number;
  /** Equal calls after which the run stops. */
  readonly equalCalls: number;
}

/** What requests to models cost, by published or configured prices. */
export interface RunCost {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  /** True where tokens were estimated. */
  readonly estimated?: boolean;
  /** True where it may have been less: the vendor charges less at times. */
  readonly atMost?: boolean;
}

/** How a model's window was used by the last request, in tokens by our own careful estimate. */
export interface ContextUse {
  readonly window: number;
  readonly system: number;
  readonly tools: number;
  /** Questions, answers and calls. */
  readonly history: number;
  /** Results of tools. */
  readonly results: number;
  /** Kept free for the answer. */
  readonly answerReserve: number;
  /** The part of the run's input that the vendor's cache held, 0 to 1, where the vendor tells. */
  readonly cachedShare?: number;
}

/** What a run is made with; frozen when it starts. */
export interface RunSettings {
  readonly model: { readonly provider: string; readonly id: string };
  readonly policy: Policy;
  /** `ask`: what needs an approval is asked and may park the run. `none`: it is not run, and the answer says so. */
  readonly approvals: 'ask' | 'none';
  readonly limits: RunLimits;
  /** BCP 47 tag of the user's language where it is known. */
  readonly language?: string;
}

/** How a run ended. `answer` is the last text, also where it is only the best so far. */
export type RunOutcome =
  | { readonly type: 'completed'; readonly answer: string }
  | { readonly type: 'limit'; readonly limit: LimitName; readonly answer: string }
  | { readonly type: 'cancelled'; readonly reason: string }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly answer?: string };

interface Of<T extends string> {
  readonly type: T;
  readonly runId: string;
}

/** A run begins: the user's message and all that is frozen with it. */
export interface RunStartEntry extends Of<'run-start'> {
  readonly message: UserMessage;
  readonly settings: RunSettings;
  readonly target?: RunTarget;
  readonly by: Principal;
}

/** A whole message of the model. */
export interface AssistantEntry extends Of<'assistant-message'> {
  readonly turn: number;
  readonly message: AssistantMessage;
  readonly finish: FinishReason;
  readonly usage: Usage;
  readonly modelUsed?: string;
  readonly partial?: boolean;
  /** Ids of calls whose arguments are written down redacted: they can only run where the raw ones are in memory. */
  readonly redactedCalls?: readonly string[];
  /** How many deltas' UTF-16 units (reasoning and text, in order) belong to the message. */
  readonly units: number;
  /** What the request cost, where the model's price is known. */
  readonly cost?: RunCost;
}

/** Text that came and is void: the request was repeated. Kept for people, never sent to a model. */
export interface DiscardedEntry extends Of<'message-discarded'> {
  readonly text: string;
  readonly code: string;
  readonly reason: string;
  /** Where the whole answer of a request is void: what it cost. It then counts as a request. */
  readonly usage?: Usage;
  readonly cost?: RunCost;
}

/** A limit at which a run stops. `corrections`: the model kept sending calls that could not be understood. */
export type LimitName = 'iterations' | 'tokens' | 'seconds' | 'cost' | 'equal-calls' | 'corrections';

/** Why the program speaks: the last request without tools, once more in plain words, or a correction. */
export type ProgramPurpose = 'last-answer' | 'plain-answer' | 'cut-call' | 'call-as-text' | 'continue';

/** What the program says to the model in a user's place. */
export interface ProgramMessageEntry extends Of<'program-message'> {
  readonly message: UserMessage;
  readonly purpose?: ProgramPurpose;
  /** With `last-answer`: the limit that was met. */
  readonly limit?: LimitName;
}

/** A request to the model is being repeated. */
export interface RetryEntry extends Of<'retry'> {
  readonly attempt: number;
  readonly delayMs: number;
  readonly code: string;
  readonly message: string;
}

/** A call was judged and allowed; durable before it starts. */
export interface ToolIntentEntry extends Of<'tool-intent'> {
  readonly callId: string;
  readonly tool: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly traits: readonly Trait[];
  readonly reasons: readonly string[];
  readonly fingerprint: string;
  /** The approval that allowed it, where one was needed. */
  readonly approvalId?: string;
  /** The grant that allowed it in an approval's place. */
  readonly grantId?: string;
  /** Why it may run. */
  readonly decidedBy: string;
}

/** How a call ended. Only `ran` had an effect for certain; `interrupted` may have had one. */
export type ToolOutcome = 'ran' | 'failed' | 'denied' | 'not-understood' | 'refused' | 'interrupted' | 'cancelled' | 'timeout';

/** The one result of a call. */
export interface ToolResultEntry extends Of<'tool-result'> {
  readonly message: ToolResultMessage;
  readonly outcome: ToolOutcome;
  readonly effect?: Effect;
  readonly summary?: string;
  readonly exitCode?: number;
  readonly durationMs: number;
  readonly output?: OutputRef;
  readonly outputBytes?: number;
  /** SHA-256 of the redacted output, hex. */
  readonly outputHash?: string;
  /** True where it was not run because nobody could be asked. */
  readonly unanswered?: boolean;
}

/** A question to a person. */
export interface ApprovalRequestEntry extends Of<'approval-request'> {
  readonly request: ApprovalRequest;
}

/** Its answer, or its end without one. */
export interface ApprovalResponseEntry extends Of<'approval-response'> {
  readonly response: ApprovalResponse;
}

/** Nobody answered while the driver waited: nothing of the run is held in memory. */
export interface RunParkedEntry extends Of<'run-parked'> {
  readonly approvalId: string;
}

/** A driver took the run up again: after an answer, an expiry or a crash. */
export interface RunResumedEntry extends Of<'run-resumed'> {
  readonly because: 'answered' | 'expired' | 'orphaned';
}

/** Somebody wants the run to end. */
export interface CancelRequestEntry extends Of<'cancel-request'> {
  readonly by: Principal;
  readonly reason: string;
}

/** The end, exactly once. */
export interface RunEndEntry extends Of<'run-end'> {
  readonly outcome: RunOutcome;
  readonly usage: Usage;
  readonly turns: number;
  /** Calls that were not run because nobody could be asked. */
  readonly unanswered: number;
  /** Absent where a price is not known. */
  readonly cost?: RunCost;
  /** How the window was used by the last request; absent where none was sent by the process that ended the run. */
  readonly context?: ContextUse;
}

/** Old turns became a summary: what the model is sent begins with it. The turns stay in the log. */
export interface ContextCompactedEntry extends Of<'context-compacted'> {
  /** The last entry that the summary stands for. */
  readonly through: number;
  /** The program's message to the model that stands for them. */
  readonly message: UserMessage;
  /** Tokens of the history before and after, estimated. */
  readonly before: number;
  readonly after: number;
  /** Messages of the model that the summary stands for. */
  readonly turns: number;
  /** Of the request that wrote the summary; absent where the program wrote it itself. It then counts as a request. */
  readonly usage?: Usage;
  readonly cost?: RunCost;
}

/** A line for people that is said once. */
export interface NoticeEntry extends Of<'notice'> {
  /** Kebab-case, such as `no-price`. */
  readonly code: string;
  readonly message: string;
}

/** A grant was taken back. */
export interface GrantRevokedEntry extends Of<'grant-revoked'> {
  readonly grantId: string;
  readonly by: Principal;
}

/** One line of a session's log, told apart by `type`. Unknown types must be skipped by readers. */
export type Entry =
  | RunStartEntry
  | AssistantEntry
  | DiscardedEntry
  | ProgramMessageEntry
  | RetryEntry
  | ToolIntentEntry
  | ToolResultEntry
  | ApprovalRequestEntry
  | ApprovalResponseEntry
  | RunParkedEntry
  | RunResumedEntry
  | CancelRequestEntry
  | ContextCompactedEntry
  | NoticeEntry
  | GrantRevokedEntry
  | RunEndEntry;

/** An entry in its place. */
export interface StoredEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Version of the entry's shape; readers upcast older ones. */
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly entry: Entry;
}
