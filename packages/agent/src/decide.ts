import type { Decision, JudgedCall, Policy, PolicyRule, Verdict } from './policy.ts';

const strength: Readonly<Record<Verdict, number>> = { deny: 2, ask: 1, allow: 0 };

/** Decides a judged call: matching rules first (deny over ask over allow), then the mode. Pure; the model has no say in it. */
export function decide(policy: Policy, call: JudgedCall): Decision {
  const floor = targetFloor(policy, call);
  const rule = strongest(policy.rules.filter((candidate) => matches(candidate, call)));
  const decision = rule === undefined ? byMode(policy, call) : byRule(rule);
  if (rule !== undefined && rule.action !== 'deny' && nothingChanges(policy) && call.effect !== 'read') return byMode(policy, call);
  return floor !== undefined && decision.verdict === 'allow' && rule?.context === undefined ? floor : decision;
}

/** The strictest of some decisions, a rule's before the mode's, else the first of equals: a call that does several things needs the leave for each. */
export function strictest(decisions: readonly Decision[]): Decision {
  const none: Decision = { verdict: 'ask', reason: 'nothing is known of what it does' };
  return decisions.reduce((worst, decision) => (weight(decision) > weight(worst) ? decision : worst), decisions[0] ?? none);
}

function weight({ verdict, byRule, approveBy }: Decision): number {
  return strength[verdict] + (byRule === true ? 0.5 : 0) + (approveBy === undefined ? 0 : 0.25);
}

/** Read-only and suggest hold whatever an allowing rule says: they are promises about the whole run. */
function nothingChanges(policy: Policy): boolean {
  return policy.mode === 'read-only' || policy.mode === 'suggest';
}

function targetFloor(policy: Policy, call: JudgedCall): Decision | undefined {
  if (!call.traits.includes('moves-target')) return undefined;
  if (policy.mode === 'auto' && policy.allowDangerous === true) return undefined;
  return { verdict: 'ask', reason: 'it names another cluster, user or credential than the run was started with' };
}

function byRule(rule: PolicyRule): Decision {
  const { action, approveBy } = rule;
  const said =
    approveBy === undefined
      ? `a rule of the configuration says ${action}`
      : 'a rule of the configuration wants another person to approve it';
  return { verdict: action, reason: rule.reason ?? said, byRule: true, ...(action === 'ask' && approveBy !== undefined && { approveBy }) };
}

function strongest(rules: readonly PolicyRule[]): PolicyRule | undefined {
  return rules.reduce<PolicyRule | undefined>(
    (best, rule) => (best === undefined || strengthOf(rule) > strengthOf(best) ? rule : best),
    undefined,
  );
}

/** Of rules that ask, one that wants another person is the stricter. */
function strengthOf({ action, approveBy }: PolicyRule): number {
  return strength[action] + (action === 'ask' && approveBy !== undefined ? 0.5 : 0);
}

function byMode(policy: Policy, call: JudgedCall): Decision {
  switch (policy.mode) {
    case 'read-only':
      return call.effect === 'read' ? byReading(call) : { verdict: 'deny', reason: 'this run is read-only: nothing may be changed' };
    case 'suggest':
      return call.effect === 'read'
        ? byReading(call)
        : { verdict: 'deny', reason: 'this run changes nothing: put the command or manifest into the answer for the user to run' };
    case 'ask-writes':
      return call.effect === 'read' ? byReading(call) : { verdict: 'ask', reason: `a call that is ${called(call)} needs an approval` };
    case 'ask-all':
      return { verdict: 'ask', reason: 'every call needs an approval in this run' };
    case 'auto':
      if (call.traits.includes('sensitive') && policy.allowDangerous !== true)
        return { verdict: 'ask', reason: 'what it reads may hold secrets, also where permissions are skipped' };
      if (call.effect === 'read' || call.effect === 'write' || policy.allowDangerous === true)
        return { verdict: 'allow', reason: 'permissions are skipped in this run' };
      return { verdict: 'ask', reason: `a call that is ${called(call)} needs an approval even where permissions are skipped` };
  }
}

function called(call: JudgedCall): string {
  return call.effect === 'unknown' ? 'not understood' : call.effect === 'write' ? 'a write' : call.effect;
}

function byReading(call: JudgedCall): Decision {
  return call.traits.includes('sensitive')
    ? { verdict: 'ask', reason: 'what it reads may hold secrets' }
    : { verdict: 'allow', reason: 'it only reads' };
}

function matches(rule: PolicyRule, call: JudgedCall): boolean {
  const { subject } = call;
  return (
    (rule.effect === undefined || rule.effect === call.effect) &&
    one(rule.tool, call.tool) &&
    one(rule.verb, subject.verb) &&
    place(rule, rule.namespace, subject.namespace) &&
    place(rule, rule.context, subject.context) &&
    kinds(rule, subject.kinds ?? [])
  );
}

/** An allow must cover every kind of the call, an ask or deny only one of them; `*` among them stands for kinds that are not seen. */
function kinds(rule: PolicyRule, named: readonly string[]): boolean {
  if (rule.kind === undefined) return true;
  return rule.action === 'allow'
    ? named.length > 0 && named.every((kind) => one(rule.kind, kind))
    : named.some((kind) => kind === '*' || one(rule.kind, kind));
}

/** A call over all namespaces, or in a cluster that is not known (`*`), touches each that a rule names, and is allowed by none that names one. */
function place(rule: PolicyRule, wanted: string | undefined, named: string | undefined): boolean {
  return named === '*' && wanted !== undefined ? rule.action !== 'allow' || wanted === '*' : one(wanted, named);
}

function one(pattern: string | undefined, value: string | undefined): boolean {
  if (pattern === undefined) return true;
  if (value === undefined) return false;
  const wanted = pattern.toLowerCase();
  const found = value.toLowerCase();
  return wanted.endsWith('*') ? found.startsWith(wanted.slice(0, -1)) : found === wanted;
}
