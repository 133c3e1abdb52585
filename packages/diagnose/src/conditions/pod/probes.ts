import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import { cutLine } from '../../world/cut.ts';
import { containersOf } from '../../world/containers.ts';
import type { PodContainer } from '../../world/containers.ts';
import type { WorldEvent } from '../../world/event.ts';
import { fieldsAt, listAt, numberAt, textAt, timeAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import { isOnLostNode } from '../../world/nodes.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Longer than most programs need to start. */
const patienceMs = 60_000;
/** Failures of a probe that are older are over. */
const recentMs = 15 * 60_000;

/** A running container whose readiness or liveness probe fails, with what its spec shows of the reason. */
export const podProbes: Condition = {
  id: 'pod-probes',
  kinds: ['Pod'],
  needs: ['Pod'],
  uses: ['Event', 'Node', 'ReplicaSet'],
  *find(world) {
    for (const pod of world.all('Pod')) {
      if (pod.deletedAt !== undefined || textAt(pod.body, 'status.phase') !== 'Running' || isOnLostNode(pod, world)) continue;
      for (const container of containersOf(pod)) if (!container.isInit) yield* ofContainer(pod, container, world);
    }
  },
};

function* ofContainer(pod: WorldObject, container: PodContainer, world: World): Generator<Fault> {
  const startedAt = timeAt(container.status, 'state.running.startedAt');
  if (startedAt === undefined) return;
  const failed = world
    .events(pod)
    .filter(({ reason, fieldPath }) => reason === 'Unhealthy' && (fieldPath === '' || fieldPath.endsWith(`{${container.name}}`)))
    .filter(({ lastAt }) => world.now - (lastAt ?? world.now) < recentMs);
  const about = (kind: string): WorldEvent | undefined => failed.filter(({ message }) => message.startsWith(`${kind} probe`)).at(-1);
  const readiness = container.spec['readinessProbe'] === undefined ? undefined : fieldsAt(container.spec, 'readinessProbe');
  const waited = (numberAt(readiness, 'initialDelaySeconds') ?? 0) * 1000 + patienceMs;
  if (!container.ready && readiness !== undefined && world.now - startedAt > waited) {
    const startup = about('Startup');
    const probe = startup === undefined ? readiness : fieldsAt(container.spec, 'startupProbe');
    yield toFault(pod, container, {
      kind: startup === undefined ? 'Readiness' : 'Startup',
      probe,
      event: startup ?? about('Readiness'),
      since: startedAt,
    });
    return;
  }
  const liveness = about('Liveness');
  // One failure now and then is what the threshold is for.
  if (liveness === undefined || liveness.count < 3 || container.restarts === 0) return;
  yield toFault(pod, container, {
    kind: 'Liveness',
    probe: fieldsAt(container.spec, 'livenessProbe'),
    event: liveness,
    since: liveness.firstAt,
  });
}

interface Scope {
  readonly kind: 'Readiness' | 'Liveness' | 'Startup';
  readonly probe: Fields;
  readonly event: WorldEvent | undefined;
  readonly since: number | undefined;
}

function toFault(pod: WorldObject, container: PodContainer, { kind, probe, event, since }: Scope): Fault {
  const path = `${container.path}.${kind.toLowerCase()}Probe`;
  const why = reasonOf(container, probe, event?.message ?? '');
  return {
    object: pod,
    reason: `${kind}ProbeFailing`,
    severity: kind === 'Liveness' ? 'warning' : 'critical',
    summary: `container ${container.name} runs, but its ${kind.toLowerCase()} probe fails${why === '' ? '' : `: ${why}`}`,
    evidence: [fieldEvidence(path, describeProbe(probe)), ...(event === undefined ? [] : [eventEvidence(event)])],
    fix: [`kubectl describe pod ${pod.name} -n ${pod.namespace ?? 'default'}`],
    since,
    docs: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  };
}

function reasonOf(container: PodContainer, probe: Fields, message: string): string {
  const port = portOf(probe);
  const ports = listAt(container.spec, 'ports');
  const shown = ports.map((each) => `${textAt(each, 'name')} ${numberAt(each, 'containerPort') ?? ''}`.trim()).join(', ');
  if (typeof port === 'string' && !ports.some(({ name }) => name === port))
    return `no port of the container is named ${port}${shown === '' ? '' : ` (it has ${shown})`}`;
  const path = textAt(probe, 'httpGet.path') || '/';
  const [, code] = /statuscode: (\d+)/.exec(message) ?? [];
  if (code === '404') return `it asks for ${path}, and the program has no such path (404)`;
  if (code === '401' || code === '403') return `it asks for ${path} without credentials, and the program refuses that (${code})`;
  if (code !== undefined) return `${path} answers ${code}`;
  if (/connection refused/.test(message)) {
    const isListed = typeof port !== 'number' || ports.length === 0 || ports.some(({ containerPort }) => containerPort === port);
    return `nothing listens on port ${String(port)}${isListed ? '' : `; the container says that it serves ${shown}`}`;
  }
  if (/deadline exceeded|timed? ?out/i.test(message))
    return `no answer within ${numberAt(probe, 'timeoutSeconds') ?? 1} s (timeoutSeconds)`;
  if (/HTTP response to HTTPS client/i.test(message)) return 'it speaks HTTPS to a program that speaks HTTP';
  if (/HTTP request to an HTTPS server|malformed HTTP response/i.test(message)) return 'it speaks HTTP to a program that speaks HTTPS';
  return cutLine(message.replace(/^\w+ probe (?:failed|errored)[^:]*:\s*/, ''), 200);
}

function portOf(probe: Fields): unknown {
  return ['httpGet', 'tcpSocket', 'grpc'].map((way) => fieldsAt(probe, way)['port']).find((port) => port !== undefined);
}

/** How it asks; values of headers are often credentials. */
function describeProbe(probe: Fields): string {
  const { tcpSocket, grpc, exec, httpGet: asked, ...times } = probe;
  const { httpHeaders, ...request } = fieldsAt(probe, 'httpGet');
  const headers = Array.isArray(httpHeaders)
    ? { headers: listAt(probe, 'httpGet.httpHeaders').map((header) => textAt(header, 'name')) }
    : {};
  const httpGet = asked === undefined ? undefined : { ...request, ...headers };
  const way = Object.entries({ httpGet, tcpSocket, grpc, exec }).find(([, value]) => value !== undefined);
  return `${way === undefined ? '' : `${way[0]} ${JSON.stringify(way[1])} `}${Object.entries(times)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ')}`;
}
