import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import { cutLine } from '../../world/cut.ts';
import { hourMs } from '../../world/durations.ts';
import { conditionOf, numberAt, textAt, timeAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { ObjectRef, WorldObject } from '../../world/world-object.ts';

interface Cause {
  readonly reason: string;
  readonly matches: RegExp;
  readonly says: (match: RegExpExecArray) => string;
  readonly causedBy?: (match: RegExpExecArray, namespace: string | undefined) => ObjectRef;
}

const namespaced = (kind: string, name = '', namespace?: string): ObjectRef => ({
  kind,
  ...(namespace === undefined ? {} : { namespace }),
  name,
});

/** Why the API server takes no pod of a controller; the first that fits. */
const causes: readonly Cause[] = [
  {
    reason: 'QuotaExceeded',
    matches: /exceeded quota: ([^,\s]+)(?:, requested: (.*?), used: (.*?), limited: (.*))?/,
    says: ([, quota = '', requested, used, limited]) =>
      `the quota ${quota} is exhausted${requested === undefined ? '' : `: asked for ${requested}, used ${used}, allowed ${limited}`}`,
    causedBy: ([, quota], namespace) => namespaced('ResourceQuota', quota, namespace),
  },
  {
    reason: 'QuotaNeedsResources',
    matches: /failed quota: ([^:\s]+): must specify ([^\n]*)/,
    says: ([, quota = '', what = '']) => `the quota ${quota} wants every container to say its ${what.trim()}`,
    causedBy: ([, quota], namespace) => namespaced('ResourceQuota', quota, namespace),
  },
  {
    reason: 'LimitRangeViolated',
    matches: /((?:maximum|minimum) \S+ (?:usage|storage|limit to request)[^\n]*)/i,
    says: ([, rule = '']) => `a LimitRange forbids it: ${rule}`,
  },
  {
    reason: 'MissingServiceAccount',
    matches: /serviceaccount "([^"]+)" not found/i,
    says: ([, account = '']) => `its ServiceAccount ${account} does not exist`,
    causedBy: ([, account], namespace) => namespaced('ServiceAccount', account, namespace),
  },
  {
    reason: 'PodSecurityViolated',
    matches: /violates PodSecurity "([^"]+)": ([^\n]*)/,
    says: ([, level = '', rules = '']) => `Pod Security (${level}) forbids it: ${rules}`,
  },
  {
    reason: 'WebhookUnavailable',
    matches: /failed calling webhook "([^"]+)"(?:: (.*))?/,
    says: ([, webhook = '', why = '']) => `the admission webhook ${webhook} does not answer: ${cutLine(why, 200)}`,
  },
  {
    reason: 'AdmissionDenied',
    matches: /admission webhook "([^"]+)" denied the request(?:: (.*))?/,
    says: ([, webhook = '', why = '']) => `the admission webhook ${webhook} denies it: ${cutLine(why, 200)}`,
  },
  {
    reason: 'MissingPriorityClass',
    matches: /no PriorityClass with name (\S+) was found/,
    says: ([, name = '']) => `its PriorityClass ${name} does not exist`,
  },
];

/** A failure that was told longer ago is over. */
const recentMs = hourMs;

/** A controller whose pods the API server refuses to take. */
export const createFailure: Condition = {
  id: 'replica-set-create-failure',
  kinds: ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'],
  needs: ['ReplicaSet'],
  uses: ['StatefulSet', 'DaemonSet', 'Job', 'Event', 'Deployment', 'CronJob'],
  *find(world) {
    for (const kind of ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job']) {
      for (const controller of world.all(kind)) if (lacksPods(controller)) yield* ofController(controller, world);
    }
  },
};

/** Whether a controller has fewer pods than it wants. */
export function lacksPods({ kind, body }: WorldObject): boolean {
  const has = (path: string): number => numberAt(body, path) ?? 0;
  if (kind === 'DaemonSet') return has('status.currentNumberScheduled') < has('status.desiredNumberScheduled');
  if (kind === 'Job') return has('status.active') + has('status.succeeded') < 1 && textAt(conditionOf(body, 'Failed'), 'status') !== 'True';
  return has('status.replicas') < (numberAt(body, 'spec.replicas') ?? 1);
}

function* ofController(controller: WorldObject, world: World): Generator<Fault> {
  const failure = conditionOf(controller.body, 'ReplicaFailure');
  const isFailing = failure?.['status'] === 'True';
  const told = world
    .events(controller)
    .filter(({ reason, lastAt }) => reason === 'FailedCreate' && world.now - (lastAt ?? world.now) < recentMs)
    .at(-1);
  const message = isFailing ? textAt(failure, 'message') : (told?.message ?? '');
  if (message === '') return;
  const found = causes.map((each) => ({ each, match: each.matches.exec(message) })).find(({ match }) => match !== null);
  const { each, match } = found ?? {};
  const isKnown = each !== undefined && match !== undefined && match !== null;
  yield {
    object: controller,
    reason: isKnown ? each.reason : 'PodsRefused',
    severity: 'critical',
    summary: `its pods can not be created: ${isKnown ? each.says(match) : cutLine(message, 300)}`,
    evidence: [
      ...(isFailing ? [fieldEvidence('status.conditions[ReplicaFailure]', message, timeAt(failure, 'lastTransitionTime'))] : []),
      ...(told === undefined || told.message === message ? [] : [eventEvidence(told)]),
      ...(isFailing || told === undefined ? [] : [eventEvidence(told)]),
    ],
    fix: [`kubectl describe ${controller.kind.toLowerCase()} ${controller.name} -n ${controller.namespace ?? 'default'}`],
    since: isFailing ? timeAt(failure, 'lastTransitionTime') : told?.firstAt,
    causedBy: isKnown && each.causedBy !== undefined ? [each.causedBy(match, controller.namespace)] : [],
  };
}
