import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import type { Evidence } from '../../finding.ts';
import { containersOf, hasEnded, waitingPath } from '../../world/containers.ts';
import { fieldsAt, textsAt } from '../../world/fields.ts';
import { referencesOf } from '../../world/references.ts';
import type { Reference } from '../../world/references.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** What a container or a volume needs and does not exist: a ConfigMap, a Secret, or a key in one. */
export const podConfig: Condition = {
  id: 'pod-config',
  kinds: ['Pod'],
  needs: ['Pod'],
  uses: ['ConfigMap', 'Secret', 'Event', 'ReplicaSet'],
  *find(world) {
    for (const pod of world.all('Pod')) {
      if (hasEnded(pod) || pod.deletedAt !== undefined) continue;
      yield* ofContainers(pod, world);
      yield* ofVolumes(pod, world);
    }
  },
};

/** The kubelet's words for what a container misses. */
const missingObject = /(configmap|secret) "([^"]+)" not found/i;
const missingKey = /couldn't find key (\S+) in (ConfigMap|Secret) [^/\s]+\/(\S+)/i;

function* ofContainers(pod: WorldObject, world: World): Generator<Fault> {
  const missing = missingIn(pod, world);
  for (const container of containersOf(pod)) {
    if (container.waiting !== 'CreateContainerConfigError') continue;
    const inSpec = missing.filter(({ path, use }) => use === 'env' && path.startsWith(`${container.path}.`));
    const told = inSpec.length > 0 ? [] : toldBy(container.waitingMessage);
    const waiting = fieldEvidence(waitingPath(container), `${container.waiting}: ${container.waitingMessage}`);
    const lacks = [...inSpec, ...told];
    if (lacks.length === 0) {
      yield {
        object: pod,
        reason: 'ContainerConfigError',
        severity: 'critical',
        summary: `container ${container.name} can't be made: ${container.waitingMessage}`,
        evidence: [waiting],
        since: pod.createdAt,
      };
    }
    yield* lacks.map((reference) => toFault(pod, reference, { what: `container ${container.name}`, evidence: [waiting] }));
  }
}

/** A volume of a pod that has not started; its events tell where no list does. */
function* ofVolumes(pod: WorldObject, world: World): Generator<Fault> {
  const isStarting = containersOf(pod).some(({ waiting }) => waiting === 'ContainerCreating' || waiting === 'PodInitializing');
  if (!isStarting) return;
  const failed = world
    .events(pod)
    .filter(({ reason, message }) => reason === 'FailedMount' && /not found|non-existent/.test(message))
    .at(-1);
  const evidence = failed === undefined ? [] : [eventEvidence(failed)];
  const inSpec = missingIn(pod, world).filter(({ use }) => use === 'volume');
  const told = inSpec.length > 0 || failed === undefined ? [] : toldBy(failed.message);
  yield* [...inSpec, ...told].map((reference) => toFault(pod, reference, { what: 'the pod', evidence }));
}

/** What the spec names and is certainly not there. */
function missingIn(pod: WorldObject, world: World): readonly Reference[] {
  return referencesOf(fieldsAt(pod.body, 'spec')).filter(({ kind, name, key, optional }) => {
    if (optional || name === '') return false;
    const found = world.lookup(kind, pod.namespace, name);
    if (found.type !== 'found') return found.type === 'missing';
    return key !== undefined && !textsAt(found.object.body, 'keys').includes(key);
  });
}

function toldBy(message: string): readonly Reference[] {
  const common = { optional: false, use: 'env', path: '' } as const;
  const kindOf = (word = ''): Reference['kind'] => (word.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap');
  const [, key, kind, name] = missingKey.exec(message) ?? [];
  if (key !== undefined && name !== undefined) return [{ ...common, kind: kindOf(kind), name, key }];
  const [, what, object] = missingObject.exec(message) ?? [];
  return object === undefined ? [] : [{ ...common, kind: kindOf(what), name: object }];
}

interface Teller {
  readonly what: string;
  readonly evidence: readonly Evidence[];
}

function toFault(pod: WorldObject, { kind, name, key, path }: Reference, { what, evidence }: Teller): Fault {
  const namespace = pod.namespace ?? 'default';
  const object = `${kind.toLowerCase()}/${name}`;
  return {
    object: pod,
    reason: key === undefined ? `Missing${kind}` : `Missing${kind}Key`,
    severity: 'critical',
    summary:
      key === undefined
        ? `${what} needs the ${kind} ${name}, which does not exist`
        : `${what} needs the key ${key} of the ${kind} ${name}, which has no such key`,
    evidence: [...evidence, ...(path === '' ? [] : [fieldEvidence(path, key === undefined ? object : `${object} key ${key}`)])],
    fix: [key === undefined ? `kubectl get ${kind.toLowerCase()}s -n ${namespace}` : `kubectl describe ${object} -n ${namespace}`],
    since: pod.createdAt,
    causedBy: [{ kind, namespace, name }],
    docs: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/',
  };
}
