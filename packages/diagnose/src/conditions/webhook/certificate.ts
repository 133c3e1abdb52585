import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import type { Evidence } from '../../finding.ts';
import { minuteMs, showDuration } from '../../world/durations.ts';
import { bundleFault, servingFault } from './trust.ts';
import type { TrustFault } from './trust.ts';
import { webhookKinds, webhooksOf } from './webhooks.ts';
import type { Webhook } from './webhooks.ts';
import type { World } from '../../world/world.ts';
import { backendState } from '../../world/backend.ts';

const patienceMs = 2 * minuteMs;

/** An admission webhook that the API server can't trust: no CA, an expired one, or a certificate of another. */
export const webhookCertificate: Condition = {
  id: 'webhook-certificate',
  kinds: webhookKinds,
  needs: webhookKinds,
  uses: ['Service', 'EndpointSlice', 'Pod', 'Secret', 'Certificate'],
  *find(world) {
    const groups = new Map<string, { readonly fault: TrustFault; readonly hooks: Webhook[] }>();
    for (const hook of webhooksOf(world)) {
      const { backend, configuration } = hook;
      if (backend === undefined || world.now - (configuration.createdAt ?? 0) < patienceMs) continue;
      // Where nobody answers, certificates are the lesser worry.
      if (backendState(world, backend) !== 'fine') continue;
      const fault = bundleFault(hook.caBundle, world.now) ?? servingFault(backend, hook.caBundle, world);
      if (fault === undefined) continue;
      const key = `${configuration.kind}/${configuration.name}/${fault.reason}`;
      const group = groups.get(key) ?? { fault, hooks: [] };
      groups.set(key, group);
      group.hooks.push(hook);
    }
    for (const { fault, hooks } of groups.values()) yield* toFault(fault, hooks, world);
  },
};

function* toFault({ reason, says, evidence, secret, expiredAt }: TrustFault, hooks: readonly Webhook[], { now }: World): Generator<Fault> {
  const [first] = hooks;
  if (first === undefined) return;
  const strict = hooks.find(({ mustAnswer }) => mustAnswer);
  const injected = first.configuration.annotations['cert-manager.io/inject-ca-from']?.split('/');
  const [namespace, name] = injected ?? [];
  const at: Evidence = fieldEvidence('webhooks', hooks.map((hook) => hook.name).join(', '));
  yield {
    object: first.configuration,
    reason,
    severity: strict === undefined ? 'warning' : 'critical',
    summary: `${says}${expiredAt === undefined ? '' : ` ${showDuration(now - expiredAt)} ago`}: the API server does not trust it${strict === undefined ? ', and passes it over' : `, and refuses ${strict.asked}`}`,
    evidence: [at, ...evidence],
    fix: [`kubectl describe ${first.configuration.kind.toLowerCase()} ${first.configuration.name}`],
    since: expiredAt,
    causedBy: [
      ...(namespace === undefined || name === undefined ? [] : [{ kind: 'Certificate', namespace, name }]),
      ...(secret === undefined ? [] : [secret]),
    ],
    docs: 'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#contacting-the-webhook',
  };
}
