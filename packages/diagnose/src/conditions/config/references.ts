import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { containersOf, hasEnded } from '../../world/containers.ts';
import { minuteMs } from '../../world/durations.ts';
import { fieldsAt, isTrueAt, numberAt, textsAt } from '../../world/fields.ts';
import { refOf, refTo, someOf } from '../../world/ref.ts';
import { referencesOf } from '../../world/references.ts';
import type { Reference } from '../../world/references.ts';
import type { World } from '../../world/world.ts';
import { keyOf } from '../../world/world-object.ts';
import type { ObjectRef, WorldObject } from '../../world/world-object.ts';
import { templateSpecOf } from '../../world/workload.ts';

/** What is applied together is there within moments. */
const patienceMs = 5 * minuteMs;
const makers = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'];
const docs = 'https://kubernetes.io/docs/concepts/configuration/configmap/';

/** A ConfigMap, a Secret or a key that workloads refer to and that does not exist, also where their running pods do not show it yet. */
export const configReferences: Condition = {
  id: 'config-references',
  kinds: ['ConfigMap', 'Secret', ...makers],
  needs: ['Pod'],
  uses: ['ConfigMap', 'Secret', ...makers, 'ReplicaSet', 'Job'],
  *find(world) {
    yield* waitedFor(world);
    for (const kind of makers) for (const maker of world.all(kind)) yield* ofMaker(maker, world);
  },
};

/** What is certainly not there. */
function missingOf(spec: ReturnType<typeof fieldsAt>, namespace: string | undefined, world: World): readonly Reference[] {
  return referencesOf(spec).filter(({ kind, name, key, optional, use }) => {
    if (optional || name === '' || use === 'pull') return false;
    const found = world.lookup(kind, namespace, name);
    if (found.type !== 'found') return found.type === 'missing';
    return key !== undefined && !textsAt(found.object.body, 'keys').includes(key);
  });
}

interface Wanted {
  readonly ref: ObjectRef;
  readonly key: string | undefined;
  readonly by: Map<string, ObjectRef>;
  readonly pods: ObjectRef[];
}

/** What the pods of several workloads wait for is told once, at the object that is missing. */
function* waitedFor(world: World): Generator<Fault> {
  const wanted = new Map<string, Wanted>();
  for (const pod of world.all('Pod')) {
    if (hasEnded(pod) || pod.deletedAt !== undefined) continue;
    if (!containersOf(pod).some(({ waiting }) => /^(?:CreateContainerConfigError|ContainerCreating|PodInitializing)$/.test(waiting)))
      continue;
    for (const { kind, name, key: inside } of missingOf(fieldsAt(pod.body, 'spec'), pod.namespace, world)) {
      const ref = refTo(kind, pod.namespace, name);
      const key = world.find(ref) === undefined ? undefined : inside;
      const id = `${keyOf(ref)}\n${key ?? ''}`;
      const entry = wanted.get(id) ?? { ref, key, by: new Map<string, ObjectRef>(), pods: [] };
      wanted.set(id, entry);
      const owner = world.ownersOf(pod).at(-1) ?? pod;
      entry.by.set(keyOf(owner), owner);
      entry.pods.push(refOf(pod));
    }
  }
  for (const { ref, key, by, pods } of wanted.values()) {
    if (by.size < 2) continue;
    const who = [...by.values()].map(({ kind, name }) => `${kind.toLowerCase()}/${name}`);
    yield {
      object: ref,
      reason: key === undefined ? 'DoesNotExist' : 'KeyMissing',
      severity: 'critical',
      summary: `${key === undefined ? 'it does not exist' : `it has no key ${key}`}, and ${someOf(who)} wait for it`,
      evidence: [
        fieldEvidence(
          'pods that wait',
          someOf(
            pods.map(({ name }) => name),
            5,
          ),
        ),
      ],
      fix: [`kubectl get ${ref.kind.toLowerCase()}s -n ${ref.namespace ?? 'default'}`],
      explains: pods,
      docs,
    };
  }
}

/** The pods that run have what they read when they began; the next one will not. */
function* ofMaker(maker: WorldObject, world: World): Generator<Fault> {
  if (maker.deletedAt !== undefined || world.now - (maker.createdAt ?? 0) < patienceMs) return;
  if (numberAt(maker.body, 'spec.replicas') === 0 || isTrueAt(maker.body, 'spec.suspend')) return;
  const missing = missingOf(templateSpecOf(maker), maker.namespace, world);
  const namespace = maker.namespace ?? 'default';
  for (const [kind, same] of Map.groupBy(missing, (each) => each.kind)) {
    const names = [
      ...new Set(
        same.map(({ name, key }) =>
          key === undefined || world.find(refTo(kind, maker.namespace, name)) === undefined ? name : `${name} (key ${key})`,
        ),
      ),
    ];
    yield {
      object: maker,
      reason: `Next${maker.kind === 'CronJob' ? 'Run' : 'Pod'}Needs${kind}`,
      severity: 'warning',
      summary: `${maker.kind === 'CronJob' ? 'its next run' : 'its next pod, after a restart or a rollout,'} will not start: the ${kind} ${someOf(names)} does not exist`,
      evidence: same
        .slice(0, 4)
        .map(({ path, name, key }) =>
          fieldEvidence(path.replace(/^spec\./, 'template '), `${kind.toLowerCase()}/${name}${key === undefined ? '' : ` key ${key}`}`),
        ),
      fix: [`kubectl get ${kind.toLowerCase()}s -n ${namespace}`],
      causedBy: [...world.pods.bySelector(maker), ...world.ownedBy(maker, 'Job').flatMap((job) => world.ownedBy(job, 'Pod'))].map(refOf),
      // Where its pods wait for it already, they have told.
      onlyUnexplained: true,
      docs,
    };
  }
}
