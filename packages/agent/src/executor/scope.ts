import type { AnsweredApproval, ApprovalRequest, Grant, GrantOffer } from '../approval.ts';
import type { Clock } from '../clock.ts';
import type { ToolIntentEntry, ToolOutcome } from '../entry.ts';
import type { Random } from '../ids.ts';
import type { OutputRef, OutputStore } from '../output-store.ts';
import type { Sha256 } from '../output/sha256.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { OpenTarget } from '../target.ts';
import type { Effect } from '../tool.ts';
import type { JudgeScope } from './judge.ts';

/** What is written down before a call starts. */
export type Intent = Omit<ToolIntentEntry, 'type' | 'runId'>;

/** Where the executor writes; without a log, `intent` may do nothing. */
export interface CallJournal {
  /**
   * Resolves when the intent is durable (for a read: taken). Throws KwError `store-unavailable` where it cannot be, and then the call does not run;
   * `grant-revoked` where the grant that the intent names holds no longer, and then it is asked for.
   */
  intent(intent: Intent): Promise<void>;
  /** Something to show while the call runs. */
  progress(callId: string, message: string): void;
  /** Resolves when the lease holds long enough for an effect to start; throws where it was lost. */
  ready(): Promise<void>;
  /** The call's argument bytes as they are written down; undefined where there is no log. */
  loggedArguments(callId: string): Promise<string | undefined>;
}

/** How a question ended for now. */
export type Asked =
  | { readonly type: 'answered'; readonly approval: AnsweredApproval }
  /** Nobody can be asked in this run. */
  | { readonly type: 'nobody'; readonly reason?: string }
  /** Nobody answered yet; the run lets go of everything and goes on when somebody does. */
  | { readonly type: 'parked' };

/** Who says yes. */
export interface ApprovalPort {
  /** The last question about this call, answered and not yet spent. */
  answered(callId: string): AnsweredApproval | undefined;
  /** A question about this call that is still open: it is waited for, not asked anew. */
  open(callId: string): ApprovalRequest | undefined;
  /** Asks, and waits for the answer as long as the port sees fit. */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<Asked>;
  /** A grant that covers a call to which this would be offered. Absent: there are none. */
  granted?(offers: readonly GrantOffer[]): Grant | undefined;
  newId(): string;
}

/** What a call is executed with. */
export interface ExecutionScope extends JudgeScope {
  readonly session: string;
  readonly journal: CallJournal;
  readonly approvals: ApprovalPort;
  readonly openTarget: () => Promise<OpenTarget | undefined>;
  readonly outputs: OutputStore;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
  /** Most that reaches the model of one output, in tokens. */
  readonly resultTokens: number;
  /** Makes digests of outputs; default a portable one, slower than a platform's own. */
  readonly sha256?: () => Sha256;
  /** Waits for a place among all calls that run at once. Absent: there is one. */
  readonly takeSlot?: (tool: string, signal: AbortSignal) => Promise<() => void>;
  /** Milliseconds that the run has left; a call is stopped when they are over. */
  readonly remainingMs?: () => number;
  /** How long a question stays open. Default 10 min. */
  readonly approvalTtlMs?: number;
  /** Takes the end of a tool that did not stop in time, to be awaited before the program ends. */
  readonly leftover?: (end: Promise<unknown>) => void;
}

/** How a call ended, for the log and the model. */
export interface CallResult {
  readonly outcome: ToolOutcome;
  readonly content: string;
  readonly isError: boolean;
  readonly effect?: Effect;
  readonly summary?: string;
  readonly exitCode?: number;
  readonly durationMs: number;
  readonly output?: OutputRef;
  readonly outputBytes?: number;
  readonly outputHash?: string;
  readonly unanswered?: boolean;
}

/** The end of an execution. */
export type Executed = { readonly type: 'result'; readonly result: CallResult } | { readonly type: 'parked' };
