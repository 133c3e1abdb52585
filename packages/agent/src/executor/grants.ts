import type { GrantedCalls, GrantOffer } from '../approval.ts';
import { cutMiddle, visible } from '../output/visible.ts';
import type { JudgedCall } from '../policy.ts';
import type { CallSubject } from '../tool.ts';
import type { Question } from './approve.ts';
import type { ExecutionScope } from './scope.ts';
import { sha256Hex } from './sha256-hex.ts';

const maxLabelUnits = 200;

/**
 * What may be granted beyond this one call, and at the same time which grants cover it: a grant covers a call that would be offered the same key.
 * Nothing is offered where a rule of the configuration asks, where the arguments hold a secret, where the call leaves the run's cluster, and where what it
 * does stands in a file or at an address: that could be something else the next time.
 */
export function grantsFor(
  { judged, secret, fingerprint }: Question,
  { target, redactor }: Pick<ExecutionScope, 'target' | 'redactor'>,
): readonly GrantOffer[] {
  const { decision, invocation } = judged;
  if (decision.byRule === true || secret || invocation.traits.includes('moves-target') || invocation.unseen === true) return [];
  // A target's fingerprint does not hold the namespace that is meant where none is named.
  const exact = sha256Hex(JSON.stringify(['exact', fingerprint, target?.namespace ?? '']));
  const similar = similarTo({ judged }, target?.fingerprint);
  return [
    { scope: 'exact', label: firstLine(redactor.text(invocation.summary)), key: exact },
    ...(similar === undefined ? [] : [similarOffer(similar, redactor)]),
  ];
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

/** The class of calls that may be granted together; undefined where there is none: everything that is not a plain write of named objects in one place. */
function similarTo({ judged }: Pick<Question, 'judged'>, fingerprint: string | undefined): SimilarCalls | undefined {
  const { invocation, parts, tool } = judged;
  if (fingerprint === undefined || invocation.source !== undefined || invocation.effect !== 'write' || invocation.traits.length > 0)
    return undefined;
  const [first, ...others] = parts.map(partClass);
  if (first === undefined || others.some((other) => other?.class !== first.class)) return undefined;
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
