import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { isReady } from '../../world/containers.ts';
import { minuteMs } from '../../world/durations.ts';
import { conditionOf, numberAt, textAt, timeAt } from '../../world/fields.ts';
import { refOf } from '../../world/ref.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { whyNotReady } from '../../world/not-ready.ts';
import { createRefusals } from '../quota/refusals.ts';

/** A pod that starts, or is replaced, is ready by then. */
const patienceMs = 5 * minuteMs;
const docs = 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees';

/** The first pod of a StatefulSet that is not ready, and who waits for it. */
export const statefulSetOrdinals: Condition = {
  id: 'stateful-set-ordinals',
  kinds: ['StatefulSet'],
  needs: ['StatefulSet', 'Pod'],
  uses: ['Event', 'ReplicaSet', 'DaemonSet', 'Job', 'CronJob'],
  *find(world) {
    const refusals = createRefusals(world);
    for (const set of world.all('StatefulSet')) {
      if (set.deletedAt !== undefined || world.now - (set.createdAt ?? 0) < patienceMs || !world.canSee('Pod', set.namespace)) continue;
      yield* ofSet(set, { world, refusals });
    }
  },
};

interface Ordinal {
  readonly index: number;
  readonly name: string;
  readonly pod: WorldObject | undefined;
}

/** More pods of a set are not looked at. */
const maxOrdinals = 2_000;

function replicasOf(set: WorldObject): number {
  return numberAt(set.body, 'spec.replicas') ?? 1;
}

function ordinalsOf(set: WorldObject, world: World): readonly Ordinal[] {
  const start = numberAt(set.body, 'spec.ordinals.start') ?? 0;
  return Array.from({ length: Math.min(maxOrdinals, replicasOf(set)) }, (_, offset) => {
    const name = `${set.name}-${start + offset}`;
    const found = world.lookup('Pod', set.namespace, name);
    return { index: start + offset, name, pod: found.type === 'found' ? found.object : undefined };
  });
}

interface Scope {
  readonly world: World;
  readonly refusals: ReturnType<typeof createRefusals>;
}

function* ofSet(set: WorldObject, { world, refusals }: Scope): Generator<Fault> {
  const ordinals = ordinalsOf(set, world);
  const first = ordinals.find(({ pod }) => pod === undefined || !isReady(pod));
  if (first === undefined) return;
  const severity = ordinals.some(({ pod }) => pod !== undefined && isReady(pod)) ? 'warning' : 'critical';
  if (first.pod === undefined) {
    yield* notCreated(set, { ordinals, first, severity, world, refusals });
    return;
  }
  const since = timeAt(conditionOf(first.pod.body, 'Ready'), 'lastTransitionTime') ?? first.pod.createdAt ?? world.now;
  if (world.now - since < patienceMs || first.pod.deletedAt !== undefined) return;
  yield isOutdated(set, first)
    ? outdated(set, { first, pod: first.pod, severity, since })
    : waiting(set, { ordinals, first, pod: first.pod, severity, since });
}

interface Missing extends Scope {
  readonly ordinals: readonly Ordinal[];
  readonly first: Ordinal;
  readonly severity: Fault['severity'];
}

function* notCreated(set: WorldObject, { ordinals, first, severity, world, refusals }: Missing): Generator<Fault> {
  const isYoung = ordinals.some(({ pod }) => pod?.createdAt !== undefined && world.now - pod.createdAt < patienceMs);
  // Who is refused has a finding for that.
  if (isYoung || refusals(set.namespace).some(({ controller }) => controller.uid === set.uid)) return;
  yield {
    object: set,
    reason: 'OrdinalMissing',
    severity,
    summary: `its pod ${first.name} is not there, and nobody makes it`,
    evidence: [
      fieldEvidence('spec.replicas', String(replicasOf(set))),
      fieldEvidence('status.replicas', String(numberAt(set.body, 'status.replicas') ?? 0)),
    ],
    fix: [`kubectl describe statefulset ${set.name} -n ${set.namespace ?? 'default'}`],
    docs,
  };
}

function isOrdered(set: WorldObject): boolean {
  return textAt(set.body, 'spec.podManagementPolicy') !== 'Parallel';
}

/** A pod of an earlier template that never gets ready keeps the corrected template from being rolled out. */
function isOutdated(set: WorldObject, { index, pod }: Ordinal): boolean {
  const [update, own] = [textAt(set.body, 'status.updateRevision'), pod?.labels['controller-revision-hash']];
  const partition = numberAt(set.body, 'spec.updateStrategy.rollingUpdate.partition') ?? 0;
  const isRolling = textAt(set.body, 'spec.updateStrategy.type') !== 'OnDelete';
  return isOrdered(set) && isRolling && update !== '' && own !== undefined && own !== update && index >= partition;
}

interface Unready {
  readonly first: Ordinal;
  readonly pod: WorldObject;
  readonly severity: Fault['severity'];
  readonly since: number;
}

function outdated(set: WorldObject, { first, pod, severity, since }: Unready): Fault {
  return {
    object: set,
    reason: 'UpdateWaitsForBrokenPod',
    severity,
    summary: `its pod ${first.name} is from an earlier template and not ready (${whyNotReady(pod)}); the new template is not rolled out before it is: delete the pod`,
    evidence: [
      fieldEvidence(`pod/${first.name} controller-revision-hash`, pod.labels['controller-revision-hash'] ?? ''),
      fieldEvidence('status.updateRevision', textAt(set.body, 'status.updateRevision')),
    ],
    fix: [`kubectl delete pod ${first.name} -n ${set.namespace ?? 'default'}`],
    since,
    causedBy: [refOf(pod)],
    docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback',
  };
}

function waiting(set: WorldObject, { ordinals, first, pod, severity, since }: Unready & Pick<Missing, 'ordinals'>): Fault {
  const behind = isOrdered(set) ? ordinals.filter((each) => each.index > first.index && each.pod === undefined) : [];
  const wait =
    behind.length === 0
      ? ''
      : `; ${behind.length === 1 ? `${behind[0]?.name ?? ''} waits` : `${behind.length} more wait`} for it (podManagementPolicy OrderedReady)`;
  return {
    object: set,
    reason: 'OrdinalNotReady',
    severity,
    summary: `its pod ${first.name} is the first that is not ready: ${whyNotReady(pod)}${wait}`,
    evidence: [
      fieldEvidence('status.readyReplicas', `${numberAt(set.body, 'status.readyReplicas') ?? 0} of ${replicasOf(set)}`),
      fieldEvidence(`pod/${first.name}`, whyNotReady(pod), since),
    ],
    fix: [`kubectl describe pod ${first.name} -n ${set.namespace ?? 'default'}`],
    since,
    causedBy: [refOf(pod)],
    ...(behind.length === 0 ? { onlyUnexplained: true as const } : {}),
    docs,
  };
}
