import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs, showDuration } from '../../world/durations.ts';
import { textAt } from '../../world/fields.ts';
import { holderOf } from '../../world/finalizers.ts';

/** After its grace period a pod is gone within moments. */
const patienceMs = 5 * minuteMs;

/** A pod that was to be gone long ago. */
export const podTerminating: Condition = {
  id: 'pod-terminating',
  kinds: ['Pod'],
  needs: ['Pod'],
  uses: ['Node', 'ReplicaSet'],
  *find(world) {
    for (const pod of world.all('Pod')) {
      const { deletedAt, finalizers } = pod;
      if (deletedAt === undefined || world.now - deletedAt < patienceMs) continue;
      const node = textAt(pod.body, 'spec.nodeName');
      const age = showDuration(world.now - deletedAt);
      const isHeld = finalizers.length > 0;
      yield {
        object: pod,
        reason: isHeld ? 'HeldByFinalizer' : 'StuckTerminating',
        severity: 'warning',
        summary: isHeld
          ? `it should be gone for ${age}, but ${finalizers.join(', ')} holds it: ${[...new Set(finalizers.map(holderOf))].join('; ')} has to take that away`
          : `it should be gone for ${age}, but the kubelet of node ${node === '' ? 'unknown' : node} has not ended it`,
        evidence: [
          fieldEvidence('metadata.deletionTimestamp', new Date(deletedAt).toISOString()),
          ...(isHeld ? [fieldEvidence('metadata.finalizers', finalizers.join(', '))] : [fieldEvidence('spec.nodeName', node)]),
        ],
        fix: [`kubectl get pod ${pod.name} -n ${pod.namespace ?? 'default'} -o yaml`],
        since: deletedAt,
        causedBy: node === '' ? [] : [{ kind: 'Node', name: node }],
      };
    }
  },
};
