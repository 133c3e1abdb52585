import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { minuteMs } from '../../world/durations.ts';
import { textAt } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';
import type { StatusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { listenerFaults } from './listeners.ts';

const patienceMs = 5 * minuteMs;
const docs = 'https://gateway-api.sigs.k8s.io/concepts/api-overview/#gateway';

/** A Gateway whose class is missing, that nobody takes, or that can't be set up; and its listeners. */
export const gatewayState: Condition = {
  id: 'gateway-state',
  kinds: ['Gateway', 'GatewayClass'],
  needs: ['Gateway'],
  uses: ['GatewayClass', 'Secret', 'ReferenceGrant', 'Certificate'],
  *find(world) {
    for (const gateway of world.all('Gateway')) {
      if (gateway.deletedAt !== undefined) continue;
      const own = gatewayFault(gateway, world);
      if (own !== undefined) yield own;
      else yield* listenerFaults(gateway, world);
    }
    for (const each of world.all('GatewayClass')) yield* classFaults(each, world);
  },
};

function gatewayFault(gateway: WorldObject, world: World): Fault | undefined {
  const name = textAt(gateway.body, 'spec.gatewayClassName');
  const at = fieldEvidence('spec.gatewayClassName', name);
  const common = {
    object: gateway,
    severity: 'critical',
    fix: [`kubectl describe gateways.gateway.networking.k8s.io ${gateway.name} -n ${gateway.namespace ?? 'default'}`],
    causedBy: [{ kind: 'GatewayClass', name }],
    docs,
  } as const;
  if (world.lookup('GatewayClass', undefined, name).type === 'missing') {
    const others = world.all('GatewayClass').map((each) => each.name);
    const there = others.length === 0 ? 'there is none at all' : `there is ${others.join(', ')}`;
    return {
      ...common,
      reason: 'GatewayClassMissing',
      summary: `its GatewayClass ${name} does not exist (${there}): no controller takes it`,
      evidence: [at],
      fix: ['kubectl get gatewayclasses'],
    };
  }
  const accepted = statusCondition(gateway.body, 'Accepted');
  if (accepted?.status === 'Unknown' && isOld(accepted, gateway, world)) {
    return {
      ...common,
      reason: 'GatewayNotTaken',
      summary: `no controller has taken it: is the one of class ${name} running?`,
      evidence: [conditionEvidence(accepted), at],
    };
  }
  if (accepted?.status === 'False') {
    return {
      ...common,
      reason: 'GatewayNotAccepted',
      summary: `its controller does not accept it: ${saidBy(accepted)}`,
      evidence: [conditionEvidence(accepted)],
      since: accepted.since,
    };
  }
  const programmed = statusCondition(gateway.body, 'Programmed');
  if (programmed === undefined || programmed.status === 'True' || !isOld(programmed, gateway, world)) return undefined;
  // Without an address from outside it is still reached from inside.
  const isAddressOnly = programmed.reason.startsWith('Address');
  return {
    ...common,
    reason: 'GatewayNotProgrammed',
    severity: isAddressOnly ? 'warning' : 'critical',
    summary: `it is accepted but not set up: ${saidBy(programmed)}`,
    evidence: [conditionEvidence(programmed)],
    since: programmed.since,
  };
}

function isOld(condition: StatusCondition, object: WorldObject, { now }: World): boolean {
  return now - (condition.since ?? object.createdAt ?? 0) > patienceMs;
}

/** A class that is refused or that nobody knows; where no Gateway uses it, it is no fault. */
function* classFaults(gatewayClass: WorldObject, world: World): Generator<Fault> {
  const users = world
    .all('Gateway')
    .filter((gateway) => gateway.deletedAt === undefined && textAt(gateway.body, 'spec.gatewayClassName') === gatewayClass.name);
  const accepted = statusCondition(gatewayClass.body, 'Accepted');
  if (users.length === 0 || accepted === undefined || accepted.status === 'True' || !isOld(accepted, gatewayClass, world)) return;
  const controller = textAt(gatewayClass.body, 'spec.controllerName');
  const isRefused = accepted.status === 'False';
  yield {
    object: gatewayClass,
    reason: isRefused ? 'GatewayClassNotAccepted' : 'GatewayClassNotTaken',
    severity: 'critical',
    summary: isRefused
      ? `its controller ${controller} does not accept it: ${saidBy(accepted)}`
      : `its controller ${controller} has never answered: it is not running, or not installed`,
    evidence: [conditionEvidence(accepted), fieldEvidence('spec.controllerName', controller)],
    explains: users,
    docs: 'https://gateway-api.sigs.k8s.io/api-types/gatewayclass/',
  };
}
