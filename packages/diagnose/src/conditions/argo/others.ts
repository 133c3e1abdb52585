import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { describeCommand } from '../../world/commands.ts';
import { minuteMs } from '../../world/durations.ts';
import { isTrueAt, textAt, timeAt } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';

const patienceMs = 2 * minuteMs;

/** An Argo CD ApplicationSet that makes no Applications. */
export const argoApplicationSet: Condition = {
  id: 'argo-application-set',
  kinds: ['ApplicationSet'],
  needs: ['ApplicationSet'],
  *find(world) {
    for (const set of world.all('ApplicationSet')) {
      const error = statusCondition(set.body, 'ErrorOccurred');
      if (set.deletedAt !== undefined || error?.status !== 'True' || world.now - (error.since ?? 0) < patienceMs) continue;
      yield {
        object: set,
        reason: 'ApplicationSetError',
        severity: 'warning',
        summary: `it can't make its Applications: ${saidBy(error)}`,
        evidence: [conditionEvidence(error)],
        fix: [describeCommand(set)],
        since: error.since,
        docs: 'https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/',
      };
    }
  },
};

/** An Argo Rollout that was aborted or does not get on; one that waits at a pause is well. */
export const argoRollout: Condition = {
  id: 'argo-rollout',
  kinds: ['Rollout'],
  needs: ['Rollout'],
  uses: ['ReplicaSet', 'Pod'],
  *find(world) {
    for (const rollout of world.all('Rollout')) {
      const isAborted = isTrueAt(rollout.body, 'status.abort');
      const phase = textAt(rollout.body, 'status.phase');
      if (rollout.deletedAt !== undefined || (!isAborted && phase !== 'Degraded')) continue;
      const message = textAt(rollout.body, 'status.message');
      const said = saidBy({ reason: phase, message });
      const since = timeAt(rollout.body, 'status.abortedAt');
      yield {
        object: rollout,
        reason: isAborted ? 'RolloutAborted' : 'RolloutDegraded',
        severity: 'warning',
        summary: isAborted ? `its update was aborted, and the old version serves: ${said}` : `it does not get on: ${said}`,
        evidence: [fieldEvidence('status.phase', `${phase}${message === '' ? '' : `: ${message}`}`, since)],
        fix: [describeCommand(rollout)],
        since,
        causedBy: world.ownedBy(rollout, 'ReplicaSet').flatMap((set) => world.ownedBy(set, 'Pod')),
        docs: 'https://argo-rollouts.readthedocs.io/en/stable/',
      };
    }
  },
};
