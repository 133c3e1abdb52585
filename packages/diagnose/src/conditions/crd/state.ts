import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs, showDuration } from '../../world/durations.ts';
import { listAt, textAt, textsAt } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

const patienceMs = 2 * minuteMs;
const deletingMs = 10 * minuteMs;
const docs = 'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/';

/** A custom resource that is not served: its names are taken, a stored version is gone, or it does not get deleted. */
export const crdState: Condition = {
  id: 'crd-state',
  kinds: ['CustomResourceDefinition'],
  needs: ['CustomResourceDefinition'],
  *find(world) {
    for (const definition of world.all('CustomResourceDefinition')) {
      if (definition.deletedAt !== undefined) yield* deleting(definition, definition.deletedAt, world);
      else yield* ofState(definition, world);
    }
  },
};

function* deleting(definition: WorldObject, since: number, { now }: World): Generator<Fault> {
  if (now - since < deletingMs) return;
  const terminating = statusCondition(definition.body, 'Terminating');
  yield {
    object: definition,
    reason: 'CRDStuckTerminating',
    severity: 'warning',
    summary: `it is being deleted for ${showDuration(now - since)}: its objects do not go, mostly for finalizers whose controller is gone`,
    evidence: [
      fieldEvidence('metadata.deletionTimestamp', new Date(since).toISOString()),
      fieldEvidence('metadata.finalizers', definition.finalizers.join(', ')),
      ...(terminating === undefined ? [] : [conditionEvidence(terminating)]),
    ],
    fix: [`kubectl get ${definition.name} -A`],
    since,
    docs,
  };
}

function* ofState(definition: WorldObject, { now }: World): Generator<Fault> {
  const named = statusCondition(definition.body, 'NamesAccepted');
  const established = statusCondition(definition.body, 'Established');
  const isNew = now - (definition.createdAt ?? 0) < patienceMs;
  const bad = [named, isNew ? undefined : established].find((condition) => condition?.status === 'False');
  if (bad !== undefined) {
    yield {
      object: definition,
      reason: bad === named ? 'CRDNameConflict' : 'CRDNotEstablished',
      severity: 'critical',
      summary: `the API server does not serve it: ${saidBy(bad)}`,
      evidence: [conditionEvidence(bad)],
      fix: [`kubectl describe crd ${definition.name}`],
      since: bad.since,
      docs,
    };
  }
  const versions = listAt(definition.body, 'spec.versions').map((version) => textAt(version, 'name'));
  const gone = textsAt(definition.body, 'status.storedVersions').filter((version) => !versions.includes(version));
  if (gone.length === 0 || versions.length === 0) return;
  yield {
    object: definition,
    reason: 'StoredVersionRemoved',
    severity: 'critical',
    summary: `objects may be stored as ${gone.join(', ')}, which it no longer has: they can't be read`,
    evidence: [
      fieldEvidence('status.storedVersions', textsAt(definition.body, 'status.storedVersions').join(', ')),
      fieldEvidence('spec.versions', versions.join(', ')),
    ],
    fix: [`kubectl get ${definition.name} -A`],
    docs: 'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#upgrade-existing-objects-to-a-new-stored-version',
  };
}
