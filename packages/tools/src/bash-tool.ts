import type { PrepareScope, Tool, ToolInvocation } from '@kw/agent';
import { isOpenKubeTarget } from '@kw/kube';
import { judgeShell } from './bash/judge-shell.ts';
import { isUnseen } from './effects/is-unseen.ts';
import { findProgram } from './find-program.ts';
import { partOf, subjectOf } from './call-subject.ts';
import { judgeOptions, parseCommandInput } from './input.ts';
import type { CommandInput } from './input.ts';
import { withoutFetching } from './process/offline.ts';
import type { Spawn } from './process/run-process.ts';
import type { LearnSecrets } from './secrets/read-before.ts';
import { learnBefore } from './secrets/read-before.ts';
import type { WorkDirectory } from './run-command.ts';
import { runCommand } from './run-command.ts';

/** How the shell is run. Everything has a default. */
export interface BashOptions {
  /** Absolute path of bash. */
  readonly shell?: string;
  /** Where commands run; otherwise `/`. */
  readonly cwd?: WorkDirectory;
  /** The environment where there is no cluster; with one its own small environment is used. */
  readonly env?: Readonly<Record<string, string>>;
  /** What one call may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** Is told the values of the Secrets that a script reads, before it prints any of them. */
  readonly learnSecrets?: LearnSecrets;
  readonly spawn?: Spawn;
}

/** The bash tool: a script, judged as a shell reads it; what is not understood is asked. */
export function bash(options: BashOptions = {}): Tool {
  return {
    name: 'bash',
    title: 'bash',
    version: '1',
    description:
      'Runs a short bash script for what kubectl alone can not do: pipes and filters over kubectl, helm, jq, grep, awk. ' +
      'Prefer the kubectl tool. Nothing stays between calls but files in the current folder, which kubectl sees, too; there is no terminal.',
    parameters: {
      type: 'object',
      properties: {
        command: { type: 'string' },
        input: { type: 'string' },
      },
      required: ['command'],
    },
    prepare: (argumentsJson, scope) => createShellInvocation(parseCommandInput(argumentsJson, 'bash'), scope, options),
  };
}

/** A script as a call: judged by its worst part, run by bash without start-up files. */
export function createShellInvocation(input: CommandInput, scope: PrepareScope, options: BashOptions): ToolInvocation {
  const judgement = judgeShell(input.command, judgeOptions(input, scope));
  const file = options.shell ?? '/bin/bash';
  const args = ['--norc', '--noprofile', '-c', input.command];
  return {
    effect: judgement.effect,
    traits: judgement.traits,
    reasons: judgement.reasons,
    summary: input.input === undefined ? input.command.trim() : `${input.command.trim()}\n${input.input}`,
    subject: subjectOf(judgement),
    ...(judgement.parts === undefined ? {} : { parts: judgement.parts.map(partOf) }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    source: input.command,
    ...(isUnseen(judgement) ? { unseen: true } : {}),
    binding: JSON.stringify([file, args]),
    ...(judgement.refusal === undefined ? {} : { refusal: judgement.refusal }),
    async *run(context) {
      const own = isOpenKubeTarget(context.target)
        ? context.target.shellEnvironment
        : (options.env ?? { PATH: '/usr/local/bin:/usr/bin:/bin' });
      const fetches = judgement.effect === 'read' && /kustomize|\s-k/.test(input.command);
      const env = fetches ? withoutFetching(own, context, { needsCluster: true }) : own;
      const stdin = input.input === undefined ? {} : { input: input.input };
      const spawn = options.spawn === undefined ? {} : { spawn: options.spawn };
      const isSensitive = judgement.traits.includes('sensitive');
      if (isSensitive && options.learnSecrets !== undefined) {
        const kubectl = await findProgram('kubectl', env['PATH'] ?? '');
        if (kubectl !== undefined)
          await learnBefore(judgement, { file: kubectl, env, cwd: '/', learn: options.learnSecrets, ...spawn }, context);
      }
      yield* runCommand({ file, args, env, cwd: options.cwd, progress: { showsLines: !isSensitive }, ...stdin, ...spawn }, context);
    },
  };
}
