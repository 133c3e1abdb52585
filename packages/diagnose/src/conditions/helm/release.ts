import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs, showDuration } from '../../world/durations.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Helm's own time-out is five minutes, and often set higher. */
const patienceMs = 30 * minuteMs;

/** A Helm release whose last revision failed, or that was left in the middle of a change: by the labels of its Secrets, never their values. */
export const helmRelease: Condition = {
  id: 'helm-release',
  kinds: ['HelmRelease'],
  needs: ['HelmRelease'],
  *find(world) {
    const releases = Map.groupBy(world.all('HelmRelease'), ({ namespace, labels }) => `${namespace ?? ''}/${labels['name'] ?? ''}`);
    for (const revisions of releases.values()) {
      const newest = revisions.toSorted((one, other) => revisionOf(other) - revisionOf(one))[0];
      const name = newest?.labels['name'];
      if (newest === undefined || name === undefined || newest.deletedAt !== undefined) continue;
      const status = newest.labels['status'] ?? '';
      const changedAt = changedAtOf(newest);
      const isLeft = /^(?:pending-(?:install|upgrade|rollback)|uninstalling)$/.test(status);
      if (status !== 'failed' && !(isLeft && world.now - changedAt > patienceMs)) continue;
      const namespace = newest.namespace ?? 'default';
      const good = revisions.filter(({ labels }) => /^(?:deployed|superseded)$/.test(labels['status'] ?? '')).map(revisionOf);
      const last = good.length === 0 ? undefined : Math.max(...good);
      yield {
        object: { kind: 'HelmRelease', namespace, name },
        reason: isLeft ? 'HelmReleaseStuck' : 'HelmReleaseFailed',
        severity: 'warning',
        summary: isLeft
          ? `revision ${revisionOf(newest)} is ${status} for ${showDuration(world.now - changedAt)}: helm was stopped in the middle, and refuses further changes ("another operation is in progress")`
          : `revision ${revisionOf(newest)} failed${last === undefined ? ', and none before it was ever deployed' : `; the last one that was deployed is ${last}`}`,
        evidence: [fieldEvidence(`labels of secret/${newest.name}`, `status=${status}`, changedAt || undefined)],
        fix: [
          `helm history ${name} -n ${namespace}`,
          ...(last === undefined ? [`helm uninstall ${name} -n ${namespace}`] : [`helm rollback ${name} ${last} -n ${namespace}`]),
        ],
        since: changedAt || undefined,
        causedBy: [{ kind: 'FluxHelmRelease', namespace, name }],
        docs: 'https://helm.sh/docs/helm/helm_history/',
      };
    }
  },
};

function revisionOf({ labels }: WorldObject): number {
  return Number(labels['version'] ?? 0);
}

/** The label `modifiedAt` is in seconds. */
function changedAtOf({ labels, createdAt }: WorldObject): number {
  const seconds = Number(labels['modifiedAt'] ?? labels['createdAt']);
  return Number.isFinite(seconds) ? seconds * 1000 : (createdAt ?? 0);
}
