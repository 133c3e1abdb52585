import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs, showDuration } from '../../world/durations.ts';
import { textsAt } from '../../world/fields.ts';
import { holderOf } from '../../world/finalizers.ts';
import { refTo } from '../../world/ref.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** Many objects take their time. */
const patienceMs = 10 * minuteMs;
const docs = 'https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/';

/** What the namespace controller says, what tells the most first. */
const conditionTypes = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceFinalizersRemaining',
  'NamespaceDeletionContentFailure',
  'NamespaceContentRemaining',
];

/** A namespace that does not go, and what is left in it. */
export const namespaceTerminating: Condition = {
  id: 'namespace-terminating',
  kinds: ['Namespace'],
  needs: ['Namespace'],
  uses: ['APIService', 'Pod'],
  *find(world) {
    for (const namespace of world.all('Namespace')) {
      const { deletedAt } = namespace;
      if (deletedAt !== undefined && world.now - deletedAt > patienceMs) yield ofNamespace(namespace, deletedAt, world);
    }
  },
};

function ofNamespace(namespace: WorldObject, deletedAt: number, world: World): Fault {
  const told = conditionTypes.flatMap((type) => statusCondition(namespace.body, type) ?? []).filter(({ status }) => status === 'True');
  const [main] = told;
  // Apart from its own, which only shows that it is not empty.
  const finalizers = [...namespace.finalizers, ...textsAt(namespace.body, 'spec.finalizers')].filter((name) => name !== 'kubernetes');
  const isUndiscovered = main?.type === 'NamespaceDeletionDiscoveryFailure';
  const holders = finalizersIn(told.map(({ message }) => message).join(' '));
  const held = [...new Set([...finalizers, ...holders].map((name) => `${name} (${holderOf(name)})`))];
  return {
    object: namespace,
    reason: 'NamespaceStuckTerminating',
    severity: 'warning',
    summary: `it was deleted ${showDuration(world.now - deletedAt)} ago and is still there: ${
      isUndiscovered
        ? `an API that does not answer keeps it from being searched (${saidBy(main)})`
        : held.length > 0
          ? `finalizers hold ${holders.length > 0 ? 'what is in it' : 'it'}: ${held.join('; ')}`
          : main === undefined
            ? 'the namespace controller says nothing; does kube-controller-manager run?'
            : saidBy(main)
    }`,
    evidence: [
      fieldEvidence('metadata.deletionTimestamp', new Date(deletedAt).toISOString()),
      ...told.map((each) => conditionEvidence(each)),
    ],
    fix: [`kubectl get namespace ${namespace.name} -o yaml`],
    since: deletedAt,
    causedBy: isUndiscovered ? apisIn(main.message).map((name) => refTo('APIService', undefined, name)) : [],
    docs,
  };
}

/** `Some content in the namespace has finalizers remaining: a.example.com/x in 2 resource instances, b in 1 resource instances` */
function finalizersIn(message: string): readonly string[] {
  return [...message.matchAll(/(\S+) in \d+ resource instances/g)].flatMap(([, name]) => name ?? []);
}

/** `... server APIs: metrics.k8s.io/v1beta1: the server is currently unable ...` */
function apisIn(message: string): readonly string[] {
  return [...message.matchAll(/([a-z0-9.-]+\.[a-z0-9-]+)\/(v\d\w*)/g)].map(([, group = '', version = '']) => `${version}.${group}`);
}
