import { createMcpSession, serveStdio, type StdioStreams } from '@kw/mcp';
import type { McpServing } from '@kw/runtime';

/** Serves one client over streams; resolves when it left or the signal was aborted, and what ran for it was ended. */
export async function serveMcpOnStreams(serving: McpServing, streams: StdioStreams): Promise<void> {
  await serveStdio(createMcpSession(serving.options({ by: serving.principal, remote: false })), streams);
}
