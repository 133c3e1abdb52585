import { judgeWrittenPath } from '../effects/written-paths.ts';
import { isMoreThanRead } from '../effects/judgement.ts';
import type { Finding, Judgement } from '../effects/judgement.ts';
import { hasOpaque, showOpaque } from './opaque.ts';
import { isOn, lastValue } from './parse-kubectl.ts';
import type { KubectlCommand } from './parse-kubectl.ts';

/** Judges a program and its arguments, without a shell. */
export type JudgeProgram = (argv: readonly string[]) => Judgement;

function judgeExec(command: KubectlCommand, judgeProgram: JudgeProgram): readonly Finding[] {
  const { operands, uses } = command;
  const [program] = operands.rest;
  if (program === undefined) return [{ effect: 'dangerous', reason: 'exec without a program after --' }];
  const inner = judgeProgram(operands.rest);
  const traits = inner.traits.map((trait): Finding => ({
    trait,
    reason: inner.reasons[0] ?? program,
    ...(inner.refusal !== undefined && { refusal: inner.refusal }),
  }));
  const stdin = isOn(uses, 'stdin') === true ? [{ effect: 'write', reason: '-i of exec feeds the program' } satisfies Finding] : [];
  if (!isMoreThanRead(inner.effect)) return [...traits, ...stdin, { effect: 'write', reason: `exec runs ${program} in a container` }];
  return [...traits, ...stdin, { effect: 'dangerous', reason: `exec runs ${program} in a container: ${inner.reasons.join('; ')}` }];
}

function isRemote(spec: string): boolean {
  const colon = spec.indexOf(':');
  return colon > 0;
}

function judgeCopy(command: KubectlCommand): readonly Finding[] {
  const [from = '', to = ''] = command.operands.rest;
  const found: Finding[] = [];
  if (/secrets\/|\btoken\b|\.kube|\.ssh|\.aws|environ|\.env\b/.test(from) || hasOpaque(from))
    found.push({ trait: 'sensitive', reason: `cp ${showOpaque(from)} may copy credentials` });
  if (isRemote(to) || hasOpaque(to)) return [...found, { effect: 'dangerous', reason: `cp writes into a container: ${showOpaque(to)}` }];
  return [...found, judgeWrittenPath(to, `cp to ${to}`) ?? { effect: 'write', reason: `cp to ${to}` }];
}

function judgeDebug(command: KubectlCommand): readonly Finding[] {
  const { uses, operands } = command;
  const found: Finding[] = [];
  const profile = lastValue(uses, 'profile');
  if (operands.kinds.includes('nodes')) found.push({ effect: 'dangerous', reason: 'debug of a node opens its file system' });
  if (profile === 'sysadmin' || profile === 'netadmin' || profile === 'legacy' || hasOpaque(profile ?? ''))
    found.push({ effect: 'dangerous', reason: `--profile=${showOpaque(profile ?? '')} gives the container more rights` });
  if (isOn(uses, 'replace') === true) found.push({ effect: 'dangerous', reason: '--replace of debug removes the original pod' });
  if (lastValue(uses, 'custom') !== undefined)
    found.push({ effect: 'dangerous', reason: '--custom of debug changes the container in a way that is not seen here' });
  return found;
}

function judgeAttach(command: KubectlCommand): readonly Finding[] {
  return isOn(command.uses, 'stdin') === true ? [{ effect: 'dangerous', reason: '-i of attach types into a running process' }] : [];
}

function judgePortForward(command: KubectlCommand): readonly Finding[] {
  const address = lastValue(command.uses, 'address');
  if (address === undefined || /^(?:localhost|127\.0\.0\.1|::1)(?:,(?:localhost|127\.0\.0\.1|::1))*$/.test(address)) return [];
  return [{ effect: 'dangerous', reason: `--address=${address} opens the port to others` }];
}

/** Findings about the verbs that reach into containers. */
export function judgeContainer(command: KubectlCommand, judgeProgram: JudgeProgram): readonly Finding[] {
  switch (command.verb) {
    case 'exec':
      return judgeExec(command, judgeProgram);
    case 'cp':
      return judgeCopy(command);
    case 'debug':
      return judgeDebug(command);
    case 'attach':
      return judgeAttach(command);
    case 'port-forward':
      return judgePortForward(command);
    default:
      return [];
  }
}
