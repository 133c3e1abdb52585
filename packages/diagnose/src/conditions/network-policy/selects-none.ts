import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { alike } from '../../world/alike.ts';
import { minuteMs } from '../../world/durations.ts';
import { fieldsAt, labelsAt } from '../../world/fields.ts';
import { matchesSelector } from '../../world/selector.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { nearMiss } from '../service/near-miss.ts';

const makers: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Rollout'];
/** Two words that differ by a slip of the pen. */
const slip = 0.6;
/** A policy may come before its pods. */
const patienceMs = 10 * minuteMs;

/** A NetworkPolicy that rules no pod. One for all pods of a namespace has none to miss. */
export const networkPolicySelectsNone: Condition = {
  id: 'network-policy-selects-none',
  kinds: ['NetworkPolicy'],
  needs: ['NetworkPolicy', 'Pod'],
  uses: makers,
  *find(world) {
    for (const policy of world.all('NetworkPolicy')) {
      const { namespace = '', body } = policy;
      const selector = fieldsAt(body, 'spec.podSelector');
      if (Object.keys(selector).length === 0 || policy.deletedAt !== undefined) continue;
      if (!['Pod', ...makers].every((kind) => world.canSee(kind, namespace)) || selectsAny(selector, namespace, world)) continue;
      const wanted = labelsAt(selector, 'matchLabels');
      const near = slipOf(policy, wanted, world);
      if (near === undefined && world.now - (policy.createdAt ?? 0) < patienceMs) continue;
      yield {
        object: policy,
        reason: 'PolicySelectsNoPod',
        severity: near === undefined ? 'info' : 'warning',
        summary: near === undefined ? 'it selects no pod: it has no effect' : `it selects no pod, and so has no effect: ${near}`,
        evidence: [fieldEvidence('spec.podSelector', JSON.stringify(selector))],
        fix: [`kubectl get pods -n ${namespace} --show-labels`],
        docs: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
      };
    }
  },
};

function selectsAny(selector: ReturnType<typeof fieldsAt>, namespace: string, world: World): boolean {
  if (world.inNamespace('Pod', namespace).some(({ labels }) => matchesSelector(labels, selector))) return true;
  return makers.some((kind) =>
    world
      .inNamespace(kind, namespace)
      .some(({ body }) =>
        ['spec.template.metadata.labels', 'spec.jobTemplate.spec.template.metadata.labels'].some((path) =>
          matchesSelector(labelsAt(body, path), selector),
        ),
      ),
  );
}

/** The labels that were probably meant; a part of a chart that is not installed is no slip. */
function slipOf(policy: WorldObject, wanted: Readonly<Record<string, string>>, world: World): string | undefined {
  const near = nearMiss(policy, wanted, world);
  if (near === undefined || !near.differences.every(({ wanted: asked, has }) => has !== undefined && alike(asked, has) > slip))
    return undefined;
  return near.differences.map(({ name, wanted: asked, has }) => `${near.workload} has ${name}=${has ?? ''}, not ${asked}`).join('; ');
}
