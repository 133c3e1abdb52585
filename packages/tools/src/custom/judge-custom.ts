import { judgeProgramArgv } from '../bash/judge-source.ts';
import { guard, maxWords, notUnderstood } from '../effects/guard.ts';
import type { JudgeOptions } from '../effects/guard.ts';
import { conclude } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import type { CustomEffectRule, CustomToolSpec } from './tool-spec.ts';

/** Flags by which programs of Kubernetes name another cluster, user or credential. */
const targetFlag = /^--(?:kubeconfig|context|kube-[a-z-]+|server|api-?server|token|as|as-group|as-uid|insecure-skip-tls-verify)(?:=|$)/;

interface Matched {
  readonly rule: CustomEffectRule;
  readonly words: readonly string[];
}

/** The rule with the longest beginning that the arguments have; of equals the first. */
function ruleFor(effects: readonly CustomEffectRule[], args: readonly string[]): Matched | undefined {
  const matching = effects.flatMap((rule) =>
    rule.match.filter((words) => words.every((word, at) => args[at] === word)).map((words) => ({ rule, words })),
  );
  return matching.reduce<Matched | undefined>(
    (best, each) => (best === undefined || each.words.length > best.words.length ? each : best),
    undefined,
  );
}

function judgeByRule({ rule, words }: Matched, spec: CustomToolSpec, known: Judgement, args: readonly string[]): Judgement {
  const said = [spec.name, ...words].join(' ');
  const findings: Finding[] = [{ effect: rule.effect, reason: `${said} is ${rule.effect} by a rule of ${spec.origin}` }];
  for (const trait of rule.traits) findings.push({ trait, reason: `${said} is ${trait} by a rule of ${spec.origin}` });
  // What is known of the program stands beside what the rule says of its effect.
  for (const trait of known.traits) findings.push({ trait, reason: known.reasons.join('; ') });
  for (const flag of known.targetFlags ?? [])
    findings.push({ trait: 'moves-target', reason: `${flag} names another target`, targetFlag: flag });
  for (const word of args.filter((each) => targetFlag.test(each))) {
    const flag = word.split('=')[0] ?? word;
    findings.push({ trait: 'moves-target', reason: `${flag} of ${spec.name} names another target`, targetFlag: flag });
  }
  if (known.refusal !== undefined) findings.push({ reason: known.reasons.join('; '), refusal: known.refusal });
  const { kinds, names, namespace, context } = known;
  return conclude(findings, {
    verb: known.verb ?? said,
    ...(kinds !== undefined && { kinds }),
    ...(names !== undefined && { names }),
    ...(namespace !== undefined && { namespace }),
    ...(context !== undefined && { context }),
  });
}

/**
 * Judges a call of a custom tool by its whole argument list: the user's rule decides the effect, else what is known of the program
 * (`helm list` reads); everything else is unknown, and so it is asked. Pure, and never throws.
 */
export function judgeCustom(spec: CustomToolSpec, args: readonly string[], options: JudgeOptions = {}): Judgement {
  const argv = [...spec.command, ...args];
  return guard(argv.join(' '), () => {
    if (argv.length > maxWords) return notUnderstood(`more than ${maxWords} words: too long to judge`);
    const known = judgeProgramArgv(argv, options);
    const matched = ruleFor(spec.effects, args);
    const judged = matched === undefined ? known : judgeByRule(matched, spec, known, args);
    if (!spec.isInteractive) return judged;
    const line = argv.join(' ');
    const terminal: Finding = {
      trait: 'needs-terminal',
      reason: `${spec.name} needs a terminal, says ${spec.origin}`,
      refusal: `${spec.name} needs a terminal, which no command has here. Ask the person to run it in a terminal of their own: ${line}`,
    };
    return { ...judged, ...withTerminal(judged, terminal) };
  });
}

function withTerminal({ traits, reasons }: Judgement, { reason, refusal }: Finding): Pick<Judgement, 'traits' | 'reasons' | 'refusal'> {
  return {
    traits: [...new Set([...traits, 'needs-terminal' as const])].sort(),
    reasons: [...reasons, reason],
    ...(refusal === undefined ? {} : { refusal }),
  };
}
