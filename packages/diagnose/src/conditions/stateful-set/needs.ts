import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { nearestOf } from '../../world/alike.ts';
import { minuteMs } from '../../world/durations.ts';
import { labelsAt, listAt, numberAt, textAt } from '../../world/fields.ts';
import { refOf, refTo } from '../../world/ref.ts';
import { matchesLabels } from '../../world/selector.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** What is applied together is there within moments. */
const patienceMs = 2 * minuteMs;

/** A StatefulSet without the Service that names its pods, or without the storage class of its claims. */
export const statefulSetNeeds: Condition = {
  id: 'stateful-set-needs',
  kinds: ['StatefulSet'],
  needs: ['StatefulSet'],
  uses: ['Service', 'StorageClass', 'PersistentVolumeClaim', 'PersistentVolume'],
  *find(world) {
    for (const set of world.all('StatefulSet')) {
      if (set.deletedAt !== undefined || world.now - (set.createdAt ?? 0) < patienceMs || numberAt(set.body, 'spec.replicas') === 0)
        continue;
      yield* ofService(set, world);
      yield* ofClasses(set, world);
    }
  },
};

/** A set that names no Service wants no names in DNS. */
function* ofService(set: WorldObject, world: World): Generator<Fault> {
  const name = textAt(set.body, 'spec.serviceName');
  if (name === '' || world.lookup('Service', set.namespace, name).type !== 'missing') return;
  const labels = labelsAt(set.body, 'spec.template.metadata.labels');
  const services = world.inNamespace('Service', set.namespace);
  const fitting = services.filter(({ body }) => {
    const selector = labelsAt(body, 'spec.selector');
    return Object.keys(selector).length > 0 && textAt(body, 'spec.clusterIP') === 'None' && matchesLabels(labels, selector);
  });
  const near =
    fitting[0]?.name ??
    nearestOf(
      name,
      services.map((service) => service.name),
    );
  yield {
    object: set,
    reason: 'GoverningServiceMissing',
    // Where all are ready, nobody calls them by these names.
    severity: (numberAt(set.body, 'status.readyReplicas') ?? 0) < (numberAt(set.body, 'spec.replicas') ?? 1) ? 'warning' : 'info',
    summary: `its Service ${name} does not exist, so its pods have no names of their own (${set.name}-0.${name}) in DNS${near === undefined ? '' : `: is ${near} meant?`}`,
    evidence: [fieldEvidence('spec.serviceName', name)],
    fix: [`kubectl get services -n ${set.namespace ?? 'default'}`],
    docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id',
  };
}

/** Only where a claim waits: volumes that were made by hand may have a class that is but a name. */
function* ofClasses(set: WorldObject, world: World): Generator<Fault> {
  for (const template of listAt(set.body, 'spec.volumeClaimTemplates')) {
    const name = textAt(template, 'spec.storageClassName');
    if (name === '' || world.lookup('StorageClass', undefined, name).type !== 'missing') continue;
    const prefix = `${textAt(template, 'metadata.name')}-${set.name}-`;
    const pending = world
      .inNamespace('PersistentVolumeClaim', set.namespace)
      .filter(
        (claim) =>
          claim.name.startsWith(prefix) &&
          /^\d+$/.test(claim.name.slice(prefix.length)) &&
          textAt(claim.body, 'status.phase') === 'Pending',
      );
    if (pending.length === 0) continue;
    // One that could be bound waits for another reason.
    if (world.all('PersistentVolume').some((volume) => textAt(volume.body, 'spec.storageClassName') === name)) continue;
    const near = nearestOf(
      name,
      world.all('StorageClass').map((each) => each.name),
    );
    yield {
      object: set,
      reason: 'StorageClassMissing',
      severity: 'critical',
      summary: `the storage class ${name} of its volumeClaimTemplates does not exist${near === undefined ? '' : `: is ${near} meant?`}`,
      evidence: [fieldEvidence(`spec.volumeClaimTemplates[${textAt(template, 'metadata.name')}].spec.storageClassName`, name)],
      fix: ['kubectl get storageclasses'],
      explains: pending.map(refOf),
      causedBy: [refTo('StorageClass', undefined, name)],
      docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#volume-claim-templates',
    };
  }
}
