import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { describeCommand } from '../../world/commands.ts';
import { minuteMs } from '../../world/durations.ts';
import { textAt } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';
import type { ObjectRef } from '../../world/world-object.ts';

const patienceMs = 2 * minuteMs;
const policyKinds: readonly string[] = ['KyvernoClusterPolicy', 'KyvernoPolicy'];

/** A policy of Kyverno that is not in force, or whose generating and mutating of what exists fails. */
export const kyvernoPolicy: Condition = {
  id: 'kyverno-policy',
  kinds: policyKinds,
  needs: policyKinds,
  uses: ['KyvernoUpdateRequest'],
  *find(world) {
    for (const policy of policyKinds.flatMap((kind) => world.all(kind))) {
      const ready = statusCondition(policy.body, 'Ready');
      if (policy.deletedAt !== undefined || ready?.status !== 'False' || world.now - (ready.since ?? policy.createdAt ?? 0) < patienceMs)
        continue;
      yield {
        object: policy,
        reason: 'PolicyNotReady',
        severity: 'warning',
        summary: `it is not in force: ${saidBy(ready)}`,
        evidence: [conditionEvidence(ready)],
        fix: [describeCommand(policy)],
        since: ready.since,
      };
    }
    for (const request of world.all('KyvernoUpdateRequest')) {
      if (request.deletedAt !== undefined || textAt(request.body, 'status.state') !== 'Failed') continue;
      const policy = refOf(textAt(request.body, 'spec.policy'));
      const message = textAt(request.body, 'status.message');
      yield {
        object: policy,
        reason: 'UpdateRequestFailed',
        severity: 'warning',
        summary: `what it generates or changes fails: ${saidBy({ reason: 'Failed', message })}`,
        evidence: [fieldEvidence(`updaterequest/${request.name} status`, `Failed: ${message}`, request.createdAt)],
        fix: [describeCommand(policy)],
        since: request.createdAt,
      };
    }
  },
};

/** A policy of a namespace is named with it: `shop/rule`. */
function refOf(name: string): ObjectRef {
  const [first = '', second] = name.split('/');
  return second === undefined ? { kind: 'KyvernoClusterPolicy', name: first } : { kind: 'KyvernoPolicy', namespace: first, name: second };
}
