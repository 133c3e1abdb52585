import type { ToolCall, Usage } from '@kw/providers';
import type { ApprovalRequest, ApprovalResponse } from '../approval.ts';
import type {
  AssistantEntry,
  CancelRequestEntry,
  ContextCompactedEntry,
  LimitName,
  ProgramMessageEntry,
  RunCost,
  RunEndEntry,
  RunStartEntry,
  ToolIntentEntry,
  ToolResultEntry,
} from '../entry.ts';
import type { GrantView } from './grants.ts';

/** A call of the model and how far it came. */
export interface CallView {
  readonly call: ToolCall;
  /** The entry that holds its logged bytes. */
  readonly seq: number;
  readonly turn: number;
  /** Its logged bytes are redacted. */
  readonly redacted: boolean;
  readonly intent?: ToolIntentEntry;
  readonly result?: ToolResultEntry;
}

/** A question and how far it came. */
export interface ApprovalView {
  readonly request: ApprovalRequest;
  readonly askedAt: number;
  readonly response?: ApprovalResponse;
  /** An intent was logged on its strength: it is spent. */
  readonly used: boolean;
}

/** A run as its entries tell it. */
export interface RunView {
  readonly runId: string;
  readonly start: RunStartEntry;
  readonly startSeq: number;
  readonly startedAt: number;
  readonly lastSeq: number;
  readonly end?: { readonly entry: RunEndEntry; readonly at: number };
  /** Whole messages of the model so far. */
  readonly turns: number;
  /** Requests whose answer is in the log, also where it was void. */
  readonly requests: number;
  readonly usage: Usage;
  /** What its requests cost; absent where the price of one is not known. */
  readonly cost?: RunCost;
  readonly messages: readonly AssistantEntry[];
  readonly calls: ReadonlyMap<string, CallView>;
  readonly approvals: ReadonlyMap<string, ApprovalView>;
  readonly openApproval?: ApprovalView;
  /** Parked, and nobody took it up since. */
  readonly parked: boolean;
  readonly cancel?: CancelRequestEntry;
  /** The limit at which the last answer was asked for. */
  readonly lastAnswer?: LimitName;
  /** What the program said, in order. */
  readonly said: readonly ProgramMessageEntry[];
  /** Codes of the notices that were said. */
  readonly notices: ReadonlySet<string>;
  /** Void answers (empty, a call as text) since the last good one. */
  readonly voidAnswers: number;
  /** Milliseconds spent waiting for answers of people. */
  readonly waitedMs: number;
  /** Something beyond the start and wishes to cancel is logged: somebody drove it. */
  readonly driven: boolean;
}

/** A session as its entries tell it. */
export interface LogView {
  readonly head: number;
  readonly runs: readonly RunView[];
  /** The last run, where it has not ended. */
  readonly current?: RunView;
  /** By id. */
  readonly grants: ReadonlyMap<string, GrantView>;
  /** The last compaction and its place. */
  readonly compaction?: { readonly seq: number; readonly entry: ContextCompactedEntry };
  /** An entry of a later version is there: this program must not drive the session. */
  readonly newer: boolean;
}
