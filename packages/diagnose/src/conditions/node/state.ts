import type { Condition, Fault } from '../../condition.ts';
import { eventEvidence, fieldEvidence } from '../../evidence.ts';
import { isTrueAt, listAt, textAt, timeAt } from '../../world/fields.ts';
import type { Fields } from '../../world/fields.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

/** What a pressure means. */
const pressures: ReadonlyMap<string, string> = new Map([
  ['MemoryPressure', 'it is short of memory and evicts pods'],
  ['DiskPressure', 'its disk is nearly full: it evicts pods and removes images'],
  ['PIDPressure', 'it is short of process ids'],
  ['NetworkUnavailable', 'its network is not set up'],
]);
/** Types of others that are True when all is well. */
const good = /(?:Ready|Healthy|Available|IsVoter|Succeeded|Valid|Enabled|Active)$/;

/** A node that is not ready, under pressure, ill by the word of a problem detector, or cordoned. */
export const nodeState: Condition = {
  id: 'node-state',
  kinds: ['Node'],
  needs: ['Node'],
  uses: ['Event'],
  *find(world) {
    for (const node of world.all('Node')) {
      for (const condition of listAt(node.body, 'status.conditions')) yield* ofCondition(node, condition, world);
      if (!isTrueAt(node.body, 'spec.unschedulable')) continue;
      const told = world
        .events(node)
        .filter(({ reason }) => reason === 'NodeNotSchedulable')
        .at(-1);
      yield {
        object: node,
        reason: 'Cordoned',
        severity: 'info',
        summary: 'it is cordoned: no pod is scheduled to it until somebody takes that back',
        evidence: [fieldEvidence('spec.unschedulable', 'true', told?.firstAt)],
        fix: [`kubectl uncordon ${node.name}`],
        since: told?.firstAt,
      };
    }
  },
};

function* ofCondition(node: WorldObject, condition: Fields, world: World): Generator<Fault> {
  const type = textAt(condition, 'type');
  const status = textAt(condition, 'status');
  const since = timeAt(condition, 'lastTransitionTime');
  const told = [textAt(condition, 'reason'), textAt(condition, 'message')].filter((text) => text !== '').join(': ');
  const common = { object: node, since, fix: [`kubectl describe node ${node.name}`] };
  const evidence = [fieldEvidence(`status.conditions[${type}]`, `${status}${told === '' ? '' : `, ${told}`}`, since)];
  if (type === 'Ready') {
    if (status === 'True') return;
    const event = world
      .events(node)
      .filter(({ type: kind }) => kind === 'Warning')
      .at(-1);
    const summary = status === 'Unknown' ? 'its kubelet has stopped telling how it is' : `it is not ready${told === '' ? '' : `: ${told}`}`;
    yield {
      ...common,
      reason: 'NodeNotReady',
      severity: 'critical',
      summary,
      evidence: [...evidence, ...(event === undefined ? [] : [eventEvidence(event)])],
    };
    return;
  }
  if (status !== 'True') return;
  const pressure = pressures.get(type);
  if (pressure !== undefined) {
    yield { ...common, reason: type, severity: type === 'NetworkUnavailable' ? 'critical' : 'warning', summary: pressure, evidence };
  } else if (!good.test(type)) {
    yield { ...common, reason: `Node${type}`, severity: 'warning', summary: `${type}: ${told}`, evidence };
  }
}
