/** Why something is wrong; the facts are told in the reader's language. */
export interface Cause {
  readonly type:
    | 'image'
    | 'memory'
    | 'crash'
    | 'config'
    | 'unschedulable'
    | 'probe'
    | 'waiting'
    | 'quota'
    | 'selector'
    | 'endpoints'
    | 'claim'
    | 'pending'
    | 'notReady'
    | 'node';
  readonly facts: Readonly<Record<string, string>>;
}

/** One thing that is wrong, with what shows it. */
export interface Finding {
  /** Such as `deployment/web (shop)`. */
  readonly object: string;
  readonly cause: Cause;
  /** Lines of the cluster's own. */
  readonly evidence: readonly string[];
  /** A command that may help. */
  readonly fix?: string;
  /** Other names that this finding is about. */
  readonly mentions: readonly string[];
}
