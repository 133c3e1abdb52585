import type { GrantedCalls, GrantOffer, UngrantedReason } from '../approval.ts';
import { cutMiddle, visible } from '../output/visible.ts';
import type { JudgedCall } from '../policy.ts';
import type { CallSubject } from '../tool.ts';
import type { Question } from './approve.ts';
import type { ExecutionScope } from './scope.ts';
import { sha256Hex } from './sha256-hex.ts';

const maxLabelUnits = 200;

/** What may be granted, and why not more. */
export interface GrantChoice {
  readonly grants: readonly GrantOffer[];
  readonly ungranted?: UngrantedReason;
}

/**
 * What may be granted beyond this one call, and at the same time which grants cover it: a grant covers a call that would be offered the same key.
 * Nothing is offered where a rule of the configuration asks, where the arguments hold a secret, where the call leaves the run's cluster, and where what it
 * does stands in a file or at an address: that could be something else the next time.
 */
export function grantsFor(
  { judged, secret, fingerprint }: Question,
  { target, redactor }: Pick<ExecutionScope, 'target' | 'redactor'>,
): GrantChoice {
  const { invocation } = judged;
  const never = neverGranted({ judged, secret });
  if (never !== undefined) return { grants: [], ungranted: never };
  // A target's fingerprint does not hold the namespace that is meant where none is named.
  const exact = sha256Hex(JSON.stringify(['exact', fingerprint, target?.namespace ?? '']));
  const similar = similarTo({ judged }, target?.fingerprint);
  const offer: GrantOffer = { scope: 'exact', label: firstLine(redactor.text(invocation.summary)), key: exact };
  return typeof similar === 'string' ? { grants: [offer], ungranted: similar } : { grants: [offer, similarOffer(similar, redactor)] };
}

/** Why not even this very command may be granted; undefined where it may. */
function neverGranted({ judged, secret }: Pick<Question, 'judged' | 'secret'>): UngrantedReason | undefined {
  const { decision, invocation } = judged;
  if (decision.byRule === true) return 'rule';
  if (secret) return 'secret';
  if (invocation.traits.includes('moves-target')) return 'other-cluster';
  return invocation.unseen === true ? 'unseen' : undefined;
}

/** The parts of the label go along where hiding secrets changes none of them. */
function similarOffer(similar: SimilarCalls, redactor: ExecutionScope['redactor']): GrantOffer {
  const label = redactor.text(similar.label);
  const told = label === similar.label && !redactor.touches(JSON.stringify(similar.calls));
  return { scope: 'similar', label, ...(told ? { calls: similar.calls } : {}), key: sha256Hex(similar.class) };
}

/** Calls that may be granted together. */
interface SimilarCalls {
  readonly class: string;
  readonly label: string;
  readonly calls: GrantedCalls;
}

function firstLine(text: string): string {
  return cutMiddle(visible(text.split('\n')[0] ?? ''), maxLabelUnits);
}

/** The class of calls that may be granted together, or why there is none: everything that is not a plain write of named objects in one place. */
function similarTo({ judged }: Pick<Question, 'judged'>, fingerprint: string | undefined): SimilarCalls | UngrantedReason {
  const { invocation, parts, tool } = judged;
  const { effect, traits, source } = invocation;
  if (effect === 'dangerous' || effect === 'unknown') return effect;
  if (source !== undefined) return 'script';
  if (fingerprint === undefined || effect !== 'write' || traits.length > 0) return 'not-plain';
  const [first, ...others] = parts.map(partClass);
  if (first === undefined) return 'not-plain';
  if (others.some((other) => other?.class !== first.class)) return 'several';
  return { ...first, class: JSON.stringify(['similar', tool.name, tool.version, fingerprint, first.class]) };
}

function partClass({ effect, traits, subject }: JudgedCall): SimilarCalls | undefined {
  const { verb, namespace, context = '', flags } = subject;
  const kinds = (subject.kinds ?? []).toSorted();
  if (effect !== 'write' || traits.length > 0 || flags === undefined || verb === undefined || namespace === undefined) return undefined;
  if (!isPlain(subject, kinds)) return undefined;
  const sorted = flags.toSorted();
  const how = sorted.length === 0 ? '' : ` with ${sorted.join(', ')}`;
  return {
    class: JSON.stringify([verb, kinds, namespace, context, sorted]),
    label: cutMiddle(visible(`${verb} ${kinds.join(', ')} in ${namespace}${how}`), maxLabelUnits),
    calls: { verb, kinds, namespace, flags: sorted },
  };
}

/** Names that are what they seem: no `*`, nothing that is not known before, no words that could be read as more than a name. */
function isPlain({ verb = '', namespace = '', context = '' }: CallSubject, kinds: readonly string[]): boolean {
  return (
    /^[a-z][a-z -]*$/.test(verb) &&
    kinds.length > 0 &&
    kinds.every((kind) => /^[a-z0-9][a-z0-9.-]*$/.test(kind)) &&
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace) &&
    !context.includes('*')
  );
}
