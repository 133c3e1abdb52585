import type { Principal } from './principal.ts';

/** As whom commands act, where that is not what the kubeconfig says. */
export interface TargetIdentity {
  /** `impersonation`: the kubeconfig's user asks in this one's name. `token`: with this user's own token, which is nowhere written down. */
  readonly via: 'impersonation' | 'token';
  readonly user: string;
  readonly groups?: readonly string[];
}

/** The cluster of a run: made once, logged, and never changed. */
export interface RunTarget {
  /** The API server's URL. */
  readonly server: string;
  /** SHA-256 of the CA bundle, hex; `system` where the system's authorities are trusted. */
  readonly caHash: string;
  readonly context: string;
  readonly user: string;
  /** The namespace that is meant where none is named. */
  readonly namespace?: string;
  /** As whom commands act, where that is not `user`. */
  readonly as?: TargetIdentity;
  /** Hash of all that says where and as whom commands act; approvals are bound to it. */
  readonly fingerprint: string;
}

/** A target that is ready for use. `close` removes what it put on the disk and may be called twice. */
export interface OpenTarget {
  readonly target: RunTarget;
  /** A minimal kubeconfig of our own with this one context. */
  readonly kubeconfigPath: string;
  /** The server's version, such as `v1.36.3`; undefined where it does not answer. Asked once. */
  serverVersion?(signal?: AbortSignal): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Which cluster is wished for. */
export interface TargetRequest {
  readonly context?: string;
  readonly namespace?: string;
  /** Who wishes; set by `runs.start`. A source may let commands act as this person. */
  readonly by?: Principal;
}

/** Where targets come from. */
export interface TargetSource {
  /** Resolves a wish once; throws KwError `unknown-context` (naming the known ones) or `no-cluster`. */
  freeze(request: TargetRequest, signal?: AbortSignal): Promise<RunTarget>;
  /** Opens a frozen target, in any process; throws KwError `target-changed` where the configuration now means another cluster or user. */
  open(target: RunTarget, signal?: AbortSignal): Promise<OpenTarget>;
  /** The contexts that a request may name. */
  contexts(): Promise<readonly string[]>;
}
