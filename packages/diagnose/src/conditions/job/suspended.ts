import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { hourMs, showDuration } from '../../world/durations.ts';
import { conditionOf, isTrueAt, textAt, timeAt } from '../../world/fields.ts';
import { conditionStatus } from '../../world/world-object.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Who suspends a Job for a moment goes on with it within the hour. */
const patienceMs = hourMs;

/** A Job that is suspended for long, by nobody who would let it go on by itself. */
export const jobSuspended: Condition = {
  id: 'job-suspended',
  kinds: ['Job'],
  needs: ['Job'],
  *find(world) {
    for (const job of world.all('Job')) {
      if (!isTrueAt(job.body, 'spec.suspend') || isQueued(job) || job.deletedAt !== undefined) continue;
      if (['Complete', 'Failed'].some((type) => conditionStatus(job, type) === 'True')) continue;
      const since = timeAt(conditionOf(job.body, 'Suspended'), 'lastTransitionTime') ?? job.createdAt ?? world.now;
      if (world.now - since < patienceMs) continue;
      yield {
        object: job,
        reason: 'JobSuspended',
        severity: 'info',
        summary: `it is suspended for ${showDuration(world.now - since)}, so none of its pods runs`,
        evidence: [fieldEvidence('spec.suspend', 'true', since)],
        fix: [`kubectl patch job ${job.name} -n ${job.namespace ?? 'default'} -p '{"spec":{"suspend":false}}'`],
        since,
        docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/#suspending-a-job',
      };
    }
  },
};

/** Queues of Jobs suspend all and let them go on in turn. */
function isQueued({ body, labels, owners }: WorldObject): boolean {
  return (
    textAt(body, 'spec.managedBy') !== '' ||
    owners.some(({ kind, isController }) => isController && kind !== 'CronJob') ||
    Object.keys(labels).some((label) => /^(?:kueue\.x-k8s\.io|jobset\.sigs\.k8s\.io|volcano\.sh)\//.test(label))
  );
}
