import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { fieldsAt, labelsAt } from '../../world/fields.ts';
import { refOf, someOf } from '../../world/ref.ts';
import { matchesSelector } from '../../world/selector.ts';
import type { Labels } from '../../world/selector.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { nearMiss } from '../service/near-miss.ts';

const docs = 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/';
const makers = ['Deployment', 'StatefulSet', 'ReplicaSet', 'DaemonSet', 'Job', 'CronJob', 'Rollout'];

/** Budgets that protect nothing, or the same pods twice. */
export const budgetSelection: Condition = {
  id: 'pdb-selection',
  kinds: ['PodDisruptionBudget'],
  needs: ['PodDisruptionBudget', 'Pod'],
  uses: makers,
  *find(world) {
    const budgets = world.all('PodDisruptionBudget').filter(({ deletedAt }) => deletedAt === undefined);
    for (const [namespace, ofNamespace] of Map.groupBy(budgets, (budget) => budget.namespace)) {
      const templates = distinct(makers.flatMap((kind) => world.inNamespace(kind, namespace)).flatMap(templateLabels));
      for (const budget of ofNamespace) yield* ofNothing(budget, templates, world);
      if (ofNamespace.length > 1) yield* overlaps(ofNamespace, namespace, world);
    }
  },
};

/** A budget without pods whose labels miss those of a workload by a little; one of a workload that has no pods now is none. */
function* ofNothing(budget: WorldObject, templates: readonly Labels[], world: World): Generator<Fault> {
  const selector = fieldsAt(budget.body, 'spec.selector');
  const labels = labelsAt(selector, 'matchLabels');
  if (Object.keys(labels).length === 0 || 'matchExpressions' in selector || !world.canSee('Pod', budget.namespace)) return;
  if (world.pods.bySelector(budget).length > 0) return;
  if (templates.some((each) => matchesSelector(each, selector))) return;
  const near = nearMiss(budget, labels, world);
  // One label of several that is shared by a whole release is no near miss.
  if (near === undefined || !near.differences.every(({ has }) => has !== undefined) || near.differences.length > 1) return;
  yield {
    object: budget,
    reason: 'ProtectsNothing',
    severity: 'warning',
    summary: `its selector fits no pod; ${near.workload} is near: ${near.differences.map(({ name, wanted, has }) => `${name}=${wanted} is asked for, the pods have ${name}=${has ?? ''}`).join('; ')}`,
    evidence: [
      fieldEvidence(
        'spec.selector',
        Object.entries(labels)
          .map(([name, value]) => `${name}=${value}`)
          .join(','),
      ),
      fieldEvidence(
        `labels of ${near.workload}`,
        Object.entries(near.labels)
          .map(([name, value]) => `${name}=${value}`)
          .join(','),
      ),
    ],
    fix: [`kubectl get pods -n ${budget.namespace ?? 'default'} --show-labels`],
    docs,
  };
}

function templateLabels({ body }: WorldObject): readonly Labels[] {
  return ['spec.template.metadata.labels', 'spec.jobTemplate.spec.template.metadata.labels'].map((path) => labelsAt(body, path));
}

function distinct(all: readonly Labels[]): readonly Labels[] {
  return [...new Map(all.map((labels) => [JSON.stringify(labels), labels])).values()];
}

/** The eviction of a pod with two budgets is refused. */
function* overlaps(budgets: readonly WorldObject[], namespace: string | undefined, world: World): Generator<Fault> {
  const shared = new Map<string, { readonly budgets: readonly WorldObject[]; readonly pods: WorldObject[] }>();
  const byPods = new Map<readonly WorldObject[], WorldObject[]>();
  for (const budget of budgets) {
    // Without a selector it is for none, with an empty one for all.
    const spec = fieldsAt(budget.body, 'spec');
    if (!('selector' in spec)) continue;
    for (const pods of world.pods.groups(namespace, fieldsAt(spec, 'selector'))) {
      const known = byPods.get(pods);
      if (known === undefined) byPods.set(pods, [budget]);
      else known.push(budget);
    }
  }
  for (const [pods, fitting] of byPods) {
    if (fitting.length < 2) continue;
    const key = fitting.map(({ name }) => name).join('\n');
    const group = shared.get(key) ?? { budgets: fitting, pods: [] };
    shared.set(key, group);
    group.pods.push(...pods);
  }
  for (const { budgets: same, pods } of shared.values()) {
    const [first, ...others] = same.toSorted((one, other) => one.name.localeCompare(other.name));
    if (first === undefined) continue;
    yield {
      object: first,
      reason: 'OverlappingBudgets',
      severity: 'warning',
      summary: `${pods.length === 1 ? 'a pod' : `${pods.length} pods`} of it ${pods.length === 1 ? 'is' : 'are'} also under ${someOf(others.map(({ name }) => name))}: the eviction of a pod with two budgets is refused, so its node can not be drained`,
      evidence: [fieldEvidence('pods', someOf(pods.map((pod) => refOf(pod).name)))],
      fix: [`kubectl get pdb -n ${namespace ?? 'default'}`],
      docs,
    };
  }
}
