import type { Effect, Trait } from '@kw/agent';

/** What a command is judged to do, the worst of its parts deciding. */
export interface Judgement {
  readonly effect: Effect;
  /** Sorted, each once. */
  readonly traits: readonly Trait[];
  /** Why, for people; each names the word that decided. Never empty. */
  readonly reasons: readonly string[];
  /** kubectl's verb with its sub-verb, such as `get` or `rollout undo`; for a shell line that of its worst part. */
  readonly verb?: string;
  /** The command that was judged, where it is one of a line; what is not known before is `*`. */
  readonly text?: string;
  /** Plural lower-case resource names, such as `pods`. */
  readonly kinds?: readonly string[];
  readonly names?: readonly string[];
  /** `*` for all namespaces; missing where the target's own is meant. */
  readonly namespace?: string;
  readonly context?: string;
  /** For commands that may be allowed together with their like: what else these must have in common. */
  readonly grantFlags?: readonly string[];
  /** True where what it does stands in files or at addresses that are no part of the command, or what it touches is chosen when it runs: the same words may do something else the next time. */
  readonly unseen?: boolean;
  /** The flags behind the trait `moves-target`, such as `--context`: a policy may allow some of them. */
  readonly targetFlags?: readonly string[];
  /** For commands that need a terminal or never end: the way to do it instead. */
  readonly refusal?: string;
  /** The commands inside a shell line, each with its own judgement, and what the line itself does (redirections, assignments). */
  readonly parts?: readonly Judgement[];
}

/** One observation about a command. */
export interface Finding {
  readonly effect?: Effect;
  readonly trait?: Trait;
  readonly reason: string;
  /** The flag that moves the target. */
  readonly targetFlag?: string;
  /** The way to do it instead. */
  readonly refusal?: string;
  /** It is about something to be run or applied whose content is no part of the command. */
  readonly unseen?: boolean;
}

/** What a judgement is about, beside its effect. */
export type Subject = Pick<Judgement, 'verb' | 'kinds' | 'names' | 'namespace' | 'context' | 'grantFlags' | 'unseen'>;

const severity: ReadonlyMap<Effect, number> = new Map([
  ['read', 0],
  ['write', 1],
  ['unknown', 2],
  ['dangerous', 3],
]);

/** The worse of two effects: read < write < unknown < dangerous. */
export function worseEffect(left: Effect, right: Effect): Effect {
  return (severity.get(right) ?? 2) > (severity.get(left) ?? 2) ? right : left;
}

/** True for everything that is more than a read. */
export function isMoreThanRead(effect: Effect): boolean {
  return effect !== 'read';
}

/** Makes one judgement of findings; the reasons of the deciding findings come first. */
export function conclude(findings: readonly Finding[], subject: Subject = {}): Judgement {
  const effect = findings.reduce<Effect>((worst, finding) => worseEffect(worst, finding.effect ?? 'read'), 'read');
  const deciding = findings.filter((finding) => (finding.effect ?? 'read') === effect);
  const others = findings.filter(
    (finding) => (finding.effect ?? 'read') !== effect && (finding.trait !== undefined || finding.effect !== 'read'),
  );
  const targetFlags = unique(findings.flatMap((finding) => finding.targetFlag ?? []));
  const refusal = findings.find((finding) => finding.refusal !== undefined)?.refusal;
  return {
    effect,
    traits: unique(findings.flatMap((finding) => finding.trait ?? [])).sort(),
    reasons: given([...deciding, ...others].map((finding) => finding.reason)),
    ...subject,
    ...(findings.some((finding) => finding.unseen === true) && { unseen: true }),
    ...(targetFlags.length > 0 && { targetFlags }),
    ...(refusal !== undefined && { refusal }),
  };
}

/** Makes one judgement of the judgements of a line's parts: the worst effect, all traits, the subject of the worst part. */
export function combine(parts: readonly Judgement[], findings: readonly Finding[] = []): Judgement {
  const own = conclude(findings);
  const all = findings.length > 0 || parts.length === 0 ? [own, ...parts] : parts;
  const effect = all.reduce<Effect>((worst, part) => worseEffect(worst, part.effect), 'read');
  const worst =
    parts.filter((part) => part.effect === effect && part.verb !== undefined)[0] ?? parts.find((part) => part.verb !== undefined);
  const kinds = unique(parts.flatMap((part) => part.kinds ?? []));
  const names = unique(parts.flatMap((part) => part.names ?? []));
  const targetFlags = unique(all.flatMap((part) => part.targetFlags ?? []));
  const refusal = all.find((part) => part.refusal !== undefined)?.refusal;
  const ordered = [...all].sort((left, right) => (severity.get(right.effect) ?? 2) - (severity.get(left.effect) ?? 2));
  const reasons = ordered
    .filter((part) => part.effect === effect || part.traits.length > 0 || part.effect !== 'read')
    .flatMap((part) => part.reasons);
  return {
    effect,
    traits: unique(all.flatMap((part) => part.traits)).sort(),
    reasons: given(reasons),
    ...(worst?.verb !== undefined && { verb: worst.verb }),
    ...(kinds.length > 0 && { kinds }),
    ...(names.length > 0 && { names }),
    ...(worst?.namespace !== undefined && { namespace: worst.namespace }),
    ...(worst?.context !== undefined && { context: worst.context }),
    ...(all.some((part) => part.unseen === true) && { unseen: true }),
    ...(targetFlags.length > 0 && { targetFlags }),
    ...(refusal !== undefined && { refusal }),
    ...(parts.length > 0 && { parts: [...(findings.length > 0 ? [own] : []), ...parts.flatMap((part) => part.parts ?? [part])] }),
  };
}

function given(reasons: readonly string[]): readonly string[] {
  return reasons.length === 0 ? ['nothing is run'] : unique(reasons);
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
