import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSandbox } from '@kw/sandbox';
import type { Sandbox } from '@kw/sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place, Started } from './command.ts';

const alice = 'alice-0123456789abcdef';
const admin = 'admin-0123456789abcdef';

let sandbox: Sandbox;
let place: Place;

const kubectl = async (...args: readonly string[]): Promise<string> =>
  (
    await promisify(execFile)(process.env['KW_TEST_KUBECTL'] ?? 'kubectl', ['--kubeconfig', sandbox.kubeconfigPath, ...args], {
      env: { HOME: '/nonexistent', KUBERC: 'off' },
    })
  ).stdout.trim();

beforeAll(async () => {
  sandbox = await createSandbox({ seed: 'service-mcp', auth: 'tls' });
  await kubectl('create', 'namespace', 'team-a');
  await kubectl('create', 'configmap', 'of-alice', '-n', 'team-a', '--from-literal=a=b');
  await kubectl('create', 'serviceaccount', 'alice', '-n', 'team-a');
  await kubectl(
    'create',
    'rolebinding',
    'alice-edits',
    '-n',
    'team-a',
    '--clusterrole=edit',
    '--user=alice',
    '--serviceaccount=team-a:alice',
  );
  await kubectl('create', 'clusterrolebinding', 'service-is-mighty', '--clusterrole=cluster-admin', '--user=kw-service');
});
afterAll(async () => {
  await sandbox.close();
});
beforeEach(async () => {
  place = await createPlace({ DEEPSEEK_API_KEY: 'sk-deepseek-0123456789', ALICE_TOKEN: alice, ADMIN_TOKEN: admin });
  await sandbox.writeKubeconfig(join(place.home, 'kubeconfig'), { user: 'kw-service' });
  await mkdir(join(place.home, '.config', 'kubelet-wuhrai'), { recursive: true });
});
afterEach(async () => {
  await place.remove();
});

async function startService(lines: readonly string[]): Promise<{ readonly url: string; readonly started: Started }> {
  const text = [`kubeconfig: "${join(place.home, 'kubeconfig')}"`, ...lines].join('\n');
  await writeFile(join(place.home, '.config', 'kubelet-wuhrai', 'config.yaml'), `${text}\n`, { mode: 0o600 });
  const started = await place.start(['--user-interface=html', '--ui-listen-address=127.0.0.1:0']);
  await started.shows('listens on http');
  return { url: /http:\/\/[^\s]+/.exec(started.stderr())?.[0] ?? '', started };
}

const tokens = [
  'auth-tokens:',
  '  - { name: alice, token: "${ALICE_TOKEN}" }',
  '  - { name: boss, token: "${ADMIN_TOKEN}", scopes: [read, chat, admin] }',
];

interface Caller {
  readonly call: (method: string, params: object) => Promise<string>;
}

/** A client of MCP beside the API. */
async function mcpClient(url: string, token: string): Promise<Caller> {
  const headers: Record<string, string> = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const post = async (body: object): Promise<{ readonly text: string; readonly headers: Headers }> => {
    const response = await fetch(`${url}/mcp`, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
    return { text: await response.text(), headers: response.headers };
  };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'attacker', version: '1' } };
  const opened = await post({ id: 1, method: 'initialize', params });
  headers['mcp-session-id'] = opened.headers.get('mcp-session-id') ?? '';
  await post({ method: 'notifications/initialized' });
  let id = 1;
  return {
    call: async (method, given) => {
      id += 1;
      return (await post({ id, method, params: given })).text;
    },
  };
}

/** Processes of the command that hangs. */
const sleepers = async (): Promise<number> =>
  promisify(execFile)('pgrep', ['-cf', '^sleep 41[.]7']).then(
    ({ stdout }) => Number(stdout),
    () => 0,
  );

const run = (client: Caller, command: string, tool = 'kubectl'): Promise<string> =>
  client.call('tools/call', { name: tool, arguments: { command } });

it('MCP beside the API acts as who calls, not as the service: by impersonation', async () => {
  const { url } = await startService(['auth: token', 'cluster-identity: impersonate', ...tokens]);
  const client = await mcpClient(url, alice);
  const since = sandbox.requests.length;
  expect(await run(client, 'kubectl get configmaps -n team-a -o name')).toContain('of-alice');
  expect(await run(client, 'kubectl get configmaps -n kube-system -o name')).toContain('forbidden');
  await client.call('resources/read', { uri: 'k8s://_/team-a/configmaps/of-alice' });
  await client.call('completion/complete', {
    ref: { type: 'ref/resource', uri: 'k8s://{context}/{namespace}/{kind}/{name}' },
    argument: { name: 'namespace', value: '' },
  });
  const asked = sandbox.requests.slice(since).map(({ user, impersonatedUser }) => `${user} as ${impersonatedUser ?? 'itself'}`);
  expect([...new Set(asked)]).toEqual(['kw-service as alice']);
}, 120_000);

it('and there, too, nothing but kubectl runs where each user acts as himself', async () => {
  const { url } = await startService(['auth: token', 'cluster-identity: impersonate', ...tokens]);
  const client = await mcpClient(url, alice);
  expect(await client.call('tools/list', {})).not.toContain('"name":"bash"');
  expect(await run(client, 'kubectl get ns', 'bash')).toContain('no tool');
  expect(await run(client, 'kubectl get ns | sort')).toContain('act in the cluster only');
  expect(await run(client, 'kubectl kustomize /etc')).toContain('act in the cluster only');
}, 120_000);

it('with the token that the caller brought along', async () => {
  const { url } = await startService(['auth: kubernetes', 'cluster-identity: pass-through']);
  const token = await kubectl('create', 'token', 'alice', '-n', 'team-a');
  const client = await mcpClient(url, token);
  const since = sandbox.requests.length;
  expect(await run(client, 'kubectl get configmaps -n team-a -o name')).toContain('of-alice');
  const asked = sandbox.requests.slice(since).filter(({ path }) => path.includes('configmaps'));
  expect([...new Set(asked.map(({ user }) => user))]).toEqual(['system:serviceaccount:team-a:alice']);
}, 120_000);

it('what is called there stands in the audit log, with who called', async () => {
  const log = join(place.home, 'audit.jsonl');
  const { url } = await startService(['auth: token', `audit-log: "${log}"`, ...tokens]);
  const client = await mcpClient(url, alice);
  await run(client, 'kubectl get configmaps -n team-a -o name');
  const lines = (await readFile(log, 'utf8')).trim().split('\n');
  const records: readonly unknown[] = lines.map((line) => JSON.parse(line));
  expect(records).toContainEqual(
    expect.objectContaining({
      type: 'intent',
      command: expect.stringContaining('configmaps'),
      by: expect.objectContaining({ subject: 'alice' }),
    }),
  );
  expect(records).toContainEqual(expect.objectContaining({ type: 'result', tool: 'kubectl' }));
}, 120_000);

it('the kill switch ends what runs there, too', async () => {
  const { url } = await startService(['auth: token', ...tokens]);
  const client = await mcpClient(url, alice);
  const began = performance.now();
  const hanging = run(client, 'sleep 41.7; echo woke', 'bash').catch((error: unknown) => `cut: ${String(error)}`);
  await expect.poll(() => sleepers(), { timeout: 20_000 }).toBeGreaterThan(0);
  const thrown = await fetch(`${url}/api/v1/kill-switch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ active: true, reason: 'drill' }),
  });
  expect(thrown.status).toBe(200);
  expect(await hanging).not.toContain('woke');
  expect(performance.now() - began).toBeLessThan(35_000);
  expect(await sleepers()).toBe(0);
  expect(await run(client, 'kubectl get ns')).toContain('drill');
}, 120_000);
