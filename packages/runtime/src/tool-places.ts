import type { TakeSlot } from '@kw/agent';
import { fairSlots } from '@kw/agent';

/** A diagnosis starts no process; it holds what it read of a cluster, up to hundreds of megabytes. */
const diagnosesAtOnce = 2;

/** Places for calls: so many for commands of this machine, and two more for diagnoses. */
export function toolPlaces(commands: number): TakeSlot {
  const command = fairSlots(commands);
  const diagnosis = fairSlots(diagnosesAtOnce);
  return (wish, signal) => (wish.tool === 'diagnose' ? diagnosis(wish, signal) : command(wish, signal));
}
