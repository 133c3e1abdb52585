import { fieldEvidence } from '../evidence.ts';
import type { Evidence } from '../finding.ts';
import { cutLine } from './cut.ts';
import { listAt, numberAt, textAt, timeAt } from './fields.ts';

/** A condition of a status, as controllers write them. */
export interface StatusCondition {
  readonly type: string;
  /** `True`, `False` or `Unknown`. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** Since when; undefined where the controller does not say it. */
  readonly since: number | undefined;
  /** The object's generation that it speaks of. */
  readonly observedGeneration: number | undefined;
}

/** The conditions of an object, or of a part of its status. */
export function statusConditions(value: unknown, path = 'status.conditions'): readonly StatusCondition[] {
  return listAt(value, path).map((each) => ({
    type: textAt(each, 'type'),
    status: textAt(each, 'status'),
    reason: textAt(each, 'reason'),
    message: textAt(each, 'message'),
    // 1970 is what a status begins with before anybody wrote it.
    since: timeAt(each, 'lastTransitionTime') || undefined,
    observedGeneration: numberAt(each, 'observedGeneration'),
  }));
}

/** The condition of a type. */
export function statusCondition(value: unknown, type: string, path?: string): StatusCondition | undefined {
  return statusConditions(value, path).find((each) => each.type === type);
}

/** A condition as evidence, such as `Ready=False Failed: it is broken`. */
export function conditionEvidence({ type, status, reason, message, since }: StatusCondition, path = 'status.conditions'): Evidence {
  return fieldEvidence(`${path}[${type}]`, `${status} ${reason}${message === '' ? '' : `: ${message}`}`, since);
}

const maxSaid = 240;

/** What a controller says of a condition in one line, at most 240 characters. */
export function saidBy({ reason, message }: Pick<StatusCondition, 'reason' | 'message'>): string {
  return cutLine(message, maxSaid) || reason || 'it does not say why';
}
