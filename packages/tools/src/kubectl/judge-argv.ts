import { conclude } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { judgeWrittenPath } from '../effects/written-paths.ts';
import { judgeChange } from './changes.ts';
import { judgeContainer } from './containers.ts';
import type { JudgeProgram } from './containers.ts';
import { judgeEndless } from './endless.ts';
import { hasOpaque, opaque } from './opaque.ts';
import { isOn, lastValue, parseKubectlArgv } from './parse-kubectl.ts';
import type { KubectlCommand } from './parse-kubectl.ts';
import { placeOfFile, placeOfKustomization } from './places.ts';
import { judgeRawRead } from './raw-path.ts';
import { judgeSensitive } from './sensitive.ts';
import { manifestsOf, subjectOf } from './subject.ts';
import { judgeTargetFlags } from './target-flags.ts';

/** What a judgement may know and use beside the words. */
export interface KubectlScope {
  /** Judges the program that `exec` runs. */
  readonly judgeProgram: JudgeProgram;
  /** The context that the run is bound to; naming it moves nothing. */
  readonly currentContext?: string;
  /** What comes by stdin, where it is known. */
  readonly input?: string;
}

/** What stands for every kubectl command, whatever its verb: profiles, places that are fetched. */
function judgeSurroundings(command: KubectlCommand): readonly Finding[] {
  const { uses, files, kustomization, verb } = command;
  const found: Finding[] = [];
  const profile = uses.findLast((use) => use.spec.name === 'profile' && use.spec.isGlobal);
  if (profile !== undefined && profile.value !== 'none')
    found.push({ effect: 'write', reason: `${profile.written} writes a profile to a file` });
  const written = lastValue(uses, 'profile-output');
  if (written !== undefined)
    found.push(
      { effect: 'write', reason: '--profile-output names a file to write' },
      ...listed(judgeWrittenPath(written, `--profile-output=${written}`)),
    );
  const remote = [
    ...files.filter((file) => placeOfFile(file) === 'remote' || placeOfFile(file) === 'not-known'),
    ...remoteKustomizations(command),
  ];
  for (const name of remote) {
    found.push({
      effect: 'unknown',
      unseen: true,
      reason: hasOpaque(name)
        ? `${verb} reads from a place that is not known before`
        : `${verb} fetches ${name}, whose content is not seen here`,
    });
  }
  if (kustomization === undefined && verb === 'kustomize') found.push(...judgeKustomize(command));
  return found;
}

function listed(finding: Finding | undefined): readonly Finding[] {
  return finding === undefined ? [] : [finding];
}

function remoteKustomizations(command: KubectlCommand): readonly string[] {
  const names = [
    ...(command.kustomization === undefined ? [] : [command.kustomization]),
    ...(command.verb === 'kustomize' ? command.operands.rest : []),
  ];
  return names.filter((name) => placeOfKustomization(name) !== 'local');
}

function judgeKustomize(command: KubectlCommand): readonly Finding[] {
  const { uses } = command;
  const programs = ['enable-alpha-plugins', 'enable-helm', 'network'].filter((name) => isOn(uses, name) === true);
  const settings = ['helm-command', 'mount', 'env'].filter((name) => lastValue(uses, name) !== undefined);
  const output = lastValue(uses, 'output');
  return [
    ...[...programs, ...settings].map((name): Finding => ({ effect: 'unknown', reason: `--${name} of kustomize runs programs` })),
    ...(output === undefined ? [] : listed(judgeWrittenPath(output, `-o ${output} of kustomize`))),
  ];
}

/** Ways that kubectl goes without looking at `--dry-run`. */
function ignoresDryRun(command: KubectlCommand): boolean {
  return (
    (command.verb === 'replace' && isOn(command.uses, 'force') === true) ||
    (command.verb === 'create' && isOn(command.uses, 'edit') === true)
  );
}

function isOnlyLooking(command: KubectlCommand): string | undefined {
  const { uses, verb } = command;
  if (command.dryRun !== 'none' && lastValue(uses, 'raw') === undefined && !ignoresDryRun(command)) return `--dry-run=${command.dryRun}`;
  if (isOn(uses, 'local') === true && /^(?:set |patch$|label$|annotate$)/.test(verb)) return '--local';
  if (isOn(uses, 'list') === true && /^(?:set env|label|annotate)$/.test(verb)) return '--list';
  return undefined;
}

/** A word that is not known before could be a flag, which could mean anything. */
function judgeUnknownWords(command: KubectlCommand): readonly Finding[] {
  const loose = command.positionals.slice(0, command.dashAt).some((word) => word.startsWith(opaque));
  return loose ? [{ effect: 'unknown', reason: `an argument of ${command.verb} is not known before and may be a flag` }] : [];
}

/** What a verb's own rule and its flags come to. */
function judgeVerb(command: KubectlCommand, scope: KubectlScope): readonly Finding[] {
  const { uses, verb, rule } = command;
  const raw = lastValue(uses, 'raw');
  if (verb === 'get' && raw !== undefined && raw !== '') return judgeRawRead(raw);
  if (raw !== undefined && /^(?:create|delete|replace)$/.test(verb))
    return [{ effect: 'dangerous', reason: `--raw ${raw} of ${verb} sends a request as it stands` }];
  if (verb === 'cluster-info dump') {
    const directory = lastValue(uses, 'output-directory');
    if (directory !== undefined && directory !== '-' && directory !== '')
      return [judgeWrittenPath(directory, `--output-directory=${directory}`) ?? { effect: 'read', reason: 'output goes nowhere' }];
  }
  if (verb.startsWith('config ') && rule.effect !== 'read') {
    return [
      { effect: rule.effect, reason: `${verb} ${rule.does}` },
      { trait: 'moves-target', reason: `${verb} changes where later commands go`, targetFlag: verb },
    ];
  }
  const looking = rule.effect === 'read' ? undefined : isOnlyLooking(command);
  if (looking !== undefined) return [{ effect: 'read', reason: `${looking} of ${verb} changes nothing` }];
  const base: Finding = { effect: rule.effect, reason: verb === '' ? rule.does : `${verb} ${rule.does}` };
  if (rule.effect === 'read') return [base];
  return [
    base,
    ...judgeChange(command),
    ...judgeContainer(command, scope.judgeProgram),
    ...(/^(?:apply|create|replace)$/.test(verb) ? (manifestsOf(command, scope.input)?.findings ?? []) : []),
  ];
}

/** Judges kubectl with an argument list, with or without the program's name in front. */
export function judgeKubectlArgv(argv: readonly string[], scope: KubectlScope): Judgement {
  const command = parseKubectlArgv(argv);
  if (command.type === 'unread') {
    const moved: readonly Finding[] =
      command.movesTarget === undefined ? [] : [{ trait: 'moves-target', reason: command.reason, targetFlag: command.movesTarget }];
    return conclude([{ effect: 'unknown', reason: command.reason }, ...moved], command.movesTarget === undefined ? {} : { context: '*' });
  }
  if (command.verb === '') return conclude([{ effect: 'read', reason: command.rule.does }], { verb: 'help' });
  const moved = judgeTargetFlags(command.uses, scope.currentContext);
  const findings = [
    ...judgeUnknownWords(command),
    ...judgeVerb(command, scope),
    ...judgeSurroundings(command),
    ...judgeEndless(command),
    ...judgeSensitive(command),
    ...moved,
  ];
  return conclude(findings, subjectOf(command, { input: scope.input, movedBy: moved.flatMap(({ targetFlag }) => targetFlag ?? []) }));
}
