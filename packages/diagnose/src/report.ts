import type { Finding } from './finding.ts';

/** What could not be looked at, and why. */
export interface NotChecked {
  readonly kind: string;
  /** Absent: in no namespace; `*` stands for all that were not looked at one by one. */
  readonly namespaces?: readonly string[];
  /** `forbidden`, `timeout`, ... */
  readonly code: string;
  readonly message: string;
}

/** The result of a diagnosis. */
export interface Report {
  /** When the cluster was read, ISO 8601. */
  readonly at: string;
  readonly serverVersion?: string;
  /** Where it was looked; absent: everywhere. */
  readonly namespace?: string;
  /** The worst and what explains others first; what another finding explains stands right below that. */
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
  /** How many objects were read. */
  readonly objects: number;
  /** Conditions that were looked for. */
  readonly conditions: number;
}
