import type { Condition } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import { cutLine } from '../../world/cut.ts';
import { containersOf, waitingPath } from '../../world/containers.ts';
import { textsAt } from '../../world/fields.ts';

/** What other conditions explain, and what is no fault. */
const others =
  /^(?:|ContainerCreating|PodInitializing|CrashLoopBackOff|CreateContainerConfigError|ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable|SignatureValidationFailed)$/;

/** A container that the runtime can't make or start. */
export const podStart: Condition = {
  id: 'pod-start',
  kinds: ['Pod'],
  needs: ['Pod'],
  uses: ['Event', 'ReplicaSet'],
  *find(world) {
    for (const pod of world.all('Pod')) {
      for (const container of containersOf(pod)) {
        if (others.test(container.waiting) || pod.deletedAt !== undefined) continue;
        const command = [...textsAt(container.spec, 'command'), ...textsAt(container.spec, 'args')].join(' ');
        yield {
          object: pod,
          reason: 'ContainerStartError',
          severity: 'critical',
          summary: `container ${container.name} can't be started (${container.waiting})${container.waitingMessage === '' ? '' : `: ${cutLine(container.waitingMessage, 300)}`}`,
          evidence: [
            fieldEvidence(waitingPath(container), `${container.waiting}: ${container.waitingMessage}`),
            ...(command === '' ? [] : [fieldEvidence(`${container.path}.command`, command)]),
            ...world
              .events(pod)
              .filter(({ reason }) => reason === 'Failed')
              .slice(-1)
              .map(eventEvidence),
          ],
          fix: [`kubectl describe pod ${pod.name} -n ${pod.namespace ?? 'default'}`],
          since: pod.createdAt,
        };
      }
    }
  },
};
