import type { Decision, JudgedCall, Policy, Trait } from '@kw/agent';
import { decide } from '@kw/agent';
import type { Inspector } from '@kw/runtime';

type Explanation = ReturnType<Inspector['explain']>;

/** What a policy makes of a command and of each of its parts. */
export interface Verdicts {
  readonly whole: Decision;
  /** In the order of the parts. */
  readonly parts: readonly Decision[];
}

/** Where the command would act. */
export interface Place {
  readonly context: string;
  readonly namespace: string;
}

const strength: Readonly<Record<Decision['verdict'], number>> = { deny: 2, ask: 1, allow: 0 };

/** Decides a command as the executor does: the leave for each part is needed, and for the whole where it is more than they say. */
export function decideParts({ tool, effect, traits, subject, parts }: Explanation, policy: Policy, place: Place | undefined): Verdicts {
  const judged = (part: Pick<Explanation, 'effect' | 'traits' | 'subject'>): Decision =>
    decide(policy, { tool, effect: part.effect, traits: part.traits, subject: { ...placeOf(place, part.traits), ...part.subject } });
  const decisions = parts.map(judged);
  const told = parts.some((part) => part.effect === effect) && traits.every((trait) => parts.some((part) => part.traits.includes(trait)));
  const all = told ? decisions : [...decisions, judged({ effect, traits, subject })];
  const strictest = all.reduce((worst, each) => (strength[each.verdict] > strength[worst.verdict] ? each : worst));
  return { whole: strictest, parts: decisions };
}

/** What moves to another target may be anywhere. */
function placeOf(place: Place | undefined, traits: readonly Trait[]): JudgedCall['subject'] {
  if (place === undefined) return {};
  return { context: traits.includes('moves-target') ? '*' : place.context, namespace: place.namespace };
}
