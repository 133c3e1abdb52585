import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { numberAt, textAt } from '../../world/fields.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { templateSpecOf } from '../../world/workload.ts';

const makers: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'];
const maxShown = 5;

/** A ServiceAccount that workloads name and that does not exist: no new pod of them can be created. */
export const serviceAccountMissing: Condition = {
  id: 'service-account-missing',
  kinds: ['ServiceAccount'],
  needs: ['ServiceAccount', ...makers],
  *find(world) {
    const missing = new Map<string, WorldObject[]>();
    for (const workload of makers.flatMap((kind) => world.all(kind))) {
      const name = textAt(templateSpecOf(workload), 'serviceAccountName');
      if (name === '' || workload.deletedAt !== undefined) continue;
      if (world.lookup('ServiceAccount', workload.namespace, name).type !== 'missing') continue;
      const key = `${workload.namespace ?? ''}/${name}`;
      missing.set(key, [...(missing.get(key) ?? []), workload]);
    }
    for (const [key, users] of missing) {
      const [namespace = '', name = ''] = key.split('/');
      const shown = users.slice(0, maxShown).map((user) => `${user.kind.toLowerCase()}/${user.name}`);
      yield {
        object: { kind: 'ServiceAccount', namespace, name },
        reason: 'ServiceAccountMissing',
        severity: users.some(isDown) ? 'critical' : 'warning',
        summary: `it does not exist, and ${shown.join(', ')}${users.length > maxShown ? ` and ${users.length - maxShown} more` : ''} can't create pods without it`,
        evidence: users.slice(0, maxShown).map((user) => fieldEvidence(`${user.kind.toLowerCase()}/${user.name} serviceAccountName`, name)),
        fix: [`kubectl get serviceaccounts -n ${namespace}`, `kubectl create serviceaccount ${name} -n ${namespace}`],
        docs: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
      };
    }
  },
};

/** Whether a workload wants pods and has none that is ready. */
function isDown({ kind, body }: WorldObject): boolean {
  if (kind === 'CronJob') return false;
  const wanted = kind === 'DaemonSet' ? (numberAt(body, 'status.desiredNumberScheduled') ?? 0) : (numberAt(body, 'spec.replicas') ?? 1);
  return wanted > 0 && (numberAt(body, kind === 'DaemonSet' ? 'status.numberReady' : 'status.readyReplicas') ?? 0) === 0;
}
