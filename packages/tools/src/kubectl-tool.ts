import type { CallSubject, ChangePreview, PrepareScope, Tool, ToolContext, ToolInvocation, TargetSource } from '@kw/agent';
import { KwError } from '@kw/agent';
import type { OpenKubeTarget } from '@kw/kube';
import { createKubeTargets, isOpenKubeTarget, nodeHost } from '@kw/kube';
import { createShellInvocation } from './bash-tool.ts';
import { subjectOf as judgedSubject } from './call-subject.ts';
import { isUnseen } from './effects/is-unseen.ts';
import type { Judgement } from './effects/judgement.ts';
import { findProgram } from './find-program.ts';
import { judgeOptions, parseCommandInput } from './input.ts';
import type { CommandInput } from './input.ts';
import { hideWhatCanBeHidden } from './kubectl/hide-secrets.ts';
import { judgeKubectl } from './kubectl/judge-kubectl.ts';
import { boundOfLogs, tellBound } from './kubectl/bound-logs.ts';
import { beyondCluster } from './kubectl/cluster-only.ts';
import type { KubectlCommand } from './kubectl/parse-kubectl.ts';
import { parseKubectl } from './kubectl/parse-kubectl.ts';
import { mayBeTried } from './preview/preview-arguments.ts';
import { previewKubectl } from './preview/preview-kubectl.ts';
import { withoutFetching } from './process/offline.ts';
import type { Spawn } from './process/run-process.ts';
import { learnFrom } from './secrets/learn-from.ts';
import type { LearnSecrets } from './secrets/read-before.ts';
import type { WorkDirectory } from './run-command.ts';
import { collectCommand, enterDirectory, runCommand } from './run-command.ts';

/** How kubectl is found and which clusters it may reach. Everything has a default. */
export interface KubectlOptions {
  /** Absolute path of kubectl; otherwise the first one on PATH, looked up when a call runs. */
  readonly path?: string;
  /** Where clusters come from; otherwise the user's kubeconfig, or the pod's service account. */
  readonly targets?: TargetSource;
  /** Where commands run; otherwise `/`, so that nothing is read from or written to a place by accident. */
  readonly cwd?: WorkDirectory;
  /** What one call may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** Is told the values of Secrets that are read, so that they can be hidden wherever they come up later. */
  readonly learnSecrets?: LearnSecrets;
  /** Refuses all that is more than a request to the cluster as its user: shells, files of this host, other targets. For users who are not this process's own. */
  readonly clusterOnly?: boolean;
  readonly spawn?: Spawn;
}

const previewTimeoutMs = 15_000;

/** The kubectl tool: one command line, judged as kubectl reads it, run without a shell on the frozen target. */
export function kubectl(options: KubectlOptions = {}): Tool {
  const targets = options.targets ?? createKubeTargets({ host: nodeHost() });
  return {
    name: 'kubectl',
    title: 'kubectl',
    version: '1',
    description:
      'Runs one whole kubectl command in the current context, such as "kubectl get pods -n shop". Do not name cluster, user or credentials. ' +
      'Ask narrowly: name objects, use -n, -l, --tail, -o wide rather than whole lists as YAML. Changes are shown to a person before they run.',
    guidance:
      'Commands that follow or need a terminal (-w, -f, edit, exec -it, port-forward) are refused; use --tail, --since or get again.',
    parameters: {
      type: 'object',
      properties: {
        command: { type: 'string' },
        input: { type: 'string', description: 'Text for standard input, such as a manifest for apply -f -.' },
      },
      required: ['command'],
    },
    targets,
    prepare: (argumentsJson, scope) => prepare(parseCommandInput(argumentsJson, 'kubectl'), scope, { ...options, targets }),
  };
}

function prepare(input: CommandInput, scope: PrepareScope, options: KubectlOptions): ToolInvocation {
  const parsed = parseKubectl(input.command);
  if (parsed.type === 'unread' && parsed.forShell && options.clusterOnly !== true) return createShellInvocation(input, scope, options);
  const command = parsed.type === 'parsed' ? parsed : undefined;
  const bound = boundOfLogs(command);
  const argv = bound === undefined ? parsed.argv : [...parsed.argv, bound];
  const judgement = judgeKubectl(parsed.type === 'parsed' ? argv : input.command, judgeOptions(input, scope));
  const hidden = hideWhatCanBeHidden(judgement, command);
  const refusal = (options.clusterOnly === true ? beyondCluster(command, judgement) : undefined) ?? judgement.refusal;
  const fetches = command !== undefined && (command.verb === 'kustomize' || command.kustomization !== undefined);
  return {
    ...hidden,
    summary: summaryOf(bound === undefined ? input : { ...input, command: `${input.command.trim()} ${bound}` }),
    subject: subjectOf(judgement, scope),
    ...timeoutOf(options),
    // What a container runs.
    ...(/^(?:exec|run|debug)$/.test(judgement.verb ?? '') ? { source: input.command } : {}),
    ...(isUnseen(judgement) ? { unseen: true } : {}),
    binding: JSON.stringify(['kubectl', options.path ?? '', argv]),
    ...(refusal === undefined ? {} : { refusal }),
    ...(command === undefined || judgement.effect === 'read' || !mayBeTried(command, scope.target?.context)
      ? {}
      : { preview: (context: ToolContext) => preview(command, input, { context, options }) }),
    async *run(context) {
      const target = await targetOf(context, options);
      const file = await locate(options, target);
      const env = target.kubectlEnvironment;
      const chunks = runCommand(
        {
          file,
          args: argv,
          env: fetches && judgement.effect === 'read' ? withoutFetching(env, context, { needsCluster: command.verb !== 'kustomize' }) : env,
          cwd: options.cwd,
          progress: { showsLines: !judgement.traits.includes('sensitive') },
          ...stdinOf(input),
          ...spawnOf(options),
        },
        context,
      );
      const { learnSecrets } = options;
      if (bound !== undefined) yield* tellBound(chunks);
      else if (learnSecrets !== undefined && judgement.traits.includes('sensitive')) yield* learnFrom(chunks, learnSecrets);
      else yield* chunks;
    },
  };
}

function summaryOf({ command, input }: CommandInput): string {
  const line = /^\s*kubectl\s/.test(command) ? command.trim() : `kubectl ${command.trim()}`;
  return input === undefined ? line : `${line}\n${input}`;
}

function subjectOf(judgement: Judgement, { target }: PrepareScope): CallSubject {
  const { namespace = target?.namespace, context = target?.context, grantFlags } = judgement;
  return {
    ...judgedSubject(judgement),
    ...(namespace === undefined ? {} : { namespace }),
    ...(context === undefined ? {} : { context }),
    ...(grantFlags === undefined ? {} : { flags: grantFlags }),
  };
}

interface PreviewScope {
  readonly context: ToolContext;
  readonly options: KubectlOptions;
}

async function preview(command: KubectlCommand, input: CommandInput, { context, options }: PreviewScope): Promise<ChangePreview> {
  const target = await targetOf(context, options);
  const file = await locate(options, target);
  const directory = await enterDirectory(options.cwd, context);
  try {
    return await previewKubectl(
      command,
      (args, text) => {
        const stdin = text === undefined ? {} : { input: text };
        const limits = { signal: context.signal, timeoutMs: previewTimeoutMs };
        return collectCommand({ file, args, env: target.kubectlEnvironment, cwd: directory.path, ...stdin, ...spawnOf(options) }, limits);
      },
      input.input,
    );
  } finally {
    directory.leave();
  }
}

/** Where there is none, the source says why. */
async function targetOf({ target, signal }: ToolContext, { targets }: KubectlOptions): Promise<OpenKubeTarget> {
  if (isOpenKubeTarget(target)) return target;
  await targets?.freeze({}, signal);
  throw new KwError('no-cluster', 'kubectl has no cluster to act on: give the agent a source of targets (createKubeTargets of @kw/kube)');
}

async function locate({ path }: KubectlOptions, target: OpenKubeTarget): Promise<string> {
  const file = path ?? (await findProgram('kubectl', target.kubectlEnvironment['PATH'] ?? ''));
  if (file !== undefined) return file;
  throw new KwError(
    'kubectl-missing',
    'kubectl was not found on PATH: install it (https://kubernetes.io/docs/tasks/tools/) or put its folder into PATH',
  );
}

function timeoutOf({ timeoutMs }: KubectlOptions): { readonly timeoutMs?: number } {
  return timeoutMs === undefined ? {} : { timeoutMs };
}

function stdinOf({ input }: CommandInput): { readonly input?: string } {
  return input === undefined ? {} : { input };
}

function spawnOf({ spawn }: KubectlOptions): { readonly spawn?: Spawn } {
  return spawn === undefined ? {} : { spawn };
}
