import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import { containersOf, waitingPath } from '../../world/containers.ts';
import type { PodContainer } from '../../world/containers.ts';
import { textAt } from '../../world/fields.ts';
import { referencesOf } from '../../world/references.ts';
import { fieldsAt } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

const waits: ReadonlySet<string> = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

interface Cause {
  readonly reason: string;
  readonly matches: RegExp;
  readonly says: (image: string) => string;
}

/** What runtimes and registries say, by cause; the first that fits. */
const causes: readonly Cause[] = [
  {
    reason: 'ImageArchitecture',
    matches: /no match(?:ing manifest)? for platform|no matching manifest for|exec format/i,
    says: (image) => `the image ${image} is not made for the architecture of the node`,
  },
  {
    reason: 'ImagePullRateLimited',
    matches: /toomanyrequests|too many requests|rate limit/i,
    says: (image) => `the registry of ${image} refuses more pulls for now (rate limit)`,
  },
  {
    reason: 'ImagePullDenied',
    matches:
      /unauthorized|authentication required|authorization failed|no basic auth|forbidden|403|insufficient_scope|pull access denied|access denied/i,
    says: (image) => `the registry refuses to give out ${image}: it does not exist there, or the pod's pull secrets are missing or wrong`,
  },
  {
    reason: 'ImageNotFound',
    matches: /not found|manifest unknown|no such image|does not exist|404/i,
    says: (image) => `the image ${image} does not exist: check name and tag`,
  },
  {
    reason: 'RegistryUnreachable',
    matches: /no such host|dial tcp|i\/o timeout|connection refused|deadline exceeded|no route to host|server misbehaving|EOF/i,
    says: (image) => `the registry of ${image} can't be reached from the node`,
  },
  {
    reason: 'RegistryCertificate',
    matches: /x509|certificate|tls:/i,
    says: (image) => `the node does not trust the certificate of the registry of ${image}`,
  },
];

/** An image that can't be pulled, by cause. */
export const podImage: Condition = {
  id: 'pod-image',
  kinds: ['Pod'],
  needs: ['Pod'],
  uses: ['Event', 'Secret', 'ReplicaSet'],
  *find(world) {
    for (const pod of world.all('Pod'))
      for (const container of containersOf(pod)) if (waits.has(container.waiting)) yield toFault(pod, container, world);
  },
};

function toFault(pod: WorldObject, container: PodContainer, world: World): Fault {
  const image = textAt(container.spec, 'image');
  const events = world
    .events(pod)
    .filter(({ reason, message }) => /^(?:Failed|BackOff|InspectFailed|ErrImageNeverPull)$/.test(reason) && message.includes(image));
  const failed = events.filter(({ message }) => !/^(?:Error: |Back-off )/.test(message)).at(-1);
  const said = `${container.waitingMessage} ${failed?.message ?? ''}`;
  const cause = causeOf(container.waiting, said.replaceAll(image, ''));
  const secrets = missingPullSecrets(pod, world);
  const evidence = [
    fieldEvidence(waitingPath(container), [container.waiting, container.waitingMessage].filter((text) => text !== '').join(': ')),
    fieldEvidence(`${container.path}.image`, image),
    ...(failed === undefined ? [] : [eventEvidence(failed)]),
    ...secrets.map((name) => fieldEvidence('spec.imagePullSecrets', `the Secret ${name} does not exist`)),
  ];
  return {
    object: pod,
    reason: cause.reason,
    severity: 'critical',
    summary: `container ${container.name}: ${cause.says(image)}`,
    evidence,
    fix: fixOf(pod, container, world),
    since: pod.createdAt,
    causedBy: secrets.map((name) => ({ kind: 'Secret', ...(pod.namespace === undefined ? {} : { namespace: pod.namespace }), name })),
    docs: 'https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff',
  };
}

function causeOf(waiting: string, said: string): Pick<Cause, 'reason' | 'says'> {
  if (waiting === 'InvalidImageName')
    return { reason: 'InvalidImageName', says: (image) => `${JSON.stringify(image)} is no name of an image` };
  if (waiting === 'ErrImageNeverPull')
    return { reason: 'ImageNeverPull', says: (image) => `the node does not have ${image}, and imagePullPolicy Never forbids to pull it` };
  return (
    causes.find(({ matches }) => matches.test(said)) ?? { reason: 'ImagePullFailed', says: (image) => `the image ${image} can't be pulled` }
  );
}

function missingPullSecrets(pod: WorldObject, world: World): readonly string[] {
  return referencesOf(fieldsAt(pod.body, 'spec'))
    .filter(({ use, name }) => use === 'pull' && world.lookup('Secret', pod.namespace, name).type === 'missing')
    .map(({ name }) => name);
}

function fixOf(pod: WorldObject, container: PodContainer, world: World): readonly string[] {
  const owner = world.ownersOf(pod).at(-1);
  if (owner === undefined || !/^(?:Deployment|StatefulSet|DaemonSet)$/.test(owner.kind)) return [];
  const target = `${owner.kind.toLowerCase()}/${owner.name} -n ${pod.namespace ?? 'default'}`;
  return [`kubectl set image ${target} ${container.name}=IMAGE:TAG`, `kubectl rollout undo ${target}`];
}
