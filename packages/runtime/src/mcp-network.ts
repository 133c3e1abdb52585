import type { Fetch, UpstreamConfig } from '@kw/mcp';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';
import { createNetwork } from './network/create-network.ts';

/** How requests to MCP servers leave this machine. */
export interface McpNetwork {
  readonly fetch: Fetch;
  /** Closes what it keeps open. */
  close(): Promise<void>;
}

/**
 * Requests to servers go as those to models do: through the proxy of the environment, except for the hosts of NO_PROXY, with the authorities that
 * Node trusts. A certificate goes unchecked only at the origin of a server whose configuration says so.
 */
export function createMcpNetwork({ language }: Config, { env }: RuntimeHost, servers: readonly UpstreamConfig[]): McpNetwork {
  const unchecked = new Set(
    servers.flatMap(({ transport, skipVerifySsl }) =>
      skipVerifySsl === true && transport.type === 'http' && URL.canParse(transport.url) ? [new URL(transport.url).origin] : [],
    ),
  );
  const network = createNetwork({ env, language, isUnverified: (origin) => unchecked.has(origin) });
  return { fetch: (url, init = {}) => network.fetch(String(url), asText(init)), close: () => network.close() };
}

/** Forms of a sign-in as the texts that they are sent as. */
function asText(init: RequestInit): RequestInit {
  if (!(init.body instanceof URLSearchParams)) return init;
  const headers = new Headers(init.headers);
  if (!headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8');
  return { ...init, headers, body: String(init.body) };
}
