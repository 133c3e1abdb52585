import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMcpServing, loadConfig, type McpHouse, type McpServing } from '@kw/runtime';
import { type McpHttpOptions, type RunningMcpServer, startMcpHttp } from '@kw/mcp-server';
import { onTestFinished } from 'vitest';

/** What a test's program is started with. */
export interface ServingOptions {
  readonly mcpYaml?: string;
  readonly flags?: Record<string, string | boolean>;
  readonly env?: Record<string, string | undefined>;
  /** The service that it stands beside. */
  readonly house?: McpHouse;
}

/** The program in an empty home. */
export async function serve({ mcpYaml, flags = {}, env = {}, house }: ServingOptions = {}): Promise<McpServing> {
  const home = mkdtempSync(join(tmpdir(), 'kw-mcp-server-'));
  mkdirSync(join(home, '.config/kubelet-wuhrai'), { recursive: true });
  if (mcpYaml !== undefined) writeFileSync(join(home, '.config/kubelet-wuhrai/mcp.yaml'), mcpYaml);
  const surroundings = { PATH: process.env['PATH'], HOME: home, TMPDIR: tmpdir(), ...env };
  const readText = async (path: string): Promise<{ text: string; mode: number } | undefined> => {
    try {
      return { text: await readFile(path, 'utf8'), mode: (await stat(path)).mode };
    } catch {
      return undefined;
    }
  };
  const { config } = await loadConfig({
    env: surroundings,
    home,
    flags: { 'mcp-server': true, ...(mcpYaml === undefined ? {} : { 'external-tools': true }), ...flags },
    readFile: readText,
  });
  const host = { env: surroundings, home, userId: process.getuid?.(), userName: 'test', version: '0.0.0-test' };
  const serving = await createMcpServing(config, host, house);
  onTestFinished(() => serving.close());
  return serving;
}

/** The program over HTTP on a free port. */
export async function serveHttp(
  options: ServingOptions & Partial<McpHttpOptions> = {},
): Promise<RunningMcpServer & { readonly lines: readonly string[] }> {
  const { mcpYaml, flags, env, house, ...http } = options;
  const serving = await serve({
    ...(mcpYaml === undefined ? {} : { mcpYaml }),
    ...(flags === undefined ? {} : { flags }),
    ...(env === undefined ? {} : { env }),
    ...(house === undefined ? {} : { house }),
  });
  const lines: string[] = [];
  const running = await startMcpHttp({
    serving,
    listenAddress: '127.0.0.1:0',
    print: (line) => lines.push(line),
    uid: process.getuid?.(),
    ...http,
  });
  onTestFinished(() => running.stop());
  return { ...running, lines };
}
