import type { JsonObject } from '@kw/agent';
import { KwError } from '@kw/agent';
import { secretsOf } from './config.ts';
import type { UpstreamConfig } from './config.ts';
import type { NamedTools } from './names.ts';
import { nameTools } from './names.ts';
import type { Upstream, UpstreamPorts, UpstreamStatus } from './upstream.ts';
import { createUpstream } from './upstream.ts';

/** What a manager is made with. */
export interface McpManagerOptions extends Omit<UpstreamPorts, 'onChange' | 'onNotification'> {
  readonly servers: readonly UpstreamConfig[];
  /** Names that no tool of a server may have. */
  readonly reserved?: ReadonlySet<string>;
  readonly onNotification?: (server: string, method: string, params: JsonObject) => void;
}

/** What may change: how a server stands, or which tools it has. */
export type McpChange = { readonly server: string; readonly what: 'status' | 'tools' };

/** The servers of a configuration, each by itself: none holds another up. */
export interface McpManager {
  readonly upstreams: readonly Upstream[];
  /** Throws KwError `unknown-mcp-server`, naming the known ones. */
  upstream(name: string): Upstream;
  /** Begins to connect to every enabled server, side by side. Never throws; failures are told by the status. */
  start(): void;
  /** Resolves when every enabled server is ready or failed, at the latest after `timeoutMs`; true where all are ready. */
  settled(timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /** The tools that may be used now. */
  tools(): NamedTools;
  status(): readonly UpstreamStatus[];
  /** Tells of changes until the signal is aborted. */
  onChange(listener: (change: McpChange) => void, signal: AbortSignal): void;
  /** Values of the configuration that nobody may see. */
  secrets(): readonly string[];
  close(): Promise<void>;
}

/** Makes a manager; nothing is started or reached before `start` or the first request. */
export function createMcpManager({ servers, reserved = new Set(), onNotification, ...ports }: McpManagerOptions): McpManager {
  const listeners = new Set<(change: McpChange) => void>();
  const shared: UpstreamPorts = {
    ...ports,
    onNotification: (server, method, params) => onNotification?.(server, method, params),
    onChange: (server, what) => {
      for (const listener of listeners) listener({ server, what });
    },
  };
  const upstreams = servers.map((config) => createUpstream(config, shared));
  const enabled = upstreams.filter(({ config }) => config.enabled);
  const secrets = servers.flatMap(secretsOf);
  const attempts = new Map<string, Promise<boolean>>();
  const start = (): void => {
    for (const upstream of enabled) {
      if (attempts.has(upstream.config.name)) continue;
      attempts.set(
        upstream.config.name,
        upstream.connected().then(
          () => true,
          () => false, // told by the status
        ),
      );
    }
  };
  return {
    upstreams: enabled,
    upstream: (name) => {
      const found = upstreams.find(({ config }) => config.name === name);
      if (found !== undefined) return found;
      const known = servers.map((config) => config.name).join(', ');
      throw new KwError(
        'unknown-mcp-server',
        `there is no MCP server ${JSON.stringify(name)}; the servers are: ${known === '' ? '(none)' : known}`,
      );
    },
    start,
    settled: async (timeoutMs, signal) => {
      start();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<false>((resolve) => {
        timer = setTimeout(() => resolve(false), timeoutMs);
        signal?.addEventListener('abort', () => resolve(false), { once: true });
        if (signal?.aborted === true) resolve(false);
      });
      const all = Promise.all(attempts.values()).then((ends) => ends.every(Boolean));
      try {
        return await Promise.race([all, late]);
      } finally {
        clearTimeout(timer);
      }
    },
    tools: () => nameTools(enabled, reserved),
    status: () => upstreams.map((upstream) => upstream.status()),
    onChange: (listener, signal) => {
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
    },
    secrets: () => secrets,
    close: async () => {
      await Promise.all(upstreams.map((upstream) => upstream.close()));
    },
  };
}
