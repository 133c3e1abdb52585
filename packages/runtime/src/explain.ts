import type { CallSubject, Decision, Policy, RunTarget, Trait } from '@kw/agent';
import { decide } from '@kw/agent';
import type { ExplainedPart, Explanation } from '@kw/tools';

/** A part of a command line, and what the policy says of it. */
export interface DecidedPart extends ExplainedPart {
  readonly decision: Decision;
}

/** A command line, what it comes to, and whether it would run. */
export interface ExplainedCommand extends Omit<Explanation, 'parts'> {
  readonly parts: readonly DecidedPart[];
  /** The strictest of its parts'; a refused command is denied whatever the policy says. */
  readonly decision: Decision;
  /** The cluster that it would run on, where it is known. */
  readonly target?: RunTarget;
}

/** What explaining needs to know. */
export interface ExplainOptions {
  readonly policy: Policy;
  /** The cluster that it would run on, where it is known. */
  readonly target?: RunTarget;
}

const strength = { allow: 0, ask: 1, deny: 2 } as const;

/** Says what a command line would do and whether it would run, by the judge and the policy that decide about a model's calls. Runs nothing. */
export async function explain(line: string, { policy, target }: ExplainOptions): Promise<ExplainedCommand> {
  const { explainCommand } = await import('@kw/tools');
  const explanation = explainCommand(line, target === undefined ? {} : { currentContext: target.context });
  const { tool, refusal } = explanation;
  const decideOn = ({ effect, traits, subject }: Pick<ExplainedPart, 'effect' | 'traits' | 'subject'>): Decision =>
    decide(policy, { tool, effect, traits, subject: { ...placeOf(target, traits), ...subject } });
  const parts = explanation.parts.map((part) => ({ ...part, decision: decideOn(part) }));
  const all = [...parts.map(({ decision }) => decision), decideOn(explanation)];
  const strictest = all.reduce((worst, each) => (strength[each.verdict] > strength[worst.verdict] ? each : worst));
  const refused: Decision | undefined = refusal === undefined ? undefined : { verdict: 'deny', reason: refusal };
  return { ...explanation, parts, decision: refused ?? strictest, ...(target === undefined ? {} : { target }) };
}

/** Where a command acts that names no place itself; what moves to another target may be anywhere. */
function placeOf(target: RunTarget | undefined, traits: readonly Trait[]): CallSubject {
  if (target === undefined) return {};
  return { context: traits.includes('moves-target') ? '*' : target.context, namespace: target.namespace ?? 'default' };
}
