import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { describeCommand } from '../../world/commands.ts';
import { hourMs, minuteMs, showDuration } from '../../world/durations.ts';
import { fieldsAt, listAt, textAt, timeAt } from '../../world/fields.ts';
import { saidBy, statusConditions } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { ObjectRef, WorldObject } from '../../world/world-object.ts';
import { worldKindOf } from '../../world/world-kind.ts';

const patienceMs = 2 * minuteMs;
const deletingMs = 15 * minuteMs;
const docs = 'https://argo-cd.readthedocs.io/en/stable/user-guide/';
const errors = /^(?:ComparisonError|InvalidSpecError|SyncError|DeletionError|UnknownError)$/;

/** An Argo CD Application that can't be compared, synced or deleted, or whose objects are not well. To be out of sync is a fault of none. */
export const argoApplication: Condition = {
  id: 'argo-application',
  kinds: ['Application'],
  needs: ['Application'],
  *find(world) {
    for (const application of world.all('Application')) {
      const fault = faultOf(application, world);
      if (fault !== undefined) yield { docs, fix: [describeCommand(application)], rollsUp: false, ...fault, object: application };
    }
  },
};

type Part = Omit<Fault, 'object'>;

function faultOf(application: WorldObject, world: World): Part | undefined {
  const { deletedAt } = application;
  if (deletedAt !== undefined) return world.now - deletedAt > deletingMs ? stuckDeleting(application, deletedAt, world) : undefined;
  return errorFault(application, world) ?? syncFault(application, world) ?? healthFault(application, world);
}

function stuckDeleting({ finalizers }: WorldObject, deletedAt: number, { now }: World): Part {
  return {
    reason: 'ApplicationStuckDeleting',
    severity: 'warning',
    summary: `it is being deleted for ${showDuration(now - deletedAt)}: its objects do not go`,
    evidence: [fieldEvidence('metadata.finalizers', finalizers.join(', '))],
    since: deletedAt,
  };
}

function errorFault({ body }: WorldObject, { now }: World): Part | undefined {
  const error = statusConditions(body).find(({ type, since }) => errors.test(type) && now - (since ?? 0) > patienceMs);
  if (error === undefined) return undefined;
  return {
    reason: error.type,
    severity: 'warning',
    summary: `Argo CD can't handle it: ${saidBy(error)}`,
    evidence: [fieldEvidence(`status.conditions[${error.type}]`, error.message, error.since)],
    since: error.since,
  };
}

function syncFault({ body }: WorldObject, { now }: World): Part | undefined {
  const operation = fieldsAt(body, 'status.operationState');
  const phase = textAt(operation, 'phase');
  const startedAt = timeAt(operation, 'startedAt');
  const message = textAt(operation, 'message');
  if (phase === 'Running' && startedAt !== undefined && now - startedAt > hourMs) {
    return {
      reason: 'SyncStuck',
      severity: 'warning',
      summary: `its sync runs for ${showDuration(now - startedAt)}: ${saidBy({ reason: phase, message })}`,
      evidence: [fieldEvidence('status.operationState', `Running: ${message}`, startedAt)],
      since: startedAt,
    };
  }
  // What was synced since then is of the past.
  if (!/^(?:Failed|Error)$/.test(phase) || textAt(body, 'status.sync.status') === 'Synced') return undefined;
  const failed = listAt(operation, 'syncResult.resources').filter(
    (each) => each['status'] === 'SyncFailed' || /^(?:Failed|Error)$/.test(textAt(each, 'hookPhase')),
  );
  return {
    reason: 'SyncFailed',
    severity: 'warning',
    summary: `its last sync failed: ${saidBy({ reason: phase, message })}`,
    evidence: [
      fieldEvidence('status.operationState', `${phase}: ${message}`, timeAt(operation, 'finishedAt')),
      ...failed.map((each) => fieldEvidence(`${textAt(each, 'kind')}/${textAt(each, 'name')}`, textAt(each, 'message'))),
    ],
    since: timeAt(operation, 'finishedAt'),
  };
}

function healthFault({ body }: WorldObject, { now }: World): Part | undefined {
  const health = textAt(body, 'status.health.status');
  const automated = fieldsAt(body, 'spec.syncPolicy.automated');
  const isAutomated = 'automated' in fieldsAt(body, 'spec.syncPolicy') && automated['enabled'] !== false;
  const since = timeAt(body, 'status.health.lastTransitionTime');
  if (since !== undefined && now - since < patienceMs) return undefined;
  const resources = listAt(body, 'status.resources');
  const bad = resources.filter((each) => textAt(each, 'health.status') === health);
  // From Argo CD 3 on, the health of each is not kept in the Application: any of them may be the one.
  const suspects = resources.some((each) => 'health' in each) ? bad : resources;
  const shown = bad.slice(0, 5).map((each) => `${textAt(each, 'kind')}/${textAt(each, 'name')}`);
  const evidence = [
    fieldEvidence('status.health', health, since),
    ...bad
      .slice(0, 5)
      .map((each) => fieldEvidence(`${textAt(each, 'kind')}/${textAt(each, 'name')}`, textAt(each, 'health.message') || health)),
  ];
  const common = {
    severity: 'warning',
    evidence,
    since,
    causedBy: isHere(body) ? suspects.map(toRef) : [],
  } as const;
  const which = shown.length === 0 ? 'objects of it' : shown.join(', ');
  if (health === 'Degraded')
    return {
      ...common,
      reason: 'ApplicationDegraded',
      summary: `${which} ${bad.length === 1 ? 'is' : 'are'} not well`,
      onlyUnexplained: true,
    };
  // What was never synced by hand is nobody's fault.
  if (health !== 'Missing' || !isAutomated) return undefined;
  return {
    ...common,
    reason: 'ApplicationMissing',
    summary: `${which} ${bad.length === 1 ? 'is' : 'are'} not in the cluster, although it is synced automatically`,
  };
}

/** Whether it is for the cluster that Argo CD runs in; others have objects of the same names. */
function isHere(body: WorldObject['body']): boolean {
  const server = textAt(body, 'spec.destination.server');
  return server === ''
    ? ['', 'in-cluster'].includes(textAt(body, 'spec.destination.name'))
    : server.startsWith('https://kubernetes.default');
}

function toRef(resource: unknown): ObjectRef {
  const namespace = textAt(resource, 'namespace');
  const kind = worldKindOf(textAt(resource, 'group'), textAt(resource, 'kind'));
  return { kind, ...(namespace === '' ? {} : { namespace }), name: textAt(resource, 'name') };
}
