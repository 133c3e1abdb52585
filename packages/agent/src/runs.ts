import type { ApprovalDecision, ApprovalRequest, Grant } from './approval.ts';
import type { RunCost, RunLimits, RunOutcome, RunSettings } from './entry.ts';
import type { AgentEvent, Cursor } from './event.ts';
import type { Principal } from './principal.ts';
import type { RunTarget, TargetRequest } from './target.ts';

/** Names a run. */
export interface RunRef {
  readonly session: string;
  readonly runId: string;
}

/** A question, and where it belongs. */
export interface RunInput {
  readonly text: string;
  /** A known or new session; absent: a new one. */
  readonly session?: string;
  readonly target?: TargetRequest;
  /** What differs from the agent's own settings. */
  readonly settings?: {
    readonly [K in keyof RunSettings]?: RunSettings[K];
  };
  /** Limits that differ from those of the settings. */
  readonly limits?: Partial<RunLimits>;
  /** A parked run of the session is ended with a denial instead of `session-busy`. */
  readonly supersede?: boolean;
}

/** A run as it stands. */
export interface RunState {
  readonly ref: RunRef;
  readonly status: 'running' | 'parked' | 'ended';
  readonly settings: RunSettings;
  readonly target?: RunTarget;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly openApproval?: ApprovalRequest;
  /** True where its end is asked for; whoever drives it next writes that end. */
  readonly isCancelled?: boolean;
  readonly outcome?: RunOutcome;
  readonly unanswered?: number;
  /** What it cost so far; absent where a price is not known. */
  readonly cost?: RunCost;
  /** The cursor before the run's first event. */
  readonly from: Cursor;
  /** The cursor after its last durable event. */
  readonly cursor: Cursor;
}

/** How an answer was taken. */
export type AnswerResult = 'accepted' | 'already-answered' | 'expired' | 'forbidden' | 'unknown';

/** How a run is followed. */
export interface FollowOptions {
  /** Where to go on; default the run's first event. */
  readonly after?: Cursor;
  /** Ends at the run's parking, too. */
  readonly untilParked?: boolean;
  readonly signal?: AbortSignal;
  /** Who reads: throws KwError `forbidden` where the session is another's. Absent: not checked. */
  readonly by?: Principal;
}

/** What compacting came to, in tokens of the history, estimated. */
export interface Compacted {
  readonly before: number;
  readonly after: number;
  /** Messages of the model that the summary stands for. */
  readonly turns: number;
}

/** Runs as five separate acts, each possible in any process that holds the store. */
export interface Runs {
  /** Returns once the user's message is durable. Throws KwError `session-busy`, `forbidden`, `bad-session-id`, `unknown-context`, `store-unavailable`. */
  start(input: RunInput, by: Principal): Promise<RunRef>;
  /** Events of the run after a cursor, to its end or, with `untilParked`, to its parking. Leaving stops nothing. Throws KwError `bad-cursor` instead of leaving text out. */
  follow(run: RunRef, options?: FollowOptions): AsyncIterable<AgentEvent>;
  /** Throws KwError `bad-cursor` where no reader of the session can have been given a cursor; one that is in doubt passes, and `follow` throws as soon as it knows. */
  checkCursor(session: string, cursor: Cursor): Promise<void>;
  /** Takes one answer of the session's owner or of an approver; runs nothing itself. Throws KwError `other-person` where whoever asked must not approve, and `grant-not-offered` where the decision grants what the question does not offer. */
  answer(approvalId: string, decision: ApprovalDecision, by: Principal): Promise<AnswerResult>;
  /** Throws KwError `forbidden` for another's session. Asks for the run's end; whoever drives it ends it within 1 s. Nothing happens to an ended run. */
  cancel(run: RunRef, by: Principal, reason?: string): Promise<void>;
  /** Claims and drives what is new, answered, expired or orphaned until the signal is aborted; resolves when all it drives is released. */
  drive(signal: AbortSignal): Promise<void>;
  /** Drives one session here until nothing is to be done in it: its run ended or parked. Waits while another process has it. */
  driveSession(session: string, signal: AbortSignal): Promise<void>;
  /** Undefined where there is no such run; with `by`, also where it is another's. */
  state(run: RunRef, by?: Principal): Promise<RunState | undefined>;
  /** The grants of a session that hold, the oldest first. Throws KwError `unknown-session`, `forbidden`. */
  grants(session: string, by: Principal): Promise<readonly Grant[]>;
  /** Takes a grant back, also one that a call is about to use; false where there is none of that id. Throws KwError `unknown-session`, `forbidden`. */
  revokeGrant(session: string, grantId: string, by: Principal): Promise<boolean>;
  /** Summarises the old turns of a session between its runs; undefined where nothing is gained. Throws KwError `session-busy`, `unknown-session`, `forbidden`, and the model's failure. */
  compact(session: string, by: Principal, options?: { readonly signal?: AbortSignal }): Promise<Compacted | undefined>;
}
