import { createRedactor } from '@kw/agent';
import { isKwError, KwError } from '@kw/providers';
import type { McpManager, McpManagerOptions, PrivateFile, UpstreamStatus } from '@kw/mcp';
import { createMcpManager, fileTrustStore, privateFile, signIn } from '@kw/mcp';
export { createMcpNetwork } from './mcp-network.ts';
export { callServer, elicited, expandMentions, login, mcpTools } from '@kw/mcp';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';
import { createMcpNetwork } from './mcp-network.ts';

/** What differs between those who use servers. */
export interface McpUse
  extends
    Pick<McpManagerOptions, 'servers' | 'notice' | 'capabilities' | 'answer'>,
    Partial<Pick<McpManagerOptions, 'reserved' | 'onNotification'>> {
  /** Told of values that must be hidden. */
  readonly onSecret: (value: string) => void;
}

/** A port that nobody listens on: without a person there is no sign-in, only the use of one. */
const noRedirect = 'http://127.0.0.1:1/callback';

/** Makes the manager of a configuration's servers over its private files. Nothing is started or reached. */
export function openMcpManager(config: Config, host: RuntimeHost, { onSecret, ...use }: McpUse): McpManager {
  const tokens = mcpTokenFile(config);
  const secrets: string[] = [];
  const redactor = createRedactor({ secrets: () => secrets, reveal: config.showSecrets });
  const network = createMcpNetwork(config, host, use.servers);
  const manager = createMcpManager({
    ...use,
    fetch: network.fetch,
    // Arguments and addresses may hold what nobody should see.
    notice: (text) => use.notice(redactor.text(text)),
    clientInfo: { name: 'kubelet-wuhrai', version: host.version },
    env: host.env,
    cwd: host.home,
    trust: fileTrustStore(`${config.stateDirectory}/mcp-trust.json`),
    oauth: (server, auth) => signIn({ auth, config: server, file: tokens, redirectUrl: noRedirect, onSecret }),
  });
  secrets.push(...manager.secrets());
  const shown = (status: UpstreamStatus): UpstreamStatus => ({
    ...status,
    place: redactor.text(status.place),
    ...(status.error === undefined ? {} : { error: redactor.text(status.error) }),
  });
  const told = async <T>(done: Promise<T>): Promise<T> => {
    try {
      return await done;
    } catch (error) {
      if (!isKwError(error)) throw error;
      throw new KwError(error.code, redactor.text(error.message), { cause: error, details: error.details });
    }
  };
  return {
    ...manager,
    status: () => manager.status().map(shown),
    upstream: (name) => {
      const own = manager.upstream(name);
      return { ...own, connected: (signal) => told(own.connected(signal)), approve: (signal) => told(own.approve(signal)) };
    },
    close: async () => {
      await manager.close();
      await network.close();
    },
  };
}

/** Where sign-ins at servers are kept. */
export function mcpTokenFile({ stateDirectory }: Config): PrivateFile {
  return privateFile(`${stateDirectory}/mcp-tokens.json`);
}
