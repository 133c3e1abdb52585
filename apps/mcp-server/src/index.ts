import type { McpHttpOptions, RunningMcpServer } from './start-http.ts';

export type { McpHttpOptions, RunningMcpServer } from './start-http.ts';
export { mountMcp } from './mount.ts';
export { serveMcpOnStreams } from './start-stdio.ts';

/** Serves MCP over Streamable HTTP at `/mcp`; its code is loaded with the first call. Throws KwError `bad-listen-address`, `address-in-use` or `cannot-listen`. */
export async function startMcpHttp(options: McpHttpOptions): Promise<RunningMcpServer> {
  const http = await import('./start-http.ts');
  return http.startMcpHttp(options);
}
