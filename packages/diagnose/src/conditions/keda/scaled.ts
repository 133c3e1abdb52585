import type { Condition, Fault } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { describeCommand } from '../../world/commands.ts';
import { minuteMs } from '../../world/durations.ts';
import { fieldsAt, numberAt, textAt } from '../../world/fields.ts';
import { conditionEvidence, saidBy, statusCondition } from '../../world/status.ts';
import type { World } from '../../world/world.ts';
import type { WorldObject } from '../../world/world-object.ts';

const patienceMs = 2 * minuteMs;
/** One failed reading is of every day. */
const manyFailures = 3;

/** A ScaledObject or ScaledJob of KEDA that can't read what it scales by; a paused one, or one without load, is well. */
export const kedaScaled: Condition = {
  id: 'keda-scaled',
  kinds: ['ScaledObject', 'ScaledJob'],
  needs: ['ScaledObject', 'ScaledJob'],
  *find(world) {
    for (const object of [...world.all('ScaledObject'), ...world.all('ScaledJob')]) {
      if (object.deletedAt !== undefined || isPaused(object)) continue;
      const fault = faultOf(object, world);
      if (fault !== undefined)
        yield {
          severity: 'warning',
          fix: [describeCommand(object)],
          docs: 'https://keda.sh/docs/latest/troubleshooting/',
          ...fault,
          object,
        };
    }
  },
};

function isPaused({ annotations, body }: WorldObject): boolean {
  const paused = annotations['autoscaling.keda.sh/paused'];
  return (
    (paused !== undefined && paused !== 'false') ||
    'autoscaling.keda.sh/paused-replicas' in annotations ||
    statusCondition(body, 'Paused')?.status === 'True'
  );
}

function faultOf(object: WorldObject, world: World): Omit<Fault, 'object' | 'severity'> | undefined {
  const ready = statusCondition(object.body, 'Ready');
  if (world.now - (ready?.since ?? object.createdAt ?? 0) < patienceMs) return undefined;
  if (ready?.status === 'False') {
    return {
      reason: `${object.kind}NotReady`,
      summary: `it does not scale: ${saidBy(ready)}`,
      evidence: [conditionEvidence(ready)],
      since: ready.since,
    };
  }
  const failing = Object.entries(fieldsAt(object.body, 'status.health'))
    .map(([trigger, health]) => ({ trigger, status: textAt(health, 'status'), failures: numberAt(health, 'numberOfFailures') ?? 0 }))
    .filter(({ status, failures }) => status === 'Failing' && failures >= manyFailures);
  const fallback = statusCondition(object.body, 'Fallback');
  const evidence = failing.map(({ trigger, failures }) => fieldEvidence(`status.health[${trigger}]`, `Failing, ${failures} times`));
  if (fallback?.status === 'True') {
    return {
      reason: 'ScalingFallback',
      summary: `what it scales by can't be read, and it stands at its fallback: ${saidBy(fallback)}`,
      evidence: [conditionEvidence(fallback), ...evidence],
      since: fallback.since,
    };
  }
  if (failing.length === 0) return undefined;
  return {
    reason: 'TriggerFailing',
    summary: `${failing.length === 1 ? 'a trigger' : `${failing.length} triggers`} can't be read: ${failing.map(({ trigger }) => trigger).join(', ')}`,
    evidence,
  };
}
