import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import type { Severity } from '../../finding.ts';
import { isReady } from '../../world/containers.ts';
import { minuteMs } from '../../world/durations.ts';
import { fieldsAt, isTrueAt, numberAt, textAt } from '../../world/fields.ts';
import { nodeOf } from '../../world/nodes.ts';
import { refOf, someOf } from '../../world/ref.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** A rollout leaves nothing to spare for a while. */
const patienceMs = 10 * minuteMs;
const docs = 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/';

/** A budget that lets no pod be evicted: drains and upgrades of nodes wait for it. */
export const budgetDrain: Condition = {
  id: 'pdb-drain',
  kinds: ['PodDisruptionBudget'],
  needs: ['PodDisruptionBudget'],
  uses: ['Pod', 'Node', 'ReplicaSet', 'Event'],
  *find(world) {
    for (const budget of world.all('PodDisruptionBudget')) {
      if (budget.deletedAt !== undefined || world.now - (budget.createdAt ?? 0) < minuteMs) continue;
      const found = ofBudget(budget, world);
      if (found !== undefined)
        yield { object: budget, docs, fix: [`kubectl describe pdb ${budget.name} -n ${budget.namespace ?? 'default'}`], ...found };
    }
  },
};

type Found = Pick<Fault, 'reason' | 'summary' | 'evidence' | 'severity'> & Partial<Fault>;

function ofBudget(budget: WorldObject, world: World): Found | undefined {
  const allowed = statusCondition(budget.body, 'DisruptionAllowed');
  if (allowed?.status === 'False' && allowed.reason === 'SyncFailed')
    return {
      reason: 'BudgetNotComputed',
      severity: 'warning',
      summary: `the controller can not compute it, so it lets no pod be evicted: ${saidBy(allowed)}`,
      evidence: [conditionEvidence(allowed)],
      since: allowed.since,
    };
  const [expected, desired, healthy, spare] = ['expectedPods', 'desiredHealthy', 'currentHealthy', 'disruptionsAllowed'].map((name) =>
    numberAt(budget.body, `status.${name}`),
  );
  const seen = numberAt(budget.body, 'status.observedGeneration');
  if (expected === undefined || desired === undefined || spare !== 0) return undefined;
  if (seen !== undefined && budget.generation !== undefined && seen < budget.generation) return undefined;
  if (expected === 0) return (healthy ?? 0) > 0 ? unmanaged(budget, healthy ?? 0, world) : undefined;
  const drained = drainedNodes(budget, world);
  const waiting = drained.length === 0 ? '' : `; the drain of ${someOf(drained)} waits for it`;
  const numbers = [
    fieldEvidence('status', `${expected} pods, ${healthy ?? 0} healthy, ${desired} must be, 0 may be evicted`),
    ...drained.map((name) => fieldEvidence(`node/${name} spec.unschedulable`, 'true')),
  ];
  if (desired >= expected)
    return { ...byDesign(budget, { expected, isWaitedFor: drained.length > 0, waiting }), evidence: [wishOf(budget), ...numbers] };
  return exhausted(budget, { waiting, numbers, since: allowed?.since, isWaitedFor: drained.length > 0, world });
}

/** Pods whose number nobody wants: a part of it, or what may be missing of it, is not defined. */
function unmanaged(budget: WorldObject, pods: number, world: World): Found {
  const told = world
    .events(budget)
    .filter(({ reason }) => /^(?:UnmanagedPods|NoControllers|CalculateExpectedPodCountFailed)$/.test(reason))
    .at(-1);
  return {
    reason: 'BudgetNotComputed',
    severity: 'warning',
    summary: `${pods === 1 ? 'its pod has' : `its ${pods} pods have`} no controller that says how many there should be, so it lets none be evicted; minAvailable as a number would do`,
    evidence: [
      wishOf(budget),
      fieldEvidence('status', `0 pods expected, ${pods} healthy, 0 may be evicted`),
      ...(told === undefined ? [] : [eventEvidence(told)]),
    ],
  };
}

/** What the budget says: `spec.minAvailable` or `spec.maxUnavailable`. */
function wishOf(budget: WorldObject): Fault['evidence'][number] {
  const field = ['maxUnavailable', 'minAvailable'].find((name) => name in fieldsAt(budget.body, 'spec')) ?? 'minAvailable';
  const value = fieldsAt(budget.body, 'spec')[field];
  return fieldEvidence(`spec.${field}`, typeof value === 'string' || typeof value === 'number' ? String(value) : 'not set');
}

interface DesignScope {
  readonly expected: number;
  readonly isWaitedFor: boolean;
  readonly waiting: string;
}

function byDesign(budget: WorldObject, { expected, isWaitedFor, waiting }: DesignScope): Omit<Found, 'evidence'> {
  const spec = fieldsAt(budget.body, 'spec');
  const isMeant = spec['maxUnavailable'] === 0 || spec['maxUnavailable'] === '0%' || spec['minAvailable'] === '100%';
  const severity: Severity = isMeant && !isWaitedFor ? 'info' : 'warning';
  return {
    reason: 'BlocksEveryDrain',
    severity,
    summary: `it never lets a pod be evicted: ${isMeant ? 'it says so' : `it wants all of its ${expected === 1 ? 'one pod' : `${expected} pods`}`}, so no node with one of them can be drained${waiting}`,
  };
}

interface ExhaustedScope {
  readonly waiting: string;
  readonly numbers: Fault['evidence'];
  readonly since: number | undefined;
  readonly isWaitedFor: boolean;
  readonly world: World;
}

/** So many pods are not healthy that none may go. */
function exhausted(budget: WorldObject, { waiting, numbers, since, isWaitedFor, world }: ExhaustedScope): Found | undefined {
  if (since === undefined || world.now - since < patienceMs) return undefined;
  const sick = world.pods.bySelector(budget).filter((pod) => !isReady(pod));
  // Pods that are being evicted right now.
  if (sick.length === 0 && Object.keys(fieldsAt(budget.body, 'status.disruptedPods')).length > 0) return undefined;
  const isStuck = textAt(budget.body, 'spec.unhealthyPodEvictionPolicy') !== 'AlwaysAllow';
  return {
    reason: 'BlocksDrain',
    severity: 'warning',
    summary: `it lets no pod be evicted, because ${sick.length === 0 ? 'too few of its pods are healthy' : sick.length === 1 ? 'one of its pods is not healthy' : `${sick.length} of its pods are not healthy`}${isStuck ? '; those that are not can not be evicted either' : ''}${waiting}`,
    evidence: [
      wishOf(budget),
      ...numbers,
      ...(sick.length === 0 ? [] : [fieldEvidence('pods that are not ready', someOf(sick.map(({ name }) => name)))]),
    ],
    since,
    causedBy: sick.map(refOf),
    ...(isWaitedFor ? {} : { onlyUnexplained: true as const }),
  };
}

/** Cordoned nodes that have pods of the budget. */
function drainedNodes(budget: WorldObject, world: World): readonly string[] {
  const nodes = world.pods
    .bySelector(budget)
    .filter(({ owners }) => !owners.some(({ kind }) => kind === 'DaemonSet'))
    .flatMap((pod) => nodeOf(pod, world) ?? []);
  return [...new Set(nodes.filter(({ body }) => isTrueAt(body, 'spec.unschedulable')).map(({ name }) => name))];
}
