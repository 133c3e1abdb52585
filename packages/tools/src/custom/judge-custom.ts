import { judgeProgramArgv } from '../bash/judge-source.ts';
import { guard, maxWords, notUnderstood } from '../effects/guard.ts';
import type { JudgeOptions } from '../effects/guard.ts';
import { conclude, worseEffect } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import type { CustomEffectRule, CustomToolSpec } from './tool-spec.ts';

/** Flags by which programs of Kubernetes name another cluster, user or credential; those of Go write them with one dash, too. */
const targetFlag = /^--?(?:kubeconfig|context|kube-[a-z-]+|server|api-?server|token|as|as-group|as-uid|insecure-skip-tls-verify)(?:=|$)/;

/** Flags that make a program run another one, whatever a rule says of its verb. */
const runningFlag = /^--?(?:post-renderer|exec|exec-command)(?:=|$)/;

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

/**
 * Rules whose words stand in the arguments in their order with flags before or between them: programs read `get -o yaml secret` as `get secret`.
 * Which of the words are values of flags is not known here, so such a rule makes a call stricter and never easier.
 */
function scatteredRules(effects: readonly CustomEffectRule[], args: readonly string[]): readonly Matched[] {
  if (!args.some((word) => word.startsWith('-'))) return [];
  return effects.flatMap((rule) =>
    rule.match.filter((words) => words.length > 0 && isInOrder(words, args)).map((words) => ({ rule, words })),
  );
}

function isInOrder(words: readonly string[], args: readonly string[]): boolean {
  let at = 0;
  for (const word of args) if (word === words[at]) at += 1;
  return at === words.length;
}

function judgeScattered(spec: CustomToolSpec, args: readonly string[], judged: Judgement): Judgement {
  const findings = scatteredRules(spec.effects, args).flatMap(({ rule, words }): Finding[] => {
    const said = [spec.name, ...words].join(' ');
    const isWorse = worseEffect(judged.effect, rule.effect) !== judged.effect;
    return [
      ...(isWorse ? [{ effect: rule.effect, reason: `${said} is ${rule.effect} by a rule of ${spec.origin}` }] : []),
      ...rule.traits
        .filter((trait) => !judged.traits.includes(trait))
        .map((trait) => ({ trait, reason: `${said} is ${trait} by a rule of ${spec.origin}` })),
    ];
  });
  if (findings.length === 0) return judged;
  const more = conclude(findings);
  return {
    ...judged,
    effect: worseEffect(judged.effect, more.effect),
    traits: [...new Set([...judged.traits, ...more.traits])].sort(),
    reasons: [...more.reasons, ...judged.reasons],
  };
}

/**
 * What the flags add to the words: a rule about `template` says nothing of `--post-renderer`, which runs a program. Undefined where they add
 * nothing, and where the program or its verb is not known here, so that nothing is known of its flags.
 */
function addedByFlags(spec: CustomToolSpec, args: readonly string[], known: Judgement): Finding | undefined {
  const running = args.find((word) => runningFlag.test(word));
  if (running !== undefined) return { effect: 'unknown', reason: `${running.split('=')[0] ?? running} of ${spec.name} runs a program` };
  if (known.effect === 'read') return undefined;
  const plain = judgeProgramArgv([...spec.command, ...args.filter((word) => !word.startsWith('-'))]);
  if (plain.reasons.some((reason) => reason.includes('not known') || reason.includes('not a program that is known'))) return undefined;
  const added = known.reasons.filter((reason) => !plain.reasons.includes(reason));
  return added.length === 0 ? undefined : { effect: known.effect, reason: added.join('; ') };
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
  const added = addedByFlags(spec, args, known);
  if (added !== undefined) findings.push(added);
  if (known.refusal !== undefined) findings.push({ reason: known.reasons.join('; '), refusal: known.refusal });
  const { kinds, names, namespace, context } = known;
  return conclude(findings, {
    verb: known.verb ?? said,
    ...(kinds !== undefined && { kinds }),
    ...(names !== undefined && { names }),
    ...(namespace !== undefined && { namespace }),
    ...(context !== undefined && { context }),
    ...(known.unseen === true && { unseen: true }),
  });
}

/**
 * Judges a call of a custom tool by its whole argument list: the user's rule decides the effect, else what is known of the program
 * (`helm list` reads); everything else is unknown, and so it is asked. What flags add is beyond a rule about words. Pure, and never throws.
 */
export function judgeCustom(spec: CustomToolSpec, args: readonly string[], options: JudgeOptions = {}): Judgement {
  const argv = [...spec.command, ...args];
  return guard(argv.join(' '), () => {
    if (argv.length > maxWords) return notUnderstood(`more than ${maxWords} words: too long to judge`);
    const known = judgeProgramArgv(argv, options);
    const matched = ruleFor(spec.effects, args);
    const judged = judgeScattered(spec, args, matched === undefined ? known : judgeByRule(matched, spec, known, args));
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
