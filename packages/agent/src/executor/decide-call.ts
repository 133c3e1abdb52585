import { decide, strictest } from '../decide.ts';
import type { Decision, JudgedCall, Policy } from '../policy.ts';
import type { RunTarget } from '../target.ts';
import type { CallPart, CallSubject, ToolInvocation, Trait } from '../tool.ts';

/** What is decided: a call of a tool, as far as a policy looks at it. */
export type DecidableCall = Pick<ToolInvocation, 'effect' | 'traits' | 'subject' | 'parts'> & { readonly tool: string };

/** What a policy makes of a call. */
export interface DecidedCall {
  /** The strictest decision of all. */
  readonly decision: Decision;
  /** What was decided, part by part in their order, and last the whole where it is more than they say. */
  readonly parts: readonly { readonly call: JudgedCall; readonly decision: Decision }[];
}

/** Where a call acts that names no place itself. */
export type CallPlace = Pick<RunTarget, 'context' | 'namespace'>;

/** Decides a call: the leave for each part is needed, and for the whole where it is more than they say. Pure. */
export function decideCall(call: DecidableCall, policy: Policy, place?: CallPlace): DecidedCall {
  const parts = partsOf(call).map(({ effect, traits, subject }) => {
    const judged: JudgedCall = { tool: call.tool, effect, traits, subject: { ...placeOf(place, traits), ...subject } };
    return { call: judged, decision: decide(policy, judged) };
  });
  return { parts, decision: strictest(parts.map(({ decision }) => decision)) };
}

/** What moves to another target may be anywhere. */
function placeOf(place: CallPlace | undefined, traits: readonly Trait[]): CallSubject {
  const context = traits.includes('moves-target') ? '*' : place?.context;
  return place === undefined ? {} : { ...(context === undefined ? {} : { context }), namespace: place.namespace ?? 'default' };
}

function partsOf({ effect, traits, subject, parts = [] }: DecidableCall): readonly CallPart[] {
  const told = parts.some((part) => part.effect === effect) && traits.every((trait) => parts.some((part) => part.traits.includes(trait)));
  return told ? parts : [...parts, { effect, traits, ...(subject === undefined ? {} : { subject }) }];
}
