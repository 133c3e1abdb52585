import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { containersOf, hasEnded } from '../../world/containers.ts';
import { dayMs, hourMs, showDuration } from '../../world/durations.ts';
import { fieldsAt, numberAt, textAt, timeAt } from '../../world/fields.ts';

/** So many restarts of which the last is recent. */
const manyRestarts = 5;
const recentMs = hourMs;

/** A container that runs now and did not lately: killed for its memory, or started anew many times. */
export const podRestarts: Condition = {
  id: 'pod-restarts',
  kinds: ['Pod'],
  needs: ['Pod'],
  uses: ['ReplicaSet'],
  *find(world) {
    for (const pod of world.all('Pod')) {
      if (hasEnded(pod) || pod.deletedAt !== undefined) continue;
      for (const container of containersOf(pod)) {
        const running = fieldsAt(container.status, 'state.running');
        const last = fieldsAt(container.status, 'lastState.terminated');
        const at = timeAt(last, 'finishedAt');
        if (Object.keys(running).length === 0 || at === undefined) continue;
        const age = world.now - at;
        const code = numberAt(last, 'exitCode') ?? 0;
        const path = `status.containerStatuses[${container.name}].lastState.terminated`;
        const common = { object: pod, severity: 'warning' as const, since: at };
        const namespace = pod.namespace ?? 'default';
        const log = { namespace, pod: pod.name, container: container.name, previous: true };
        if (textAt(last, 'reason') === 'OOMKilled' && age < dayMs) {
          yield {
            ...common,
            reason: 'OOMKilled',
            summary: `container ${container.name} was killed ${showDuration(age)} ago because it needed more memory than its limit, and runs again`,
            evidence: [
              fieldEvidence(path, `reason OOMKilled, exit code ${code}`, at),
              fieldEvidence(`${container.path}.resources.limits.memory`, textAt(container.spec, 'resources.limits.memory') || 'none'),
            ],
            fix: [`kubectl top pod ${pod.name} -n ${namespace} --containers`],
          };
        } else if (container.restarts >= manyRestarts && age < recentMs) {
          yield {
            ...common,
            reason: 'RestartingOften',
            summary: `container ${container.name} was started anew ${container.restarts} times, last ${showDuration(age)} ago, after exit code ${code}`,
            evidence: [fieldEvidence(path, `reason ${textAt(last, 'reason') || 'unknown'}, exit code ${code}`, at)],
            fix: [`kubectl logs ${pod.name} -n ${namespace} -c ${container.name} --previous --tail=50`],
            log,
          };
        }
      }
    }
  },
};
