import type { UpstreamStatus } from '@kw/mcp';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';
import { loadMcpServers } from './mcp-load.ts';

/** A tool of a server, for people. */
export interface McpToolInfo {
  /** As it is called here. */
  readonly name: string;
  readonly server: string;
  readonly description: string;
}

/** What a test of a server found. */
export interface McpTest {
  readonly server: string;
  readonly tools: readonly string[];
  /** Milliseconds to connect and to answer a ping. */
  readonly connectMs: number;
  readonly pingMs: number;
}

/** The configured servers, for people who look after them. */
export interface McpAdmin {
  /** The file in use. */
  readonly path: string;
  readonly exists: boolean;
  readonly warnings: readonly string[];
  /** Connects to every server, waits at most 10 s, and says how each stands. */
  status(signal: AbortSignal): Promise<readonly UpstreamStatus[]>;
  /** How a server stands, without connecting. Throws KwError `unknown-mcp-server`. */
  look(name: string): UpstreamStatus;
  tools(signal: AbortSignal): Promise<readonly McpToolInfo[]>;
  /** Throws KwError `unknown-mcp-server`, `mcp-failed`, `mcp-disabled`. */
  test(name: string, signal: AbortSignal): Promise<McpTest>;
  /** Takes the server and its tools as they are now. Throws KwError `unknown-mcp-server`, `mcp-failed`. */
  trust(name: string, signal: AbortSignal): Promise<readonly McpToolInfo[]>;
  /** Signs in at a server; `open` shows the page. Throws KwError `unknown-mcp-server`, `mcp-failed`. */
  login(name: string, open: (page: URL) => Promise<void>, signal: AbortSignal): Promise<'signed-in' | 'already'>;
  close(): Promise<void>;
}

const longestWaitMs = 10_000;

/** Opens the configured servers for people; nothing is started or reached yet. `notice` takes lines as they come. */
export async function openMcpAdmin(config: Config, host: RuntimeHost, notice: (text: string) => void): Promise<McpAdmin> {
  const { servers, path, exists, warnings } = await loadMcpServers(config, host);
  const { createMcpNetwork, login, mcpTokenFile, openMcpManager } = await import('./mcp-manager.ts');
  const manager = openMcpManager(config, host, {
    servers,
    notice,
    onSecret: () => undefined, // nothing of a server's answers is shown but names and descriptions
    capabilities: () => ({}),
    answer: async (_server, method) => {
      throw Object.assign(new Error(`Method not found: ${method}`), { code: -32_601 });
    },
  });
  const infosOf = (): readonly McpToolInfo[] =>
    manager.tools().tools.map(({ name, upstream, tool }) => ({
      name,
      server: upstream.config.name,
      description: typeof tool['description'] === 'string' ? tool['description'] : '',
    }));
  return {
    path,
    exists,
    warnings,
    status: async (signal) => {
      await manager.settled(longestWaitMs, signal);
      return manager.status();
    },
    look: (name) => {
      const own = manager.upstream(name).status();
      return manager.status().find((status) => status.name === name) ?? own;
    },
    tools: async (signal) => {
      await manager.settled(longestWaitMs, signal);
      return infosOf();
    },
    test: async (name, signal) => {
      const upstream = manager.upstream(name);
      const startedAt = performance.now();
      await upstream.connected(signal);
      const connectedAt = performance.now();
      await upstream.request('ping', {}, { signal });
      const endedAt = performance.now();
      return {
        server: upstream.status().server ?? name,
        tools: upstream.status().tools,
        connectMs: Math.round(connectedAt - startedAt),
        pingMs: Math.round(endedAt - connectedAt),
      };
    },
    trust: async (name, signal) => {
      await manager.upstream(name).approve(signal);
      return infosOf().filter(({ server }) => server === name);
    },
    login: async (name, open, signal) => {
      const { config: server } = manager.upstream(name);
      const network = createMcpNetwork(config, host, [server]);
      try {
        return await login({ config: server, file: mcpTokenFile(config), fetch: network.fetch, open, signal });
      } finally {
        await network.close();
      }
    },
    close: () => manager.close(),
  };
}
