import type { Condition } from '../../condition.ts';
import { describeCommand } from '../../world/commands.ts';
import { minuteMs } from '../../world/durations.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';

/** OpenShift's own alerts wait for as long. */
const degradedMs = 30 * minuteMs;
const downMs = 10 * minuteMs;

/** A part of OpenShift that is down or degraded. */
export const clusterOperator: Condition = {
  id: 'cluster-operator',
  kinds: ['ClusterOperator'],
  needs: ['ClusterOperator'],
  *find(world) {
    for (const operator of world.all('ClusterOperator')) {
      const available = statusCondition(operator.body, 'Available');
      const degraded = statusCondition(operator.body, 'Degraded');
      const isDown = available?.status === 'False' && world.now - (available.since ?? 0) > downMs;
      const isDegraded = degraded?.status === 'True' && world.now - (degraded.since ?? 0) > degradedMs;
      const telling = isDown ? available : isDegraded ? degraded : undefined;
      if (telling === undefined) continue;
      yield {
        object: operator,
        reason: isDown ? 'ClusterOperatorDown' : 'ClusterOperatorDegraded',
        severity: isDown ? 'critical' : 'warning',
        summary: `it is ${isDown ? 'not available' : 'degraded'}: ${saidBy(telling)}`,
        evidence: [conditionEvidence(telling)],
        fix: [describeCommand(operator)],
        since: telling.since,
      };
    }
  },
};
