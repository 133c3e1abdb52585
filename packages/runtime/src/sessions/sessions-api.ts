import type {
  ApprovalResponse,
  Effect,
  Grant,
  OutputRef,
  Principal,
  RunCost,
  RunOutcome,
  RunTarget,
  SessionMember,
  SessionRole,
  ToolOutcome,
  Usage,
  Work,
} from '@kw/agent';

/** A session in a list. */
export interface SessionSummary {
  readonly id: string;
  /** What it was named, else its first question, on one line. */
  readonly title: string;
  /** True where a person named it. */
  readonly isNamed: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** `open`: something is under way or was cut. `waiting`: a question waits for an answer. */
  readonly status: 'idle' | 'open' | 'waiting';
  /** What the person is to it. */
  readonly role: SessionRole;
  readonly owner: Principal;
  /** With whom it is shared. */
  readonly members: readonly SessionMember[];
}

/** One call of a tool, in the order of the log. */
export interface SessionCall {
  readonly callId: string;
  readonly tool: string;
  /** The whole command, redacted; the model's arguments where it was never understood. */
  readonly command: string;
  readonly effect?: Effect;
  /** Why it ran, or did not. */
  readonly decision: string;
  /** Who approved or declined, where a person did. */
  readonly decidedBy?: string;
  /** The answer to the question about it. */
  readonly answer?: Pick<ApprovalResponse, 'decision' | 'by'>;
  /** The leave of this session that allowed it without a question. */
  readonly grantId?: string;
  readonly outcome: ToolOutcome | 'open';
  readonly exitCode?: number;
  readonly durationMs?: number;
  readonly output?: OutputRef;
  readonly outputBytes?: number;
}

/** One question and all that came of it. */
export interface SessionRun {
  readonly runId: string;
  readonly question: string;
  readonly model: { readonly provider: string; readonly id: string };
  readonly target?: RunTarget;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome?: RunOutcome;
  /** The last text of the model, also of a run that has not ended. */
  readonly answer: string;
  readonly turns: number;
  readonly usage: Usage;
  /** Absent where a price is not known, or the run has not ended. */
  readonly cost?: RunCost;
  readonly calls: readonly SessionCall[];
  /** What was said, in order: texts of the model and calls by id. */
  readonly steps: readonly SessionStep[];
}

/** A piece of a run for people, told apart by `type`. */
export type SessionStep =
  | { readonly type: 'text'; readonly text: string; readonly at: number }
  | { readonly type: 'call'; readonly callId: string; readonly at: number };

/** What an answer to a question granted for the rest of its session. */
export type GivenGrant = Pick<Grant, 'grantId' | 'scope' | 'label' | 'calls'>;

/** A session with all its questions. */
export interface SessionDetail extends SessionSummary {
  readonly work: Work;
  readonly runs: readonly SessionRun[];
  /** The oldest first, also those that were taken back since. */
  readonly grants: readonly GivenGrant[];
  readonly usage: Usage;
}

/** The form of a hand-over. */
export type ExportFormat = 'markdown' | 'json';

/**
 * One person's sessions. A session is named by its id, by the beginning of one that no other has, or as `latest`.
 * Throws KwError `unknown-session` (also for somebody else's), `ambiguous-session` naming those that fit, `session-busy`.
 */
export interface SessionsApi {
  /** The latest first, 50 where nothing else is said; `search` looks in ids, titles and first questions, whatever their case. */
  list(options?: { readonly limit?: number; readonly search?: string }): Promise<readonly SessionSummary[]>;
  /** The session that is meant. */
  find(name: string): Promise<SessionSummary>;
  show(name: string): Promise<SessionDetail>;
  /** Only the owner may: KwError `forbidden`. */
  rename(name: string, title: string): Promise<SessionSummary>;
  /** Shares it with these people; a list that is left out stays. A name without `#` is of the owner's own issuer. Only the owner may. */
  share(name: string, people: { readonly viewers?: readonly string[]; readonly approvers?: readonly string[] }): Promise<SessionSummary>;
  /** With its outputs. Refuses (`session-busy`) while another process drives it. Gives what was deleted. */
  delete(name: string): Promise<SessionSummary>;
  /** A redacted hand-over: questions, answers, every command with effect, decision and exit code, and how to repeat them. */
  export(name: string, format: ExportFormat): Promise<string>;
}
