import type { Principal } from './principal.ts';
import type { ChangePreview } from './preview.ts';
import type { RunTarget } from './target.ts';
import type { Effect, Trait } from './tool.ts';

/** What a grant covers: this very command, or every call with its verb, kinds, namespace and cluster that goes no further than it. */
export type GrantScope = 'exact' | 'similar';

/** The calls that a `similar` grant covers, as its label tells them in English. */
export interface GrantedCalls {
  readonly verb: string;
  readonly kinds: readonly string[];
  readonly namespace: string;
  /** What all of them have in common beside that, such as `--force`. */
  readonly flags: readonly string[];
}

/** What a person may grant with an approval. */
export interface GrantOffer {
  readonly scope: GrantScope;
  /** For people, such as `scale deployments in shop`. */
  readonly label: string;
  /** The label's parts, for other languages; only of `similar`. */
  readonly calls?: GrantedCalls;
  /** SHA-256, hex, of all that a covered call must equal, tool and cluster included. */
  readonly key: string;
}

/**
 * Why a question is to be answered each time anew. Nothing at all may be granted with `rule` (of the configuration), `secret` (in the arguments),
 * `other-cluster` and `unseen` (the same words may do something else the next time); with the others only this very command.
 */
export type UngrantedReason = 'rule' | 'secret' | 'other-cluster' | 'unseen' | 'dangerous' | 'unknown' | 'script' | 'several' | 'not-plain';

/** A leave that a session's owner gave and has not taken back. */
export interface Grant {
  /** The id of the approval that it was given with. */
  readonly grantId: string;
  readonly scope: GrantScope;
  readonly label: string;
  readonly calls?: GrantedCalls;
  readonly tool: string;
  /** The command that was approved with it, redacted. */
  readonly summary: string;
  readonly target?: RunTarget;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: Principal;
  /** The run in which it was given; it holds in runs with the same policy. */
  readonly runId: string;
}

/** One question to a person: may exactly this call run? */
export interface ApprovalRequest {
  /** Random, single use. */
  readonly approvalId: string;
  readonly callId: string;
  readonly tool: string;
  /** The whole command, redacted. */
  readonly summary: string;
  /** The argument bytes, redacted. */
  readonly arguments: string;
  readonly effect: Effect;
  readonly traits: readonly Trait[];
  readonly reasons: readonly string[];
  readonly target?: RunTarget;
  readonly preview?: ChangePreview;
  /** Over tool, version, argument bytes, binding, target, effect. */
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** False where the arguments hold a secret: they may not be written down, so it is answered live or not at all. */
  readonly parkable: boolean;
  /** Not a call that may run, but something that a running call wants to know: an approval is a yes. It lives as long as the call. */
  readonly question?: true;
  /** Who must approve; absent: whoever may answer. */
  readonly approveBy?: 'other-person';
  /** Why an answered question is asked again. */
  readonly askedAgain?: string;
  /** What an approval may be widened to, for the rest of the session; absent or empty where it is for this call alone. */
  readonly grants?: readonly GrantOffer[];
  /** Why `grants` lacks `similar`, or both; unknown ones of later versions are to be skipped. */
  readonly ungranted?: UngrantedReason;
}

/** What a person said. */
export interface ApprovalDecision {
  readonly decision: 'approve' | 'deny';
  /** Told to the model with a denial. */
  readonly reason?: string;
  /** With `approve`: the same is not asked again in this session. Only what the question offers may be granted. */
  readonly grant?: GrantScope;
}

/** How an approval ended. */
export interface ApprovalResponse {
  readonly approvalId: string;
  readonly decision: 'approve' | 'deny' | 'expire' | 'supersede';
  readonly reason?: string;
  readonly by?: Principal;
  /** With `approve`: what was granted for the rest of the session; its id is that of the approval. */
  readonly grant?: GrantScope;
}

/** A logged answer together with the question it answers. */
export interface AnsweredApproval {
  readonly request: ApprovalRequest;
  readonly response: ApprovalResponse;
}
