import type { CallPart, CallSubject } from '@kw/agent';
import type { Judgement } from './effects/judgement.ts';

/** A part of a script as a policy decides it. */
export function partOf(part: Judgement): CallPart {
  return { effect: part.effect, traits: part.traits, subject: subjectOf(part) };
}

/** What a judgement is about, as rules of a policy name it. */
export function subjectOf({ verb, kinds, namespace, context }: Judgement): CallSubject {
  return {
    ...(verb === undefined ? {} : { verb }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(context === undefined ? {} : { context }),
  };
}
