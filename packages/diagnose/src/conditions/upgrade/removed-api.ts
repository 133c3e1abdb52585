import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { kindSources } from '../../world/kinds.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { removals } from './removals.ts';

/** Kinds of which a version is gone, or goes. */
const kinds = [...new Set(removals.flatMap(({ kinds: some = [], version }) => (some.length > 0 ? some : kindsOf(version))))];
/** Parts of Kubernetes itself are renewed with it. */
const ofTheSystem = /^(?:kube-|kubelet$|api-priority|cloud-controller|kubectl-(?:edit|scale|rollout|annotate|label)$)/;
/** An upgrade goes to the next release but one at most. */
const near = 2;
const docs = 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/';

function kindsOf(version: string): readonly string[] {
  const [group = ''] = version.split('/');
  return [...kindSources].filter(([, { resource }]) => resource.split('.').slice(1).join('.') === group).map(([kind]) => kind);
}

/** Objects that somebody writes through a version of the API that the next releases of Kubernetes no longer have. */
export const upgradeRemovedApi: Condition = {
  id: 'upgrade-removed-api',
  kinds,
  needs: [],
  uses: kinds,
  *find(world) {
    const minor = Number(/^v?1\.(\d+)/.exec(world.serverVersion ?? '')?.[1]);
    // What is gone already can't be written any more: whoever did has changed since, or fails visibly.
    const ahead = removals.filter((each) => each.minor > minor);
    if (!Number.isFinite(minor) || ahead.length === 0) return;
    for (const object of kinds.flatMap((kind) => world.all(kind))) {
      for (const { manager, apiVersion } of object.writtenAs) {
        const removal = ahead.find((each) => each.version === apiVersion && (each.kinds?.includes(object.kind) ?? true));
        if (removal === undefined || ofTheSystem.test(manager)) continue;
        yield {
          object,
          reason: 'WrittenByRemovedAPI',
          severity: removal.minor - minor <= near ? 'warning' : 'info',
          summary: `${manager} writes it as ${apiVersion}, which Kubernetes 1.${removal.minor} no longer has: ${removal.instead} takes its place`,
          evidence: [fieldEvidence('metadata.managedFields', `${manager}: ${apiVersion}`)],
          rollsUp: false,
          docs,
        };
      }
    }
  },
};

/** Pod security policies, which Kubernetes 1.25 no longer has. */
export const upgradePodSecurityPolicy: Condition = {
  id: 'upgrade-pod-security-policy',
  kinds: ['PodSecurityPolicy'],
  needs: ['PodSecurityPolicy'],
  *find(world) {
    const policies: readonly WorldObject[] = world.all('PodSecurityPolicy');
    const [first] = policies;
    if (first === undefined) return;
    yield {
      object: first,
      reason: 'PodSecurityPolicyInUse',
      severity: 'warning',
      summary: `${policies.length === 1 ? 'it is' : `it and ${policies.length - 1} more are`} without effect from Kubernetes 1.25 on: Pod Security Admission takes the place of pod security policies`,
      evidence: [
        fieldEvidence(
          'podsecuritypolicies',
          policies
            .slice(0, 10)
            .map(({ name }) => name)
            .join(', '),
        ),
      ],
      fix: ['kubectl get podsecuritypolicies'],
      docs: 'https://kubernetes.io/docs/tasks/configure-pod-container/migrate-from-psp/',
    };
  },
};
