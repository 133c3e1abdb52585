import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { backendRefs, backendState } from '../../world/backend.ts';
import type { BackendState } from '../../world/backend.ts';
import { minuteMs } from '../../world/durations.ts';
import type { World } from '../../world/world.ts';
import { callsOf } from './calls.ts';
import { webhookKinds, webhooksOf } from './webhooks.ts';
import type { Webhook } from './webhooks.ts';

const patienceMs = 2 * minuteMs;

/** An admission webhook behind which nobody answers. */
export const webhookBackend: Condition = {
  id: 'webhook-backend',
  kinds: webhookKinds,
  needs: [...webhookKinds, 'Service'],
  uses: ['EndpointSlice', 'Pod', 'Event'],
  *find(world) {
    const calls = callsOf(world);
    const groups = new Map<string, { readonly state: BackendState; readonly hooks: Webhook[] }>();
    for (const hook of webhooksOf(world)) {
      const { backend, configuration } = hook;
      if (backend === undefined) continue;
      const state = backendState(world, backend);
      if (state === 'fine' || (state === 'no-endpoints' && world.now - (configuration.createdAt ?? 0) < patienceMs)) continue;
      const key = [configuration.kind, configuration.name, state, backend.namespace, backend.name].join('/');
      const group = groups.get(key) ?? { state, hooks: [] };
      groups.set(key, group);
      group.hooks.push(hook);
    }
    for (const { state, hooks } of groups.values()) {
      const fault = toFault(state, hooks, world);
      if (fault === undefined) continue;
      const failed = calls.filter(({ webhook }) => hooks.some(({ name }) => name === webhook));
      yield {
        ...fault,
        evidence: [...fault.evidence, ...failed.slice(0, 1).map(({ evidence }) => evidence)],
        explains: failed.map(({ about }) => about),
      };
    }
  },
};

const reasons = { 'no-service': 'WebhookServiceMissing', 'no-port': 'WebhookPortMissing', 'no-endpoints': 'WebhookNoEndpoints' } as const;

function toFault(state: BackendState, hooks: readonly Webhook[], world: World): Fault | undefined {
  const [first] = hooks;
  if (first?.backend === undefined || state === 'fine') return undefined;
  const { namespace = '', name, port } = first.backend;
  const strict = hooks.filter(({ mustAnswer }) => mustAnswer);
  const says = {
    'no-service': `the Service ${name} does not exist in namespace ${namespace}`,
    'no-port': `the Service ${name} in namespace ${namespace} has no port ${String(port)}`,
    'no-endpoints': `nobody answers behind the Service ${name} in namespace ${namespace}`,
  }[state];
  const effect = strict[0] === undefined ? 'it is passed over' : `the API server refuses ${strict[0].asked}`;
  return {
    object: first.configuration,
    reason: reasons[state],
    severity: strict.length > 0 ? 'critical' : 'warning',
    summary: `${says}: ${effect}`,
    evidence: hooks.map((hook) =>
      fieldEvidence(
        `webhooks[${hook.name}].clientConfig.service`,
        `${namespace}/${name}:${String(port)}, failurePolicy ${hook.mustAnswer ? 'Fail' : 'Ignore'}`,
      ),
    ),
    fix: [`kubectl get service,endpointslices,pods -n ${namespace}`],
    causedBy: backendRefs(world, first.backend),
    docs: 'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy',
  };
}
