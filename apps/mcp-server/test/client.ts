import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createSandbox, type Sandbox } from '@kw/sandbox';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type CallToolResult, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';

/** The command from source. */
export const command: readonly string[] = ['--conditions=@kw/source', fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))];

/** A simulated cluster with a namespace `shop`, a deployment, a pod's worth of secrets. */
export async function cluster(): Promise<Sandbox & { readonly kubectl: (...args: readonly string[]) => Promise<string> }> {
  const sandbox = await createSandbox({ seed: 'mcp' });
  onTestFinished(() => sandbox.close());
  const kubectl = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      process.env['KW_TEST_KUBECTL'] ?? 'kubectl',
      ['--kubeconfig', sandbox.kubeconfigPath, ...args],
      {
        env: { PATH: process.env['PATH'], HOME: '/nonexistent', KUBERC: 'off' },
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    return stdout;
  };
  await kubectl('create', 'namespace', 'shop');
  return { ...sandbox, kubectl };
}

/** PATH with the pinned kubectl first. */
export function pathWithKubectl(): string {
  const kubectl = process.env['KW_TEST_KUBECTL'];
  return kubectl === undefined ? (process.env['PATH'] ?? '') : `${dirname(kubectl)}:${process.env['PATH'] ?? ''}`;
}

/** What a client is and what it answers when it is asked. */
export interface ClientOptions {
  readonly elicit?: (message: string) => 'accept' | 'decline' | 'cancel' | Promise<'accept' | 'decline' | 'cancel'>;
}

/** A client that can be asked where `elicit` is given. */
export function newClient({ elicit }: ClientOptions = {}): Client {
  const client = new Client({ name: 'test-client', version: '1' }, { capabilities: elicit === undefined ? {} : { elicitation: {} } });
  if (elicit !== undefined)
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => ({ action: await elicit(params.message), content: {} }));
  return client;
}

/** How the command is started. */
export interface SpawnOptions extends ClientOptions {
  readonly args?: readonly string[];
  readonly kubeconfig?: string;
  readonly mcpYaml?: string;
  readonly env?: Record<string, string>;
}

/** A client of the command on standard streams, in an empty home. */
export async function spawned(
  options: SpawnOptions = {},
): Promise<{ readonly client: Client; readonly pid: number; readonly home: string; readonly stderr: () => string }> {
  const home = mkdtempSync(join(tmpdir(), 'kw-mcp-home-'));
  mkdirSync(join(home, '.config/kubelet-wuhrai'), { recursive: true });
  if (options.mcpYaml !== undefined) writeFileSync(join(home, '.config/kubelet-wuhrai/mcp.yaml'), options.mcpYaml);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...command, ...(options.args ?? ['--mcp-server'])],
    env: {
      HOME: home,
      PATH: pathWithKubectl(),
      ...(options.kubeconfig === undefined ? {} : { KUBECONFIG: options.kubeconfig }),
      ...options.env,
    },
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const client = newClient(options);
  await client.connect(transport as Parameters<Client['connect']>[0]);
  onTestFinished(() => client.close());
  return { client, pid: transport.pid ?? 0, home, stderr: () => stderr };
}

/** A client over HTTP. */
export async function connected(url: string, options: ClientOptions & { readonly headers?: Record<string, string> } = {}): Promise<Client> {
  const client = newClient(options);
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: options.headers ?? {} } });
  await client.connect(transport as Parameters<Client['connect']>[0]);
  onTestFinished(() => client.close());
  return client;
}

/** Calls a tool and gives its text. */
export async function call(
  client: Client,
  name: string,
  args: Record<string, unknown>,
): Promise<{ readonly text: string; readonly isError: boolean; readonly result: CallToolResult }> {
  const result = (await client.callTool({ name, arguments: args }, undefined, { timeout: 60_000 })) as CallToolResult;
  const text = result.content.map((item) => (item.type === 'text' ? item.text : `[${item.type}]`)).join('\n');
  return { text, isError: result.isError === true, result };
}
