import type { Condition } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import type { Evidence } from '../../finding.ts';
import { minuteMs } from '../../world/durations.ts';
import { isTrueAt, listAt, textAt, timeAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { ObjectRef, WorldObject } from '../../world/world-object.ts';

/** What was refused longer ago may have been allowed since. */
const recentMs = 15 * minuteMs;
/** The API server's words. */
const refused =
  /User "system:serviceaccount:([a-z0-9-]+):([a-z0-9.-]+)" cannot ([a-z]+) resource "([a-z0-9./-]+)" in API group "([a-z0-9.-]*)"(?: in the namespace "([a-z0-9-]+)")?/;

interface Refusal {
  readonly account: ObjectRef & { readonly namespace: string };
  readonly verb: string;
  /** Such as `deployments.apps`. */
  readonly resource: string;
  /** Absent: in the whole cluster. */
  readonly namespace: string | undefined;
  readonly evidence: Evidence;
  readonly about: ObjectRef;
}

/** A ServiceAccount that is refused what its workload asks for, as events and the last words of containers tell. */
export const serviceAccountRefused: Condition = {
  id: 'service-account-refused',
  kinds: ['ServiceAccount'],
  needs: ['Event'],
  uses: ['Pod'],
  *find(world) {
    const byAccount = Map.groupBy(
      [...fromEvents(world), ...fromContainers(world)],
      ({ account }) => `${account.namespace}/${account.name}`,
    );
    for (const refusals of byAccount.values()) {
      const [first] = refusals;
      if (first === undefined) continue;
      const { account, verb, resource, namespace } = first;
      const whats = [
        ...new Set(
          refusals.map(
            (each) =>
              `${each.verb} ${each.resource} ${each.namespace === undefined ? 'in the whole cluster' : `in namespace ${each.namespace}`}`,
          ),
        ),
      ];
      yield {
        object: account,
        reason: 'AccessRefused',
        severity: 'warning',
        summary: `it may not ${whats.slice(0, 4).join(', ')}, which its workload asks for`,
        evidence: refusals.slice(0, 4).map(({ evidence }) => evidence),
        fix: [
          `kubectl auth can-i ${verb} ${resource} --as=system:serviceaccount:${account.namespace}:${account.name}${namespace === undefined ? ' -A' : ` -n ${namespace}`}`,
        ],
        explains: refusals.map(({ about }) => about),
        docs: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/',
      };
    }
  },
};

function toRefusal(message: string, about: ObjectRef, evidence: Evidence): readonly Refusal[] {
  const [, ownNamespace, name, verb, resource, group, namespace] = refused.exec(message) ?? [];
  if (ownNamespace === undefined || name === undefined || verb === undefined || resource === undefined) return [];
  return [
    {
      account: { kind: 'ServiceAccount', namespace: ownNamespace, name },
      verb,
      resource: group === undefined || group === '' ? resource : `${resource}.${group}`,
      namespace,
      evidence,
      about,
    },
  ];
}

function isAccountOf({ namespace, name }: ObjectRef, pod: WorldObject): boolean {
  return namespace === pod.namespace && name === (textAt(pod.body, 'spec.serviceAccountName') || 'default');
}

/** Only what was told again: a controller may be faster than its rights when both are new. */
function fromEvents(world: World): readonly Refusal[] {
  return [...world.allEvents()].flatMap(({ about, events }) =>
    events
      .filter(({ type, count, lastAt = 0 }) => type === 'Warning' && count > 1 && world.now - lastAt < recentMs)
      .flatMap((event) => toRefusal(event.message, about, eventEvidence(event))),
  );
}

function fromContainers(world: World): readonly Refusal[] {
  return world.all('Pod').flatMap((pod) =>
    ['status.initContainerStatuses', 'status.containerStatuses'].flatMap((path) =>
      listAt(pod.body, path).flatMap((status) =>
        ['state.terminated', 'lastState.terminated'].flatMap((state) => {
          const finishedAt = timeAt(status, `${state}.finishedAt`);
          const message = textAt(status, `${state}.message`);
          if (message === '' || isTrueAt(status, 'ready') || world.now - (finishedAt ?? 0) > recentMs) return [];
          const evidence = fieldEvidence(`pod/${pod.name} ${path}[${textAt(status, 'name')}].${state}`, message, finishedAt);
          // Whoever writes the pod's image writes this, too: it may speak of itself only.
          return toRefusal(message, pod, evidence).filter(({ account }) => isAccountOf(account, pod));
        }),
      ),
    ),
  );
}
