import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import type { Evidence } from '../../finding.ts';
import { cutLine } from '../../world/cut.ts';
import { containersOf, waitingPath } from '../../world/containers.ts';
import type { PodContainer } from '../../world/containers.ts';
import { fieldsAt, numberAt, textAt, timeAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** A container that ends again and again, with how it ended last. */
export const podCrashLoop: Condition = {
  id: 'pod-crash-loop',
  kinds: ['Pod'],
  needs: ['Pod'],
  uses: ['Event', 'ReplicaSet'],
  *find(world) {
    for (const pod of world.all('Pod')) {
      if (pod.deletedAt !== undefined) continue;
      for (const container of containersOf(pod)) {
        const ended = lastEnd(container);
        if (ended === undefined || !isLooping(container)) continue;
        yield toFault(pod, container, { ended, world });
      }
    }
  },
};

/** Between two crashes it is for a moment neither waiting nor ended. */
function isLooping({ waiting, restarts, status }: PodContainer): boolean {
  if (waiting === 'CrashLoopBackOff') return true;
  return restarts >= 3 && (numberAt(status, 'state.terminated.exitCode') ?? 0) !== 0;
}

function lastEnd({ status }: PodContainer): Fields | undefined {
  const ends = ['state.terminated', 'lastState.terminated'].map((path) => fieldsAt(status, path));
  return ends.find((end) => Object.keys(end).length > 0);
}

interface Scope {
  readonly ended: Fields;
  readonly world: World;
}

function toFault(pod: WorldObject, container: PodContainer, { ended, world }: Scope): Fault {
  const killed = world.events(pod).filter(({ reason, message, fieldPath }) => {
    const isOurs = fieldPath === '' || fieldPath.endsWith(`{${container.name}}`);
    return (
      isOurs &&
      ((reason === 'Unhealthy' && /^(?:Liveness|Startup) probe failed/.test(message)) ||
        (reason === 'Killing' && /failed (?:liveness|startup) probe/.test(message)))
    );
  });
  const { reason, says } = causeOf(container, ended, killed.length > 0);
  const namespace = pod.namespace ?? 'default';
  return {
    object: pod,
    reason,
    severity: 'critical',
    summary: `container ${container.name} ${says}, and has been started anew ${container.restarts} times`,
    evidence: [
      fieldEvidence(
        waitingPath(container).replace('.state.waiting', '.lastState.terminated'),
        describeEnd(ended),
        timeAt(ended, 'finishedAt'),
      ),
      ...limitEvidence(container, reason),
      ...(reason === 'KilledByProbe' ? timeToStart(container) : []),
      ...killed.slice(-1).map(eventEvidence),
    ],
    fix: [`kubectl logs ${pod.name} -n ${namespace} -c ${container.name} --previous --tail=50`],
    since: pod.createdAt,
    log: { namespace, pod: pod.name, container: container.name, previous: container.waiting === 'CrashLoopBackOff' },
    docs: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/',
  };
}

function causeOf({ isInit }: PodContainer, ended: Fields, byProbe: boolean): { readonly reason: string; readonly says: string } {
  const code = numberAt(ended, 'exitCode') ?? 0;
  if (textAt(ended, 'reason') === 'OOMKilled')
    return { reason: 'OOMKilled', says: 'needs more memory than its limit and is killed (OOMKilled)' };
  if (byProbe && (code === 137 || code === 143 || code === 0))
    return { reason: 'KilledByProbe', says: 'is killed because its liveness or startup probe fails' };
  const kind = isInit ? 'InitCrashLoopBackOff' : 'CrashLoopBackOff';
  if (code === 0) return { reason: 'EndsAtOnce', says: 'ends by itself with exit code 0 although it is meant to go on' };
  return { reason: kind, says: `ends with exit code ${code}${meaningOf(code)}` };
}

function meaningOf(code: number): string {
  if (code === 126) return ' (its command can not be run: no right to, or made for another architecture)';
  if (code === 127) return ' (its command does not exist in the image)';
  if (code > 128 && code < 165) return ` (signal ${code - 128}${signals.get(code - 128) ?? ''})`;
  return '';
}

const signals: ReadonlyMap<number, string> = new Map([
  [4, ', illegal instruction'],
  [6, ', aborted'],
  [7, ', bus error'],
  [9, ', killed'],
  [11, ', segmentation fault'],
  [15, ', terminated'],
]);

function describeEnd(ended: Fields): string {
  const parts = [
    `reason ${textAt(ended, 'reason') || 'unknown'}`,
    `exit code ${numberAt(ended, 'exitCode') ?? '?'}`,
    cutLine(textAt(ended, 'message'), 200),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function limitEvidence({ spec, path }: PodContainer, reason: string): readonly Evidence[] {
  if (reason !== 'OOMKilled') return [];
  const limit = textAt(spec, 'resources.limits.memory');
  return [fieldEvidence(`${path}.resources.limits.memory`, limit === '' ? 'none: the node itself ran out of memory' : limit)];
}

/** How long its probes let it take: a program that starts more slowly is killed each time. */
function timeToStart({ spec, path }: PodContainer): readonly Evidence[] {
  const name = spec['startupProbe'] === undefined ? 'livenessProbe' : 'startupProbe';
  const seconds = (field: string, otherwise: number): number => numberAt(spec, `${name}.${field}`) ?? otherwise;
  const allowed = seconds('initialDelaySeconds', 0) + seconds('periodSeconds', 10) * seconds('failureThreshold', 3);
  return [
    fieldEvidence(
      `${path}.${name}`,
      `it must answer within ${allowed} s of its start (initialDelaySeconds + periodSeconds × failureThreshold)`,
    ),
  ];
}
