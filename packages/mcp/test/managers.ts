import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { McpManager, McpManagerOptions, UpstreamConfig } from '@kw/mcp';
import { createMcpManager, memoryTrustStore } from '@kw/mcp';
import { onTestFinished } from 'vitest';

/** An empty folder of a test. */
export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'kw-mcp-'));
}

/** What the fake server wrote down. */
export function recordsIn(path: string): readonly Record<string, never>[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, never>);
}

const fake = fileURLToPath(new URL('fixtures/fake-stdio.mjs', import.meta.url));

/** The fake server as a configuration. */
export function fakeServer(
  name: string,
  flags: readonly string[] = [],
  rest: Partial<UpstreamConfig> & { readonly env?: Record<string, string> } = {},
): UpstreamConfig {
  const { env = {}, ...other } = rest;
  return {
    name,
    transport: { type: 'stdio', command: process.execPath, args: [fake, ...flags], env },
    timeoutMs: 5_000,
    enabled: true,
    prefix: true,
    ...other,
  };
}

/** A server that is reached by URL as a configuration. */
export function httpServer(
  name: string,
  url: string,
  rest: Partial<UpstreamConfig> & { readonly headers?: Record<string, string> } = {},
): UpstreamConfig {
  const { headers = {}, ...other } = rest;
  return { name, transport: { type: 'http', url, headers }, timeoutMs: 5_000, enabled: true, prefix: true, ...other };
}

/** The program of an npm package that is installed for tests. */
export function officialServer(name: string, args: readonly string[] = [], rest: Partial<UpstreamConfig> = {}): UpstreamConfig {
  const main = join(createRequire(import.meta.url).resolve(`@modelcontextprotocol/${name}/package.json`), '../dist/index.js');
  return {
    name: name.replace('server-', ''),
    transport: { type: 'stdio', command: process.execPath, args: [main, ...args], env: {} },
    timeoutMs: 15_000,
    enabled: true,
    prefix: true,
    ...rest,
  };
}

/** A manager that is closed at the end of the test. */
export function manager(
  servers: readonly UpstreamConfig[],
  options: Partial<McpManagerOptions> = {},
): McpManager & { readonly notices: readonly string[] } {
  const notices: string[] = [];
  const made = createMcpManager({
    servers,
    clientInfo: { name: 'test', version: '1' },
    capabilities: () => ({}),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DEEPSEEK_API_KEY: 'sk-not-for-servers' },
    cwd: tmpdir(),
    trust: memoryTrustStore(),
    fetch: (url, init) => fetch(url, init),
    answer: async (_server, method) => {
      throw new Error(`not answered: ${method}`);
    },
    notice: (text) => notices.push(text),
    ...options,
  });
  onTestFinished(() => made.close());
  return { ...made, notices };
}
