import { readFile, stat } from 'node:fs/promises';
import type { CustomToolSpec } from '@kw/tools';
import type { Config } from '../config/config.ts';
import type { RuntimeHost } from '../host.ts';

/** The user's own tools, as far as they can be read. */
export interface ToolsFacts {
  readonly names: readonly string[];
  readonly specs: readonly CustomToolSpec[];
  readonly warnings: readonly string[];
}

/** The file of MCP servers. */
export interface McpFacts {
  readonly path: string;
  /** Undefined where there is no such file. */
  readonly servers?: readonly { readonly name: string; readonly problem?: string }[];
  /** True where others can read it although it may hold a token. */
  readonly isReadable: boolean;
}

/** Reads the user's own tools. Throws KwError `bad-configuration` with file and line. */
export async function toolsFacts(config: Config, { env }: RuntimeHost): Promise<ToolsFacts> {
  const [{ loadCustomTools }, { keysOf }] = await Promise.all([import('../custom-tools.ts'), import('../keys.ts')]);
  const { specs, warnings } = await loadCustomTools(config, { env, taken: ['kubectl', 'bash', 'diagnose'], apiKeys: keysOf(config, env) });
  return { names: specs.map(({ name }) => name), specs, warnings };
}

/** Reads the file of MCP servers; starts none. Throws KwError `bad-configuration` with file and line. */
export async function mcpFacts({ mcpConfig }: Config, { env }: RuntimeHost): Promise<McpFacts> {
  const path = mcpConfig;
  const found = await Promise.all([readFile(path, 'utf8'), stat(path)]).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return { path, isReadable: false };
  const [text, { mode }] = found;
  const { parseMcpConfig } = await import('../mcp-config.ts');
  const servers = await parseMcpConfig(text, { path, env });
  return {
    path,
    servers: servers.map(({ name, problem }) => ({ name, ...(problem === undefined ? {} : { problem }) })),
    isReadable: (mode & 0o077) !== 0,
  };
}
