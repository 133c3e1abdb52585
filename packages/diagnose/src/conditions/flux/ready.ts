import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { describeCommand } from '../../world/commands.ts';
import { hourMs, minuteMs, showDuration } from '../../world/durations.ts';
import { fieldsAt, isTrueAt, listAt, textAt } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { ObjectRef, WorldObject } from '../../world/world-object.ts';
import { worldKindOf } from '../../world/world-kind.ts';

const sources: readonly string[] = ['GitRepository', 'OCIRepository', 'HelmRepository', 'FluxBucket', 'FluxHelmChart'];
const appliers: readonly string[] = ['FluxKustomization', 'FluxHelmRelease'];
const images: readonly string[] = ['ImageRepository', 'ImagePolicy', 'ImageUpdateAutomation'];
const fluxKinds = [...sources, ...appliers, ...images];

const patienceMs = 2 * minuteMs;
const newMs = 15 * minuteMs;
const docs = 'https://fluxcd.io/flux/cheatsheets/troubleshooting/';

/** A Flux source or what is applied from one that is not ready; one that is suspended was stopped on purpose. */
export const fluxReady: Condition = {
  id: 'flux-ready',
  kinds: fluxKinds,
  needs: fluxKinds,
  *find(world) {
    for (const object of fluxKinds.flatMap((kind) => world.all(kind))) {
      if (object.deletedAt !== undefined || isTrueAt(object.body, 'spec.suspend')) continue;
      const fault = faultOf(object, world);
      if (fault !== undefined) yield { fix: [describeCommand(object)], rollsUp: false, docs, ...fault, object };
    }
  },
};

function faultOf(object: WorldObject, world: World): Omit<Fault, 'object'> | undefined {
  const ready = statusCondition(object.body, 'Ready');
  const since = ready?.since ?? object.createdAt ?? 0;
  const age = world.now - since;
  if (ready === undefined) {
    // Not all kinds have a status in all versions; these have.
    if (
      age < newMs ||
      !(appliers.includes(object.kind) || object.kind === 'GitRepository') ||
      'conditions' in fieldsAt(object.body, 'status')
    )
      return undefined;
    return {
      reason: 'NotReconciled',
      severity: 'warning',
      summary: 'Flux has never looked at it: its controller is not running, or does not watch this namespace',
      evidence: [fieldEvidence('status.conditions', 'none')],
    };
  }
  if (ready.status === 'Unknown' && age > hourMs) {
    return {
      reason: 'ReconcileStuck',
      severity: 'warning',
      summary: `it is being reconciled for ${showDuration(age)}: ${saidBy(ready)}`,
      evidence: [conditionEvidence(ready)],
      since,
    };
  }
  if (ready.status !== 'False' || age < patienceMs) return undefined;
  const stalled = statusCondition(object.body, 'Stalled');
  const isStalled = stalled?.status === 'True';
  return {
    reason: reasonOf(object.kind),
    severity: 'warning',
    summary: `${isStalled ? 'Flux gave up on it' : 'Flux fails with it'}: ${saidBy(ready)}`,
    evidence: [conditionEvidence(ready), ...(isStalled ? [conditionEvidence(stalled)] : [])],
    since,
    // What is applied to another cluster has its objects there.
    causedBy: [...dependencies(object), ...('kubeConfig' in fieldsAt(object.body, 'spec') ? [] : unhealthy(ready.message))],
  };
}

function reasonOf(kind: string): string {
  if (sources.includes(kind)) return 'SourceNotReady';
  if (images.includes(kind)) return 'ImageAutomationNotReady';
  return kind === 'FluxKustomization' ? 'KustomizationNotReady' : 'HelmReleaseNotReady';
}

/** What it is made from, and what must be ready before it. */
function dependencies({ kind, namespace, body }: WorldObject): readonly ObjectRef[] {
  const places = ['spec.sourceRef', 'spec.chartRef', 'spec.chart.spec.sourceRef', 'spec.imageRepositoryRef'];
  const refs = places.map((place) => fieldsAt(body, place)).filter((ref) => textAt(ref, 'name') !== '');
  const chart = kind === 'FluxHelmRelease' ? textAt(body, 'status.helmChart').split('/') : [];
  const [chartNamespace, chartName] = chart;
  return [
    ...(chartNamespace === undefined || chartName === undefined
      ? []
      : [{ kind: 'FluxHelmChart', namespace: chartNamespace, name: chartName }]),
    ...refs.map((ref) => toRef(textAt(ref, 'kind') || 'ImageRepository', ref, namespace)),
    ...listAt(body, 'spec.dependsOn').map((ref) => ({ ...toRef('', ref, namespace), kind })),
  ];
}

function toRef(kind: string, ref: unknown, own: string | undefined): ObjectRef {
  const namespace = textAt(ref, 'namespace') || own;
  const known = ['Bucket', 'HelmChart'].includes(kind) ? worldKindOf('source.toolkit.fluxcd.io', kind) : kind;
  return { kind: known, ...(namespace === undefined ? {} : { namespace }), name: textAt(ref, 'name') };
}

/** Objects that a health check waited for, by Flux's words: `Deployment/shop/web status: 'InProgress'`. */
function unhealthy(message: string): readonly ObjectRef[] {
  return [...message.matchAll(/\b([A-Z][A-Za-z]+)\/([a-z0-9-]+)\/([a-z0-9.-]+) status/g)].flatMap(([, kind, namespace, name]) =>
    kind === undefined || namespace === undefined || name === undefined
      ? []
      : [{ kind: kind === 'HelmRelease' || kind === 'Kustomization' ? `Flux${kind}` : kind, namespace, name }],
  );
}
