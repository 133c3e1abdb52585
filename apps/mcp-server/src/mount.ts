import { createMcpEndpoint, type McpEndpoint } from '@kw/mcp';
import type { McpServing } from '@kw/runtime';

/** MCP over HTTP to be put at `/mcp` of another server, behind its doors: `handle(request, principal, rights)`. Close it when that server stops. */
export function mountMcp(serving: McpServing): McpEndpoint {
  return createMcpEndpoint({ server: (by, { mayApprove }) => serving.options({ by, remote: true, mayApprove }) });
}
