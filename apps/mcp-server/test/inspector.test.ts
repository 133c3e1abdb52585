import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cluster, command, pathWithKubectl } from './client.ts';
import { serveHttp } from './serving.ts';

const program = fileURLToPath(new URL('../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url));

interface Said {
  readonly code: number;
  readonly result: Record<string, unknown>;
  readonly stderr: string;
}

type Inspect = (method: string, ...args: readonly string[]) => Promise<Said>;

/** The official inspector without its page, in an empty home: one request, one line of JSON. */
function inspector(...server: readonly string[]): Inspect {
  return (method, ...args) =>
    new Promise((resolve) => {
      const words = [program, '--cli', '--format', 'json', '--quiet', ...server, '--method', method, ...args];
      const surroundings = { PATH: pathWithKubectl(), HOME: mkdtempSync(join(tmpdir(), 'kw-inspector-')) };
      execFile(process.execPath, words, { env: surroundings, timeout: 60_000 }, (error, stdout, stderr) => {
        const { result } = JSON.parse(stdout.split('\n')[0] ?? '') as { readonly result: Record<string, unknown> };
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, result, stderr });
      });
    });
}

const places = {
  'on standard streams': async (kubeconfig: string) =>
    inspector(process.execPath, ...command, '--mcp-server', '-e', `KUBECONFIG=${kubeconfig}`),
  'over HTTP': async (kubeconfig: string) => {
    const { url } = await serveHttp({ env: { KUBECONFIG: kubeconfig, PATH: pathWithKubectl() } });
    return inspector('--server-url', url, '--transport', 'http');
  },
};

describe.each(Object.entries(places))('the official inspector finds the server %s', (_place, open) => {
  it('to list tools that any client can take, to read, and to have resources and prompts', { timeout: 120_000 }, async () => {
    const { kubeconfigPath } = await cluster();
    const inspect = await open(kubeconfigPath);
    const [tools, read, missing, resources, templates, prompts] = await Promise.all([
      inspect('tools/list', '--strict'),
      inspect('tools/call', '--tool-name', 'kubectl', '--tool-arg', 'command=kubectl get namespace shop -o name'),
      inspect('tools/call', '--tool-name', 'kubectl', '--tool-arg', 'command=kubectl get namespace nowhere'),
      inspect('resources/list'),
      inspect('resources/templates/list'),
      inspect('prompts/list'),
    ]);
    expect(tools).toMatchObject({
      code: 0,
      stderr: '',
      result: { tools: expect.arrayContaining([expect.objectContaining({ name: 'kubectl' })]) },
    });
    expect(read).toMatchObject({ code: 0, result: { isError: false, content: [{ type: 'text', text: 'namespace/shop' }] } });
    expect(missing.code).not.toBe(0);
    expect(missing.result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('namespaces "nowhere" not found') }] });
    expect(resources).toMatchObject({ code: 0, result: { resources: [] } });
    expect(templates).toMatchObject({
      code: 0,
      result: { resourceTemplates: [{ uriTemplate: 'k8s://{context}/{namespace}/{kind}/{name}' }] },
    });
    expect(prompts).toMatchObject({ code: 0, result: { prompts: [{ name: 'diagnose' }, { name: 'cluster-health' }] } });
  });
});
