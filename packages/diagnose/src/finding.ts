import type { ObjectRef } from './world/world-object.ts';

/** How bad a finding is: `critical` is down or loses data, `warning` is broken in part or about to be, `info` is worth knowing. */
export type Severity = 'critical' | 'warning' | 'info';

/** The severities, the worst first. */
export const severities: readonly Severity[] = ['critical', 'warning', 'info'];

/** What a finding rests on. */
export interface Evidence {
  /** `path`: a field of an object; `event`: what a component told; `log`: a line of a container. */
  readonly type: 'path' | 'event' | 'log';
  /** The field, the event's reason, or the container. */
  readonly at: string;
  readonly value: string;
  /** When it was seen last, ISO 8601. */
  readonly seenAt?: string;
}

/** A fault of a cluster: one for all objects that have it for the same reason under the same owner. */
export interface Finding {
  /** Unique in its report. */
  readonly id: string;
  /** The condition that found it. */
  readonly condition: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** In UpperCamelCase, stable: for programs. */
  readonly reason: string;
  readonly severity: Severity;
  /** One sentence for people. */
  readonly summary: string;
  readonly evidence: readonly Evidence[];
  /** The id of the finding that explains this one. */
  readonly cause?: string;
  /** Commands that look further or repair; nothing runs them. */
  readonly fix?: readonly string[];
  /** Owners of the object where it shows, the nearest first. */
  readonly owner: readonly ObjectRef[];
  /** The objects that have it, some of them; `count` says how many there are. */
  readonly objects: readonly ObjectRef[];
  readonly count: number;
  /** How many findings it explains. */
  readonly explains: number;
  /** Since when, ISO 8601, where that can be told. */
  readonly since?: string;
  readonly docs?: string;
  /** The same for the same fault at another time: kind, owner and reason, never text. */
  readonly fingerprint: string;
}
