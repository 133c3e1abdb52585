import type { CallSubject, Effect, Trait } from './tool.ts';

/** How far a run may go by itself. `suggest` changes nothing and answers with the commands. */
export type PolicyMode = 'read-only' | 'suggest' | 'ask-writes' | 'ask-all' | 'auto';

/** What happens to a call. */
export type Verdict = 'allow' | 'ask' | 'deny';

/** A rule in front of the mode: every named field must match; `*` at the end of a pattern matches any rest. */
export interface PolicyRule {
  readonly action: Verdict;
  readonly tool?: string;
  readonly effect?: Effect;
  readonly verb?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly context?: string;
  /** With `ask`: whoever started the run may decline, but somebody else must approve. */
  readonly approveBy?: 'other-person';
  /** Said to the model and to people. */
  readonly reason?: string;
}

/** A policy is data: it is logged with the run and decided by one pure function. */
export interface Policy {
  readonly mode: PolicyMode;
  readonly rules: readonly PolicyRule[];
  /** With `auto`: dangerous and unknown calls run unasked, too. */
  readonly allowDangerous?: boolean;
}

/** What a decision is made of. */
export interface JudgedCall {
  readonly tool: string;
  readonly effect: Effect;
  readonly traits: readonly Trait[];
  readonly subject: CallSubject;
}

/** A decision, and why. */
export interface Decision {
  readonly verdict: Verdict;
  readonly reason: string;
  /** True where a rule of the configuration decided. */
  readonly byRule?: boolean;
  /** With `ask`: who must approve; absent: whoever may answer. */
  readonly approveBy?: 'other-person';
}
