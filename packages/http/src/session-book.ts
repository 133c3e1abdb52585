import type { Grant, OutputRef, Principal, RunOutcome, RunTarget, SessionMember, SessionRole, ToolOutcome, Usage } from '@kw/agent';

/** A session in a list. */
export interface BookSession {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly status: 'idle' | 'open' | 'waiting';
  /** What the person is to it. */
  readonly role: SessionRole;
  readonly owner?: Principal;
  readonly members: readonly SessionMember[];
}

/** One call of a tool. */
export interface BookCall {
  readonly callId: string;
  readonly tool: string;
  readonly command: string;
  readonly effect?: string;
  readonly outcome: ToolOutcome | 'open';
  readonly exitCode?: number;
  readonly durationMs?: number;
  readonly output?: OutputRef;
  /** How the question about it was answered. */
  readonly answer?: { readonly decision: string; readonly by?: Principal };
  /** The grant by which it ran unasked. */
  readonly grantId?: string;
}

/** One question and what came of it. */
export interface BookRun {
  readonly runId: string;
  readonly question: string;
  readonly target?: RunTarget;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome?: RunOutcome;
  readonly answer: string;
  readonly usage: Usage;
  readonly cost?: { readonly amount: number; readonly currency: string; readonly estimated?: boolean };
  readonly calls: readonly BookCall[];
  readonly steps: readonly ({ readonly type: 'text'; readonly text: string } | { readonly type: 'call'; readonly callId: string })[];
}

/** A session with its questions. */
export interface BookDetail extends BookSession {
  readonly runs: readonly BookRun[];
  /** What was granted in it, also what was taken back since. */
  readonly grants?: readonly Pick<Grant, 'grantId' | 'scope' | 'label' | 'calls'>[];
}

/** One person's sessions. Throws KwError `unknown-session` (also for one that does not concern this person), `forbidden` where only the owner may, and `session-busy`. */
export interface SessionBook {
  /** The latest first. */
  list(options: { readonly limit?: number; readonly search?: string }): Promise<readonly BookSession[]>;
  show(id: string): Promise<BookDetail>;
  rename(id: string, title: string): Promise<BookSession>;
  /** A list that is left out stays. */
  share(id: string, people: { readonly viewers?: readonly string[]; readonly approvers?: readonly string[] }): Promise<BookSession>;
  delete(id: string): Promise<BookSession>;
}
