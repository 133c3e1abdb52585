import type { McpEndpoint } from '@kw/mcp';
import type { McpServing } from '@kw/runtime';
import type { McpHttpOptions, RunningMcpServer } from './start-http.ts';

export type { McpHttpOptions, RunningMcpServer } from './start-http.ts';
export { serveMcpOnStreams } from './start-stdio.ts';

/** Serves MCP over Streamable HTTP at `/mcp`; its code is loaded with the first call. Throws KwError `bad-listen-address`, `address-in-use` or `cannot-listen`. */
export async function startMcpHttp(options: McpHttpOptions): Promise<RunningMcpServer> {
  const http = await import('./start-http.ts');
  return http.startMcpHttp(options);
}

/** MCP over HTTP to be put at `/mcp` of another server, behind its doors: `handle(request, principal, rights)`. Close it when that server stops. */
export async function mountMcp(serving: McpServing): Promise<McpEndpoint> {
  const mount = await import('./mount.ts');
  return mount.mountMcp(serving);
}
