import type { Condition } from '../../condition.ts';
import { fieldEvidence } from '../../evidence.ts';
import { fieldsAt, listAt } from '../../world/fields.ts';
import { refOf, someOf } from '../../world/ref.ts';
import type { WorldObject } from '../../world/world-object.ts';
import { creators, refusalsIn } from './refusals.ts';
import type { Refusal } from './refusals.ts';

/** What admission says: `maximum cpu usage per Container is 1, but limit is 2`. */
const broken = /(maximum|minimum) (\S+) (usage|storage) per (\w+) is ([^\s,]+)/i;

/** A LimitRange that refuses pods of controllers. */
export const limitRangeRefuses: Condition = {
  id: 'limit-range-refuses',
  kinds: ['LimitRange'],
  needs: ['LimitRange'],
  uses: [...creators, 'Deployment', 'Event'],
  *find(world) {
    for (const [namespace, ranges] of Map.groupBy(world.all('LimitRange'), (range) => range.namespace)) {
      const refusals = refusalsIn(namespace, world).filter(({ message }) => broken.test(message));
      for (const range of ranges) {
        const refused = refusals.filter(({ message }) => isFrom(range, message));
        const [first] = refused;
        if (first === undefined) continue;
        const who = [...new Set(refused.map(({ controller }) => name(world.ownersOf(controller).at(-1) ?? controller)))];
        yield {
          object: range,
          reason: 'LimitRangeRefuses',
          severity: 'critical',
          summary: `it refuses the pods of ${someOf(who)}: ${broken.exec(first.message)?.[0] ?? 'its limits are broken'}`,
          evidence: refused.slice(0, 3).map(({ controller, message, at }) => fieldEvidence(name(controller), message, at)),
          fix: [`kubectl describe limitrange ${range.name} -n ${range.namespace ?? 'default'}`],
          explains: refused.map(({ controller }) => refOf(controller)),
          docs: 'https://kubernetes.io/docs/concepts/policy/limit-range/',
        };
      }
    }
  },
};

function name({ kind, name: own }: { readonly kind: string; readonly name: string }): string {
  return `${kind.toLowerCase()}/${own}`;
}

/** Whether the limit that a message names is one of this object. */
function isFrom(range: WorldObject, message: Refusal['message']): boolean {
  const [, bound = '', resource = '', , type = '', value = ''] = broken.exec(message) ?? [];
  const field = bound.toLowerCase() === 'maximum' ? 'max' : 'min';
  return listAt(range.body, 'spec.limits').some((limit) => limit['type'] === type && String(fieldsAt(limit, field)[resource]) === value);
}
