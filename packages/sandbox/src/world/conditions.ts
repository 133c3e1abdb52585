import type { Json, JsonMap } from '../json.ts';
import { asMaps } from '../json.ts';

/** A condition to be set; its times are set with it. */
export interface NewCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
}

/** The condition of a type. */
export function conditionOf(conditions: Json | undefined, type: string): JsonMap | undefined {
  return asMaps(conditions).find((condition) => condition.type === type);
}

/** The list with a condition in it: the time of its last transition changes only with its status, its place never. */
export function withCondition(conditions: readonly JsonMap[], { type, status, reason, message }: NewCondition, now: string): JsonMap[] {
  const old = conditions.find((condition) => condition.type === type);
  const next: JsonMap = {
    ...old,
    type,
    status,
    lastTransitionTime: old?.status === status ? old.lastTransitionTime : now,
    reason,
    message,
  };
  if (reason === undefined) delete next.reason;
  if (message === undefined) delete next.message;
  return old ? conditions.map((condition) => (condition === old ? next : condition)) : [...conditions, next];
}
