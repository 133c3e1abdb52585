import { readFile, stat } from 'node:fs/promises';
import type { UpstreamConfig } from '@kw/mcp';
import { KwError } from '@kw/providers';
import type { Config } from './config/config.ts';
import type { RuntimeHost } from './host.ts';

/** The servers of a configuration and what people should be told of their file. */
export interface McpServers {
  readonly servers: readonly UpstreamConfig[];
  /** The file in use, whether it is there or not. */
  readonly path: string;
  readonly exists: boolean;
  readonly warnings: readonly string[];
}

/** Reads the file of MCP servers. No file means no servers, but for one that was named. Throws KwError `bad-configuration` with file and line. */
export async function loadMcpServers({ mcpConfig: path, configDirectory }: Config, { env }: Pick<RuntimeHost, 'env'>): Promise<McpServers> {
  let text: string;
  let mode: number;
  try {
    [text, { mode }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isMissing && path === `${configDirectory}/mcp.yaml`) return { servers: [], path, exists: false, warnings: [] };
    throw new KwError(
      'bad-configuration',
      `mcp-config: ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  const { parseMcpConfig } = await import('./mcp-config.ts');
  const servers = await parseMcpConfig(text, { path, env });
  const writable = (mode & 0o022) === 0 ? [] : [`${path} can be written by others, and what stands there runs as you: chmod go-w ${path}`];
  const unchecked = servers
    .filter(({ enabled, skipVerifySsl }) => enabled && skipVerifySsl === true)
    .map(
      ({ name }) =>
        `MCP server ${JSON.stringify(name)}: its certificate is not verified (skip-verify-ssl in ${path}): whoever is in between can read and change what is said`,
    );
  return { servers, path, exists: true, warnings: [...writable, ...unchecked] };
}
