import type { OutputStore, Policy, Principal, Redactor, SessionStore, TakeSlot, TargetSource, Tool } from '@kw/agent';
import type { McpBackend, McpServerOptions } from '@kw/mcp';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';
import { loadMcpServers } from './mcp-load.ts';
import type { McpServers } from './mcp-load.ts';

import type { openMcpManager } from './mcp-manager.ts';
import { forRemote } from './mcp-remote.ts';
import type { OpenStore } from './open-store.ts';
import { localPrincipal } from './principal.ts';
import type { TokenVault } from './token-vault.ts';

/** Who a server is for. */
export interface McpAudience {
  readonly by: Principal;
  /** True for clients that are not on the streams of the process: no local path and no other credential is taken from them. */
  readonly remote: boolean;
  /** False: it may not approve, so nobody is asked. Default true. */
  readonly mayApprove?: boolean;
}

/** The program as an MCP server; what it needs is put together at the first request that needs it. */
export interface McpServing {
  /** Options of the server of one client. */
  options(audience: McpAudience): McpServerOptions;
  /** The user of this process. */
  readonly principal: Principal;
  /** What people should know at the start. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/** The service that MCP is put beside: its calls are kept, audited and made as its questions are. */
export interface McpHouse {
  /** Callers are others than the user of this process, so each acts as what the configuration says. */
  readonly actsForOthers: boolean;
  readonly sessions: SessionStore;
  readonly outputs: OutputStore;
  /** Why nothing can be kept; then nothing may be changed either. */
  readonly broken?: string;
  readonly vault?: TokenVault;
  /** The places of its commands, of which a client's have theirs. */
  readonly takePlace?: TakeSlot;
}

/** Reads the servers' file where `external-tools` is set, and nothing else. Throws KwError `bad-configuration`. */
export async function createMcpServing(config: Config, host: RuntimeHost, house?: McpHouse): Promise<McpServing> {
  const external = config.externalTools ? await Promise.all([loadMcpServers(config, host), import('./mcp-manager.ts')]) : undefined;
  const readOnly = config.permissions === 'read-only' || config.permissions === 'suggest';
  const extraSecrets: string[] = [];
  let parts: Promise<Parts> | undefined;
  const open = (): Promise<Parts> => {
    parts ??= openParts(config, host, { extraSecrets, house });
    return parts;
  };
  /** Custom tools as their files are now; where a file is broken, as they were. */
  const reload = async (): Promise<void> => {
    const opened = await parts?.catch(() => undefined); // told by the request that needed it
    await opened?.reload().catch(() => undefined);
  };
  return {
    principal: localPrincipal(host),
    warnings: external?.[0].warnings ?? [],
    options: ({ by, remote, mayApprove = true }) => ({
      mayApprove,
      version: host.version,
      readOnly,
      wayOut:
        'the user can let it run by starting the server with --skip-permissions (also --dangerously-allow for what is dangerous or not understood), or by an allow rule',
      backend: async () => backendOf(await open(), { by, remote }),
      watch: (changed, signal) => void watchOwnFiles(config, host, { signal, changed: () => void reload().then(changed) }),
      ...(external === undefined
        ? {}
        : externalOptions(external[0], { config, host, secrets: extraSecrets, open: external[1].openMcpManager })),
    }),
    close: async () => {
      await (await parts?.catch(() => undefined))?.close(); // told by the request that needed it
    },
  };
}

/** Tells when the kubeconfig or the user's prompts change. */
async function watchOwnFiles(
  config: Config,
  { env, home }: RuntimeHost,
  { changed, signal }: { readonly changed: () => void; readonly signal: AbortSignal },
): Promise<void> {
  const { watchFiles } = await import('./mcp-files.ts');
  const kubeconfigs = (config.kubeconfig ?? env['KUBECONFIG'] ?? `${home}/.kube/config`).split(':');
  const own = ['prompts', 'tools.yaml', 'tools.d'].map((name) => `${config.configDirectory}/${name}`);
  if (!signal.aborted) watchFiles([...kubeconfigs, ...own, ...config.toolsConfig], changed, signal);
}

interface ExternalScope {
  readonly config: Config;
  readonly host: RuntimeHost;
  readonly secrets: string[];
  readonly open: typeof openMcpManager;
}

function externalOptions(
  { servers }: McpServers,
  { config, host, secrets, open }: ExternalScope,
): Pick<McpServerOptions, 'external' | 'relayRules'> {
  return {
    relayRules: (tool) => [{ action: 'allow', tool, reason: 'the server was started with --external-tools' }],
    external: (ports) => {
      const manager = open(config, host, {
        servers,
        ...ports,
        onSecret: (value) => secrets.push(value),
      });
      secrets.push(...manager.secrets());
      return manager;
    },
  };
}

interface Parts {
  readonly tools: () => readonly Tool[];
  readonly reload: () => Promise<void>;
  readonly targets: TargetSource;
  readonly outputs: OutputStore;
  readonly redactor: Redactor;
  readonly calls: (by: Principal, caller: { readonly name: string; readonly version: string }) => ReturnType<McpBackend['calls']>;
  readonly prompts: McpBackend['prompts'];
  close(): Promise<void>;
}

interface PartsScope {
  readonly extraSecrets: readonly string[];
  readonly house: McpHouse | undefined;
}

/** Where calls are kept; that of a house is closed by the house. */
type KeptBy = Pick<OpenStore, 'sessions' | 'outputs' | 'broken' | 'close'>;

async function openParts(config: Config, host: RuntimeHost, { extraSecrets, house }: PartsScope): Promise<Parts> {
  const [
    { createCalls, createRedactor },
    { createEquipment },
    { openStore, withoutLog },
    { createSecrets },
    { rememberReaders },
    { keysOf },
    { toolPlaces },
  ] = await Promise.all([
    import('@kw/agent'),
    import('./tools.ts'),
    import('./open-store.ts'),
    import('./secrets.ts'),
    import('./session-of-reader.ts'),
    import('./keys.ts'),
    import('./tool-places.ts'),
  ]);
  const readers = rememberReaders();
  const keys = keysOf(config, host.env);
  const equip = (): ReturnType<typeof createEquipment> =>
    createEquipment(config, host, {
      apiKeys: keys,
      sessionOf: readers.sessionOf,
      ...(house === undefined ? {} : { actsForOthers: house.actsForOthers }),
      ...(house?.vault === undefined ? {} : { vault: house.vault }),
    });
  const opening: Promise<KeptBy> = house === undefined ? openStore(config) : Promise.resolve({ ...house, close: async () => undefined });
  const [equipment, store] = await Promise.all([equip(), opening]);
  let current = equipment;
  const secrets = createSecrets([...keys, ...equipment.secrets, ...extraSecrets], () => [
    ...extraSecrets,
    ...current.secrets,
    ...current.learned(),
  ]);
  const targets = secrets.watch(equipment.targets);
  const redactor = createRedactor({ secrets: secrets.values, reveal: config.showSecrets });
  const outputs = readers.watch(store.outputs);
  const take = house?.takePlace ?? toolPlaces(config.service.maxToolProcesses);
  /** Commands of this machine take places; what servers behind do takes none. */
  const takeSlot: TakeSlot = async (wish, signal) =>
    current.tools.some(({ name }) => name === wish.tool) ? take(wish, signal) : () => undefined;
  const plain: Policy = { mode: config.permissions, rules: config.rules, allowDangerous: config.dangerouslyAllow };
  const policy = store.broken === undefined ? plain : withoutLog(plain, store.broken);
  return {
    tools: () => current.tools,
    reload: async () => {
      const before = current;
      current = await equip();
      await before.close();
    },
    targets,
    outputs,
    redactor,
    calls: (by, { name, version }) =>
      createCalls({
        store: store.sessions,
        outputs,
        redactor,
        targets,
        policy,
        takeSlot,
        by,
        title: redactor.text(`MCP: ${name.slice(0, 100)}`),
        caller: { provider: 'mcp', id: redactor.text(`${name} ${version}`.trim().slice(0, 100)) },
      }),
    prompts: async () => (await import('./mcp-files.ts')).readPrompts(`${config.configDirectory}/prompts`),
    close: async () => {
      await current.close();
      await store.close();
    },
  };
}

function backendOf(parts: Parts, { by, remote }: McpAudience): McpBackend {
  return {
    tools: () => (remote ? parts.tools().map(forRemote) : parts.tools()),
    calls: (caller) => parts.calls(by, caller),
    outputs: parts.outputs,
    redactor: parts.redactor,
    contexts: () => parts.targets.contexts().catch(() => []), // without a kubeconfig there are none
    watch: async (address, changed, signal) =>
      (await import('./mcp-watch.ts')).watchObject(parts.targets, address, { by, changed, signal }),
    prompts: parts.prompts,
  };
}
