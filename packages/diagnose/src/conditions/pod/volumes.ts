import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence } from '../../evidence.ts';
import { containersOf, hasEnded } from '../../world/containers.ts';
import { minuteMs } from '../../world/durations.ts';
import type { WorldEvent } from '../../world/event.ts';
import { conditionOf, isTrueAt, listAt, textAt, timeAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { ObjectRef, WorldObject } from '../../world/world-object.ts';

/** A volume that is attached and mounted within this time is no fault. */
const patienceMs = minuteMs;

interface Cause {
  readonly reason: string;
  readonly matches: RegExp;
  readonly says: string;
}

const causes: readonly Cause[] = [
  {
    reason: 'VolumeMultiAttach',
    matches: /multi-attach error|already (?:used by|exclusively attached)/i,
    says: 'its volume is still attached to another node, and can be attached to one only',
  },
  {
    reason: 'CsiDriverMissing',
    matches: /driver name .* not found in the list of registered CSI drivers/i,
    says: 'the CSI driver of its volume does not run on the node',
  },
  { reason: 'MissingClaim', matches: /persistentvolumeclaim "[^"]+" not found/i, says: 'a PersistentVolumeClaim of it does not exist' },
  {
    reason: 'HostPathMissing',
    matches: /hostPath type check failed/i,
    says: 'a path that it mounts from the node is not there, or is of another type',
  },
  { reason: 'VolumePermission', matches: /permission denied|access denied/i, says: 'its volume can not be mounted: access is denied' },
  {
    reason: 'VolumeMountTimeout',
    matches: /timed out|deadline exceeded|timeout expired/i,
    says: 'its volumes are not attached or mounted in time',
  },
];

/** A pod on a node that does not start: a volume that can't be attached or mounted, or a network that can't be set up. */
export const podVolumes: Condition = {
  id: 'pod-volumes',
  kinds: ['Pod'],
  needs: ['Pod'],
  uses: ['Event', 'Node', 'ReplicaSet'],
  *find(world) {
    for (const pod of world.all('Pod')) {
      if (hasEnded(pod) || pod.deletedAt !== undefined || textAt(pod.body, 'spec.nodeName') === '') continue;
      const containers = containersOf(pod);
      if (!containers.some(({ waiting }) => waiting === 'ContainerCreating' || waiting === 'PodInitializing')) continue;
      // One that runs already was started behind its volumes and its network.
      if (containers.some(({ status, restarts }) => isTrueAt(status, 'started') || restarts > 0)) continue;
      const since = timeAt(conditionOf(pod.body, 'PodScheduled'), 'lastTransitionTime') ?? pod.createdAt;
      if (world.now - (since ?? world.now) < patienceMs) continue;
      yield* ofPod(pod, since, world);
    }
  },
};

function* ofPod(pod: WorldObject, since: number | undefined, world: World): Generator<Fault> {
  const events = world.events(pod);
  const last = (pattern: RegExp): WorldEvent | undefined => events.filter(({ reason }) => pattern.test(reason)).at(-1);
  const mount = last(/^Failed(?:Mount|AttachVolume|MapVolume)$/);
  const sandbox = last(/^(?:FailedCreatePodSandBox|NetworkNotReady)$/);
  const namespace = pod.namespace ?? 'default';
  const fix = [`kubectl describe pod ${pod.name} -n ${namespace}`];
  const node: ObjectRef = { kind: 'Node', name: textAt(pod.body, 'spec.nodeName') };
  // A ConfigMap or Secret that is missing has a condition of its own.
  if (mount !== undefined && !/(?:configmap|secret) "[^"]+" not found|references non-existent (?:config|secret) key/i.test(mount.message)) {
    const { reason, says } = causes.find(({ matches }) => matches.test(mount.message)) ?? {
      reason: 'VolumeMountFailed',
      says: 'a volume of it can not be mounted',
    };
    const evidence = events.filter(({ reason: told }) => /^Failed(?:Mount|AttachVolume|MapVolume)$/.test(told)).slice(-2);
    yield {
      object: pod,
      reason,
      severity: 'critical',
      summary: says,
      evidence: evidence.map(eventEvidence),
      fix,
      since,
      causedBy: [...claimsOf(pod), node],
    };
  }
  if (sandbox !== undefined) {
    const outOfAddresses =
      /no (?:more )?(?:IP )?addresses? available|failed to (?:allocate|assign) (?:an )?(?:ip|address)|no available ip|range set is full|InsufficientFreeAddresses/i.test(
        sandbox.message,
      );
    yield {
      object: pod,
      reason: outOfAddresses ? 'PodAddressesExhausted' : 'PodSandboxFailed',
      severity: 'critical',
      summary: outOfAddresses
        ? 'the node or its subnet has no address left for another pod'
        : 'the node can not make its sandbox: network plugin or container runtime fails',
      evidence: [eventEvidence(sandbox)],
      fix,
      since,
      causedBy: [node],
    };
  }
}

function claimsOf(pod: WorldObject): readonly ObjectRef[] {
  return listAt(pod.body, 'spec.volumes').flatMap((volume) => {
    const name = textAt(volume, 'persistentVolumeClaim.claimName');
    return name === ''
      ? []
      : [{ kind: 'PersistentVolumeClaim', ...(pod.namespace === undefined ? {} : { namespace: pod.namespace }), name }];
  });
}
