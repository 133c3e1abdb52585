import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { fieldsAt } from '../../world/fields.ts';
import { quantityOf } from '../../world/quantity.ts';
import { refOf, someOf } from '../../world/ref.ts';
import type { World } from '../../world/world.ts';
import { keyOf } from '../../world/world-object.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { creators, refusalsIn } from './refusals.ts';
import type { Refusal } from './refusals.ts';

const docs = 'https://kubernetes.io/docs/concepts/policy/resource-quotas/';

/** A quota that is used up, and who is refused because of it. */
export const quotaExhausted: Condition = {
  id: 'resource-quota-exhausted',
  kinds: ['ResourceQuota'],
  needs: ['ResourceQuota'],
  uses: [...creators, 'Deployment', 'Event'],
  *find(world) {
    for (const [namespace, quotas] of Map.groupBy(world.all('ResourceQuota'), (quota) => quota.namespace)) {
      const refusals = refusalsIn(namespace, world);
      for (const quota of quotas) if (quota.deletedAt === undefined) yield* ofQuota(quota, refusals, world);
    }
  },
};

function* ofQuota(quota: WorldObject, all: readonly Refusal[], world: World): Generator<Fault> {
  const refused = all.filter(({ message }) => /exceeded quota: ([^,\s]+)/.exec(message)?.[1] === quota.name);
  const full = fullResources(quota);
  const evidence = full.map(({ resource, used, hard }) => fieldEvidence(`status.used[${resource}]`, `${used} of ${hard}`));
  const fix = [`kubectl describe resourcequota ${quota.name} -n ${quota.namespace ?? 'default'}`];
  if (refused.length > 0) {
    const who = [...new Set(refused.map(({ controller }) => shown(controller, world)))];
    yield {
      object: quota,
      reason: 'QuotaExceeded',
      severity: 'critical',
      summary: `${full.length === 0 ? 'it has no room for what is asked for' : `it is exhausted (${someOf(full.map(({ resource }) => resource))})`}: ${someOf(who)} ${who.length === 1 ? 'is' : 'are'} refused`,
      evidence: [
        ...evidence,
        ...refused.slice(0, 3).map(({ controller, message, at }) => fieldEvidence(shown(controller, world), message, at)),
      ],
      fix,
      explains: refused.map(({ controller }) => refOf(controller)),
      docs,
    };
  } else if (full.length > 0) {
    yield {
      object: quota,
      reason: 'QuotaFull',
      severity: 'info',
      summary: `${someOf(full.map(({ resource }) => resource))} ${full.length === 1 ? 'is' : 'are'} used up; nobody is refused yet, but the next one will be`,
      evidence,
      fix,
      docs,
    };
  }
}

/** The topmost owner, as people know it. */
function shown(controller: WorldObject, world: World): string {
  const { kind, name } = world.ownersOf(controller).at(-1) ?? controller;
  return keyOf({ kind: kind.toLowerCase(), name });
}

interface Full {
  readonly resource: string;
  readonly used: string;
  readonly hard: string;
}

/** What is used as far as it may be; what is forbidden altogether (0) is not full. */
function fullResources(quota: WorldObject): readonly Full[] {
  const used = fieldsAt(quota.body, 'status.used');
  return Object.entries(fieldsAt(quota.body, 'status.hard')).flatMap(([resource, hard]) => {
    const [limit, amount] = [quantityOf(hard), quantityOf(used[resource])];
    const isFull = limit !== undefined && amount !== undefined && amount > 0 && amount >= limit;
    return isFull ? [{ resource, used: String(used[resource]), hard: String(hard) }] : [];
  });
}
