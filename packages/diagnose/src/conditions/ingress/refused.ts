import type { Condition } from '../../condition.ts';
import { eventEvidence } from '../../evidence.ts';
import { cutLine } from '../../world/cut.ts';
import { hourMs } from '../../world/durations.ts';

/** An Ingress about which its controller complains, and went on to complain last. */
export const ingressRefused: Condition = {
  id: 'ingress-refused',
  kinds: ['Ingress'],
  needs: ['Ingress', 'Event'],
  *find(world) {
    for (const ingress of world.all('Ingress')) {
      const last = world.events(ingress).at(-1);
      if (ingress.deletedAt !== undefined || last === undefined || last.type !== 'Warning') continue;
      // One complaint may be of the moment before the Service was made.
      if (last.count < 2 || world.now - (last.lastAt ?? 0) > hourMs) continue;
      yield {
        object: ingress,
        reason: 'IngressRefused',
        severity: 'warning',
        summary: `its controller can't set it up: ${cutLine(last.message, 200)}`,
        evidence: [eventEvidence(last)],
        fix: [`kubectl describe ingress ${ingress.name} -n ${ingress.namespace ?? 'default'}`],
        since: last.firstAt,
      };
    }
  },
};
