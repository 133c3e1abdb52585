import type { PrepareScope, Tool, ToolInvocation } from '@kw/agent';
import { KwError } from '@kw/agent';
import { isOpenKubeTarget } from '@kw/kube';
import { subjectOf, partOf } from '../call-subject.ts';
import { isUnseen } from '../effects/is-unseen.ts';
import { findProgram } from '../find-program.ts';
import { judgeOptions, parseCommandInput } from '../input.ts';
import type { CommandInput } from '../input.ts';
import type { Spawn } from '../process/run-process.ts';
import type { WorkDirectory } from '../run-command.ts';
import { runCommand } from '../run-command.ts';
import { judgeCustom } from './judge-custom.ts';
import { pointsElsewhere } from './points-elsewhere.ts';
import { splitCommand } from './split-command.ts';
import type { CustomToolSpec } from './tool-spec.ts';
import { toolVersion } from './tool-version.ts';
import { withoutPrefix } from './without-prefix.ts';

/** How custom tools are run. Everything has a default. */
export interface CustomToolOptions {
  /** Where commands run; otherwise `/`. */
  readonly cwd?: WorkDirectory;
  /** The environment where there is no cluster; with one its own small environment is used. */
  readonly env?: Readonly<Record<string, string>>;
  /** What one call may take, in milliseconds, where the tool does not say it. */
  readonly timeoutMs?: number;
  readonly spawn?: Spawn;
}

/** A tool of the user's own: a program with its first words fixed, run without a shell on the frozen target. */
export function customTool(spec: CustomToolSpec, options: CustomToolOptions = {}): Tool {
  const { name, description, command, commandDescription } = spec;
  let version: string | undefined;
  return {
    name,
    title: name,
    // An approval is bound to it. Made when it is wanted: that takes a while.
    get version() {
      version ??= toolVersion(spec);
      return version;
    },
    description,
    parameters: {
      type: 'object',
      properties: {
        command: { type: 'string', description: commandDescription === '' ? `The arguments of ${command.join(' ')}.` : commandDescription },
        input: { type: 'string', description: 'Text for standard input.' },
      },
      required: ['command'],
    },
    guidance: `${name} runs ${command.join(' ')} without a shell: no pipes, no redirections, no variables.`,
    prepare: (argumentsJson, scope) => prepare(spec, parseCommandInput(argumentsJson, name, { mayBeEmpty: true }), { scope, options }),
  };
}

interface Preparing {
  readonly scope: PrepareScope;
  readonly options: CustomToolOptions;
}

function prepare(spec: CustomToolSpec, input: CommandInput, { scope, options }: Preparing): ToolInvocation {
  const split = splitCommand(input.command);
  if (split.type === 'refused') {
    throw new KwError(
      'tool-input',
      `${spec.name}: ${split.reason}, but it runs without one: quote what is meant as it stands, and use the bash tool for pipes and redirections`,
    );
  }
  const args = withoutPrefix(split.words, spec.command);
  const argv = [...spec.command, ...args];
  const judgement = judgeCustom(spec, args, judgeOptions(input, scope));
  const line = argv.map(quoted).join(' ');
  const timeoutMs = spec.timeoutMs ?? options.timeoutMs;
  return {
    effect: judgement.effect,
    traits: judgement.traits,
    reasons: judgement.reasons,
    summary: input.input === undefined ? line : `${line}\n${input.input}`,
    subject: subjectOf(judgement),
    ...(judgement.parts === undefined ? {} : { parts: judgement.parts.map(partOf) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    // Where the program is one that runs source (`sh -c`).
    ...(judgement.parts === undefined ? {} : { source: line }),
    binding: JSON.stringify(argv),
    ...(isUnseen(judgement) || (judgement.effect !== 'read' && pointsElsewhere(args)) ? { unseen: true } : {}),
    ...(judgement.refusal === undefined ? {} : { refusal: judgement.refusal }),
    async *run(context) {
      const base = isOpenKubeTarget(context.target)
        ? context.target.shellEnvironment
        : (options.env ?? { PATH: '/usr/local/bin:/usr/bin:/bin' });
      const own = spec.env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
      const env = { ...base, ...Object.fromEntries(own) };
      const [program, ...rest] = argv;
      const file = await locate(spec, program ?? '', env['PATH'] ?? '');
      const stdin = input.input === undefined ? {} : { input: input.input };
      yield* runCommand(
        {
          file,
          args: rest,
          env,
          cwd: options.cwd,
          progress: { showsLines: !judgement.traits.includes('sensitive') },
          ...stdin,
          ...(options.spawn === undefined ? {} : { spawn: options.spawn }),
        },
        context,
      );
    },
  };
}

async function locate({ name, origin }: CustomToolSpec, program: string, path: string): Promise<string> {
  const file = program.startsWith('/') ? program : await findProgram(program, path);
  if (file !== undefined) return file;
  throw new KwError(
    'program-missing',
    `${program} was not found on PATH: install it, or give its absolute path as "command" of ${name} (${origin})`,
  );
}

/** A word as a shell would have to be given it. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_./:@%+=,{}[\]^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
