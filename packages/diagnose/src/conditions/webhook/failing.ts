import type { Condition } from '../../condition.ts';
import { backendState } from '../../world/backend.ts';
import { saidBy } from '../../world/status.ts';
import { minuteMs } from '../../world/durations.ts';
import type { World } from '../../world/world.ts';
import { lacksPods } from '../replica-set/create-failure.ts';
import { callsOf } from './calls.ts';
import type { FailedCall } from './calls.ts';
import { webhookKinds, webhooksOf } from './webhooks.ts';

interface Cause {
  readonly matches: RegExp;
  readonly reason: string;
  readonly says: string;
}

const causes: readonly Cause[] = [
  {
    matches: /certificate has expired|not yet valid/,
    reason: 'WebhookCertificateExpired',
    says: 'its certificate is not valid at this time',
  },
  {
    matches: /signed by unknown authority|certificate signed by|verification error/,
    reason: 'WebhookCAMismatch',
    says: 'its certificate is not of the authority in its caBundle',
  },
  {
    matches: /x509: certificate is (?:valid for|not valid for)|doesn't contain any IP SANs|cannot validate certificate/,
    reason: 'WebhookCertificateNameMismatch',
    says: 'its certificate is for other names',
  },
  {
    matches: /deadline exceeded|i\/o timeout|Timeout/,
    reason: 'WebhookTimeout',
    says: 'it does not answer in time: it is overloaded, or the way from the API server to its pods is closed',
  },
  { matches: /connection refused|no route to host|EOF|reset by peer/, reason: 'WebhookUnreachable', says: 'it can not be reached' },
];

const controllers: ReadonlySet<string> = new Set(['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job']);
const recentMs = 5 * minuteMs;

/** A webhook with endpoints whose calls fail all the same, as events tell. */
export const webhookFailing: Condition = {
  id: 'webhook-failing',
  kinds: webhookKinds,
  needs: [...webhookKinds, 'Event'],
  uses: ['Service', 'EndpointSlice', 'Pod', ...controllers],
  *find(world) {
    const hooks = webhooksOf(world).filter(({ backend }) => backend === undefined || backendState(world, backend) === 'fine');
    const byName = Map.groupBy(
      callsOf(world).filter((call) => lasts(call, world)),
      ({ webhook }) => webhook,
    );
    for (const { configuration, name, mustAnswer, asked } of hooks) {
      const calls = byName.get(name) ?? [];
      const last = calls.at(-1);
      if (last === undefined) continue;
      const cause = causes.find(({ matches }) => matches.test(last.message));
      yield {
        object: configuration,
        reason: cause?.reason ?? 'WebhookFails',
        severity: mustAnswer ? 'critical' : 'warning',
        summary: `calls of ${name} fail, ${cause?.says ?? tail(last)}: the API server refuses ${asked}`,
        evidence: [last.evidence],
        fix: [`kubectl describe ${configuration.kind.toLowerCase()} ${configuration.name}`],
        explains: calls.map(({ about }) => about),
        docs: 'https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/',
      };
    }
  },
};

/** Events outlive what they tell of: a controller that has its pods was answered since; of others only the latest counts. */
function lasts({ about, at }: FailedCall, world: World): boolean {
  const object = world.find(about);
  return object !== undefined && controllers.has(object.kind) ? lacksPods(object) : world.now - at < recentMs;
}

function tail({ message }: FailedCall): string {
  return saidBy({ reason: 'without a reason', message: message.split(': ').slice(-2).join(': ') });
}
