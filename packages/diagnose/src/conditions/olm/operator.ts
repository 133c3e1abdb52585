import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { describeCommand } from '../../world/commands.ts';
import { minuteMs, showDuration } from '../../world/durations.ts';
import { textAt, timeAt } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusConditions } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

const patienceMs = 10 * minuteMs;
const installingMs = 20 * minuteMs;
const docs = 'https://olm.operatorframework.io/docs/troubleshooting/';

/** An operator that OLM can't install, resolve or get from its catalog; an update that waits for an approval is no fault. */
export const olmOperator: Condition = {
  id: 'olm-operator',
  kinds: ['ClusterServiceVersion', 'OlmSubscription', 'CatalogSource'],
  needs: ['ClusterServiceVersion', 'OlmSubscription', 'CatalogSource'],
  uses: ['InstallPlan', 'Deployment', 'Pod'],
  *find(world) {
    for (const version of world.all('ClusterServiceVersion')) yield* versionFaults(version, world);
    for (const subscription of world.all('OlmSubscription')) yield* subscriptionFaults(subscription, world);
    for (const catalog of world.all('CatalogSource')) yield* catalogFaults(catalog, world);
  },
};

function* versionFaults(version: WorldObject, world: World): Generator<Fault> {
  const { body } = version;
  // Copies in other namespaces repeat what the first says.
  if (version.deletedAt !== undefined || 'olm.copiedFrom' in version.labels || textAt(body, 'status.reason') === 'Copied') return;
  const phase = textAt(body, 'status.phase');
  const since = timeAt(body, 'status.lastTransitionTime') ?? version.createdAt ?? 0;
  const isFailed = phase === 'Failed';
  const isSlow = /^(?:Pending|InstallReady|Installing|Unknown)$/.test(phase) && world.now - since > installingMs;
  if (!isSlow && !(isFailed && world.now - since > patienceMs)) return;
  const said = saidBy({ reason: textAt(body, 'status.reason'), message: textAt(body, 'status.message') });
  yield {
    object: version,
    reason: isFailed ? 'OperatorFailed' : 'OperatorNotInstalled',
    severity: isFailed ? 'critical' : 'warning',
    summary: isFailed ? `the operator does not work: ${said}` : `it is ${phase} for ${showDuration(world.now - since)}: ${said}`,
    evidence: [fieldEvidence('status.phase', `${phase} ${textAt(body, 'status.reason')}: ${textAt(body, 'status.message')}`, since)],
    fix: [describeCommand(version)],
    since,
    causedBy: world.ownedBy(version, 'Deployment'),
    docs,
  };
}

const bad = /^(?:ResolutionFailed|BundleUnpackFailed|InstallPlanFailed|InstallPlanMissing|CatalogSourcesUnhealthy)$/;

function* subscriptionFaults(subscription: WorldObject, world: World): Generator<Fault> {
  const failed = statusConditions(subscription.body).find(
    ({ type, status, since }) => bad.test(type) && status === 'True' && world.now - (since ?? subscription.createdAt ?? 0) > patienceMs,
  );
  if (subscription.deletedAt !== undefined || failed === undefined) return;
  const { namespace } = subscription;
  const planName = textAt(subscription.body, 'status.installPlanRef.name');
  const plan =
    failed.type === 'InstallPlanFailed'
      ? world.find({ kind: 'InstallPlan', ...(namespace === undefined ? {} : { namespace }), name: planName })
      : undefined;
  const step = plan === undefined ? undefined : statusConditions(plan.body).find(({ status }) => status === 'False');
  const source = {
    kind: 'CatalogSource',
    namespace: textAt(subscription.body, 'spec.sourceNamespace'),
    name: textAt(subscription.body, 'spec.source'),
  };
  yield {
    object: subscription,
    reason:
      failed.type === 'InstallPlanFailed'
        ? 'InstallPlanFailed'
        : failed.type === 'CatalogSourcesUnhealthy'
          ? 'CatalogUnhealthy'
          : 'SubscriptionFailed',
    severity: 'warning',
    summary: `its operator ${textAt(subscription.body, 'spec.name')} can't be installed or updated: ${saidBy(step ?? failed)}`,
    evidence: [
      conditionEvidence(failed),
      ...(step === undefined ? [] : [conditionEvidence(step, `installplan/${planName} status.conditions`)]),
    ],
    fix: [describeCommand(subscription)],
    since: failed.since,
    causedBy: [source],
    docs,
  };
}

function* catalogFaults(catalog: WorldObject, world: World): Generator<Fault> {
  const state = textAt(catalog.body, 'status.connectionState.lastObservedState');
  if (catalog.deletedAt !== undefined || state !== 'TRANSIENT_FAILURE' || world.now - (catalog.createdAt ?? 0) < patienceMs) return;
  const { namespace = '' } = catalog;
  yield {
    object: catalog,
    reason: 'CatalogUnreachable',
    severity: 'warning',
    summary: `its server at ${textAt(catalog.body, 'status.connectionState.address') || textAt(catalog.body, 'spec.address')} does not answer: operators from it are neither installed nor updated`,
    evidence: [
      fieldEvidence('status.connectionState.lastObservedState', state, timeAt(catalog.body, 'status.connectionState.lastConnect')),
    ],
    fix: [describeCommand(catalog)],
    causedBy: world.withLabels('Pod', namespace, { 'olm.catalogSource': catalog.name }),
    docs,
  };
}
