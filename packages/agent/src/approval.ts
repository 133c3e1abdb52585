import type { Principal } from './principal.ts';
import type { ChangePreview } from './preview.ts';
import type { RunTarget } from './target.ts';
import type { Effect, Trait } from './tool.ts';

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
  /** Why an answered question is asked again. */
  readonly askedAgain?: string;
}

/** What a person said. */
export interface ApprovalDecision {
  readonly decision: 'approve' | 'deny';
  /** Told to the model with a denial. */
  readonly reason?: string;
}

/** How an approval ended. */
export interface ApprovalResponse {
  readonly approvalId: string;
  readonly decision: 'approve' | 'deny' | 'expire' | 'supersede';
  readonly reason?: string;
  readonly by?: Principal;
}

/** A logged answer together with the question it answers. */
export interface AnsweredApproval {
  readonly request: ApprovalRequest;
  readonly response: ApprovalResponse;
}
