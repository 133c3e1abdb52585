import type { OutputReader, TargetSource, Tool, ToolContext } from '@kw/agent';
import type { EnteredDirectory } from '@kw/tools';
import type { Config } from './config/config.ts';
import { loadCustomTools } from './custom-tools.ts';
import { onlyKubectl } from './config/notice.ts';
import type { RuntimeHost } from './host.ts';
import { identifiedTargets, tokenOf } from './identity.ts';
import { createLearnedSecrets } from './learned-secrets.ts';
import { listTool } from './listed-tool.ts';
import type { ListedTool } from './listed-tool.ts';
import type { TokenVault } from './token-vault.ts';

/** The clusters and tools of a configuration. */
export interface Equipment {
  readonly targets: TargetSource;
  readonly tools: readonly Tool[];
  readonly listed: readonly ListedTool[];
  /** Secret values that custom tools are given. */
  readonly secrets: readonly string[];
  /** Secret values that came up since it was last asked. */
  readonly learned: () => readonly string[];
  /** Learns the values of the Secrets in what a person gave. */
  readonly learnFrom: (text: string) => void;
  readonly warnings: readonly string[];
  /** Removes the work directories that are to be removed. */
  close(): Promise<void>;
}

/** What an embedder, a demo or a test may put in the place of what is found. */
export interface EquipmentOverrides {
  /** Absolute path of kubectl. */
  readonly kubectlPath?: string;
  /** The runs are those of others than the user of this process: with their identity in the cluster, tools that could leave it are not there. */
  readonly actsForOthers?: boolean;
}

/** What the tools have to know of the rest of the program. */
export interface EquipmentScope extends EquipmentOverrides {
  /** Keys of model services, which no tool gets. */
  readonly apiKeys?: readonly string[];
  /** The session whose outputs a reader reads. */
  readonly sessionOf?: (reader: OutputReader) => string | undefined;
  /** Tokens that users brought along. */
  readonly vault?: TokenVault;
}

/** Names that custom tools may not have. */
const builtIn: readonly string[] = ['kubectl', 'bash', 'diagnose', 'read_output'];

/** Makes the tools over the configured clusters: the built-in ones and the user's own. Asks no server. Throws KwError `bad-configuration`. */
export async function createEquipment(config: Config, host: RuntimeHost, scope: EquipmentScope = {}): Promise<Equipment> {
  const { kubectlPath, apiKeys = [], sessionOf = () => undefined, actsForOthers = false, vault } = scope;
  const [kube, tools, { diagnoseTool }, custom] = await Promise.all([
    import('@kw/kube'),
    import('@kw/tools'),
    import('./diagnose-tool.ts'),
    loadCustomTools(config, { env: host.env, taken: builtIn, apiKeys }),
  ]);
  const { bash, createWorkDirectories, customTool, findProgram, kubectl } = tools;
  const kubeHost = kube.nodeHost({ env: host.env, homeDirectory: host.home });
  const source = kube.createKubeTargets({
    host: kubeHost,
    userAgent: `kubelet-wuhrai/${host.version}`,
    cacheDirectory: `${host.env['XDG_CACHE_HOME'] || `${host.home}/.cache`}/kubelet-wuhrai/kubectl`,
    ...(config.kubeconfig === undefined ? {} : { kubeconfig: config.kubeconfig }),
    tokenOf: tokenOf(vault),
  });
  const targets = identifiedTargets(source, { mode: config.service.clusterIdentity, wish: wishOf(config) });
  const directories = createWorkDirectories({ parent: host.env['TMPDIR'] || '/tmp', remove: config.removeWorkdir, owner: kubeHost });
  const cwd = ({ outputs }: ToolContext): Promise<EnteredDirectory> => directories.enter(sessionOf(outputs) ?? '');
  const path = kubectlPath ?? (await findProgram('kubectl', host.env['PATH'] ?? ''));
  const shared = { cwd, timeoutMs: config.toolTimeoutSeconds * 1000 };
  const { learn, take } = createLearnedSecrets();
  const learning = config.showSecrets ? {} : { learnSecrets: learn };
  const env = smallEnvironment(host);
  const clusterOnly = actsForOthers && config.service.clusterIdentity !== 'own';
  const own = [
    kubectl({ ...shared, ...learning, targets, clusterOnly, ...(path === undefined ? {} : { path }) }),
    ...(clusterOnly ? [] : [bash({ ...shared, ...learning, env })]),
    diagnoseTool({ targets, timeoutMs: shared.timeoutMs }),
  ];
  const users = (clusterOnly ? [] : custom.specs).map((spec) => ({ tool: customTool(spec, { ...shared, env }), origin: spec.origin }));
  return {
    targets,
    tools: [...own, ...users.map(({ tool }) => tool)],
    listed: [...own.map((tool) => listTool(tool, 'built-in')), ...users.map(({ tool, origin }) => listTool(tool, 'custom', origin))],
    secrets: custom.secrets,
    learned: take,
    learnFrom: (text) => {
      if (!config.showSecrets) learn(tools.secretValuesInText(text));
    },
    warnings: [...custom.warnings, ...(clusterOnly ? [onlyKubectl(config.service.clusterIdentity)[config.language]] : [])],
    close: () => directories.close(),
  };
}

const common: ReadonlySet<string> = new Set(['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LANGUAGE', 'LC_ALL', 'TZ', 'TERM', 'TMPDIR']);

/** The environment of commands where there is no cluster. */
function smallEnvironment({ env }: RuntimeHost): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value !== undefined && common.has(name) ? [[name, value]] : [])),
  );
}

function wishOf({ context, namespace }: Config): { readonly context?: string; readonly namespace?: string } {
  return { ...(context === undefined ? {} : { context }), ...(namespace === undefined ? {} : { namespace }) };
}
