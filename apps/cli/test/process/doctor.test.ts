import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSandbox } from './cluster.ts';
import { createPlace } from './command.ts';
import type { Ended, Place } from './command.ts';
import { configure } from './configure.ts';
import { startRecordingProxy } from './recording-proxy.ts';
import { selfSigned } from './self-signed.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({
    fallback: { text: 'ok' },
    models: ['deepseek-flash', 'deepseek-v4-pro'],
    apiKey: 'sk-deepseek-0123456789',
  });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

/** Whether a process runs; one that has ended and that nobody has asked about yet does not. */
async function isRunning(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const state = stat.slice(stat.lastIndexOf(')') + 2)[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

interface Checked {
  readonly status: string;
  readonly message: string;
  readonly fix?: string;
}

/** The checks of `doctor --json` by name. */
function checksOf({ stdout }: Ended): Readonly<Record<string, Checked>> {
  const { checks }: { checks: readonly (Checked & { readonly name: string })[] } = JSON.parse(stdout);
  return Object.fromEntries(checks.map(({ name, ...rest }) => [name, rest]));
}

const doctor = async (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Readonly<Record<string, Checked>>> => checksOf(await place.run(['doctor', '--json', ...args], { env }));

describe('doctor', () => {
  it('S193: finds everything in order, a line a check, and ends with 0', async () => {
    const cluster = await openSandbox();
    try {
      const { code, stdout, stderr } = await place.run(['doctor', '--model=deepseek-flash'], { env: { KUBECONFIG: cluster.kubeconfig } });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = stdout.trim().split('\n');
      const names = ['configuration', 'key', 'endpoint', 'model', 'kubectl', 'kubeconfig', 'cluster', 'state', 'tools', 'mcp', 'terminal'];
      expect(lines.slice(0, names.length).map((line) => line.split(/\s+/).slice(0, 2).join(' '))).toEqual(
        names.map((name) => `ok ${name}`),
      );
      expect(lines.at(-1)).toBe('11 checks: 0 failed, 0 warnings.');
      expect(stdout).toContain('DEEPSEEK_API_KEY');
      expect(stdout).not.toContain('sk-deepseek');
      expect(stdout).toMatch(/cluster +\S+ v1\.\d+\.\d+.*may list pods in default/);
      expect(model.requests.map(({ path }) => path)).toEqual(['/v1/models']);
      const PATH = await putOnPath(place, 'kubectl', `#!/bin/sh\necho '{"clientVersion": {"gitVersion": "v1.28.0"}}'\n`);
      expect((await doctor([], { KUBECONFIG: cluster.kubeconfig, PATH }))['cluster']).toMatchObject({
        status: 'warn',
        message: expect.stringMatching(/kubectl is \d+ minor versions older/),
      });
    } finally {
      await cluster.close();
    }
  });

  it('speaks Chinese', async () => {
    const { code, stdout } = await place.run(['doctor', '--lang=zh', '--model=deepseek-flash'], {
      env: { KUBECONFIG: await kubeconfigOf(place) },
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^正常 +密钥 +DeepSeek：DEEPSEEK_API_KEY$/m);
    expect(stdout).toMatch(/^失败 +集群 +无法连接 context "stub" 的 API 服务器/m);
  });

  it('names a missing key, and asks the service nothing', async () => {
    const checks = await doctor([], { DEEPSEEK_API_KEY: undefined });
    expect(checks['key']).toMatchObject({ status: 'fail', fix: expect.stringContaining('DEEPSEEK_API_KEY') });
    expect(checks['model']).toMatchObject({ status: 'skipped' });
    expect(model.requests).toEqual([]);
  });

  it('tells a refused key, an unknown model and a service that is not there apart', async () => {
    expect((await doctor([], { DEEPSEEK_API_KEY: 'sk-wrong-0123456789' }))['model']).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('DEEPSEEK_API_KEY'),
    });
    expect((await doctor(['--model=deepseek-flush']))['model']).toMatchObject({
      status: 'warn',
      fix: expect.stringContaining('deepseek-flash'),
    });
    const checks = await doctor([], { DEEPSEEK_ENDPOINT: 'http://127.0.0.1:9/v1' });
    expect(checks['endpoint']).toMatchObject({ status: 'fail', message: expect.stringContaining('127.0.0.1:9') });
  });

  it('shows a certificate that is not trusted, and takes the authority that is named', async () => {
    const server = createServer(selfSigned, (_, answer) => answer.end('{"data": []}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    try {
      const env = { DEEPSEEK_ENDPOINT: `https://127.0.0.1:${port}/v1` };
      expect((await doctor([], env))['endpoint']).toMatchObject({ status: 'fail', fix: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
      expect((await doctor([], { ...env, LLM_SKIP_VERIFY_SSL: 'true' }))['endpoint']).toMatchObject({ status: 'warn' });
      await writeFile(`${place.home}/ca.pem`, selfSigned.cert);
      expect((await doctor([], { ...env, NODE_EXTRA_CA_CERTS: `${place.home}/ca.pem` }))['endpoint']).toMatchObject({ status: 'ok' });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('names the proxy that is used, without its password', async () => {
    const env = { DEEPSEEK_ENDPOINT: 'https://api.example.com/v1', HTTPS_PROXY: 'http://me:secret-pass@127.0.0.1:9' };
    const { endpoint } = await doctor([], env);
    expect(endpoint).toMatchObject({ status: 'fail', message: expect.stringContaining('http://127.0.0.1:9 (HTTPS_PROXY)') });
    expect(JSON.stringify(endpoint)).not.toContain('secret-pass');
  });

  it('reaches as far as the certificate through the proxy', async () => {
    const server = createServer(selfSigned, (_, answer) => answer.end('{"data": []}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const proxy = await startRecordingProxy({ target: { port: typeof address === 'object' ? (address?.port ?? 0) : 0 } });
    try {
      const { endpoint } = await doctor([], { DEEPSEEK_ENDPOINT: 'https://api.example.com/v1', HTTPS_PROXY: proxy.url });
      expect(endpoint).toMatchObject({ status: 'fail', message: expect.stringContaining('certificate of loopback') });
      expect(endpoint?.message).toContain('(HTTPS_PROXY)');
      expect(proxy.seen).toContain('CONNECT api.example.com:443');
    } finally {
      await proxy.close();
      server.closeAllConnections();
      server.close();
    }
  });

  it('tells a kubectl that is missing, not executable or hanging apart, without waiting for long', async () => {
    expect((await doctor([], { PATH: '/nonexistent' }))['kubectl']).toMatchObject({
      status: 'fail',
      fix: expect.stringContaining('kubernetes.io'),
    });
    const plain = await putOnPath(place, 'kubectl', 'x', 0o644);
    const [folder = ''] = plain.split(':');
    expect((await doctor([], { PATH: folder }))['kubectl']).toMatchObject({ status: 'fail', fix: `chmod +x ${folder}/kubectl` });
    const pids = `${place.home}/pids`;
    await putOnPath(place, 'kubectl', `#!/bin/sh\ntrap '' TERM\nsleep 60 & echo $$ $! > ${pids}\nwait\n`);
    expect((await doctor([], { PATH: `${folder}:/usr/bin:/bin` }))['kubectl']).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('5 s'),
    });
    const started = (await readFile(pids, 'utf8')).trim().split(' ');
    await expect.poll(() => Promise.all(started.map(isRunning))).toEqual([false, false]);
  });

  it('names what is wrong with the kubeconfig, and does not ask the cluster then', async () => {
    const checks = await doctor([], { KUBECONFIG: '/no/such/file' });
    expect(checks['kubeconfig']).toMatchObject({ status: 'fail', message: expect.stringContaining('/no/such/file') });
    expect(checks['cluster']).toMatchObject({ status: 'skipped' });
    const path = await kubeconfigOf(place);
    await writeFile(
      path,
      JSON.stringify({
        'current-context': 'x',
        contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
        clusters: [{ name: 'x', cluster: { server: 'https://127.0.0.1:9' } }],
        users: [
          {
            name: 'x',
            user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin', interactiveMode: 'Never' } },
          },
        ],
      }),
    );
    expect((await doctor([], { KUBECONFIG: path }))['kubeconfig']).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('no-such-plugin'),
    });
  });

  it('names broken files with their lines, and goes on', async () => {
    const config = await configure(place, 'modle: x\nquiet: perhaps\n');
    const tools = await configure(place, '- name: helm\n', 'tools.yaml');
    const mcp = await configure(place, 'servers: 3\n', 'mcp.yaml');
    const checks = await doctor([]);
    expect(checks['configuration']).toMatchObject({ status: 'fail', message: expect.stringContaining(`${config}:2`) });
    expect(checks['configuration']?.message).toContain('did you mean "model"?');
    expect(checks['tools']).toMatchObject({ status: 'fail', message: expect.stringContaining(`${tools}:1`) });
    expect(checks['mcp']).toMatchObject({ status: 'fail', message: expect.stringContaining(`${mcp}:1`) });
    expect(checks['key']).toMatchObject({ status: 'ok' });
  });

  it('warns of a file that others can read, of an unknown key, and of a state directory that is open', async () => {
    const path = await configure(place, 'api-keys: {deepseek: sk-in-the-file-0123}\n');
    await chmod(path, 0o644);
    const state = `${place.home}/state`;
    await mkdir(state, { mode: 0o755 });
    const checks = await doctor([`--state-dir=${state}`]);
    expect(checks['configuration']).toMatchObject({ status: 'warn', message: expect.stringContaining(`chmod 600 ${path}`) });
    expect(checks['state']).toMatchObject({ status: 'warn', fix: `chmod 700 ${state}` });
  });

  it('works with everything broken at once', async () => {
    await configure(place, ': : :\n\t- [');
    const { code, stdout } = await place.run(['doctor', '--max-iterations=many', '--kubeconfig=/no/such/file'], {
      env: { PATH: '', DEEPSEEK_API_KEY: undefined, DEEPSEEK_ENDPOINT: 'nonsense', HTTPS_PROXY: '%%%' },
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^11 checks: \d+ failed/m);
    expect(stdout).not.toMatch(/\n\s+at /);
  });
});

describe('doctor --server', () => {
  it('looks at a running service from outside', async () => {
    const cluster = await openSandbox();
    const service = await place.start(['--user-interface=html', '--ui-listen-address=127.0.0.1:0', '--metrics-auth'], {
      env: { KUBECONFIG: cluster.kubeconfig, KW_AUTH_TOKEN: 'a-token-of-the-service' },
    });
    try {
      await service.shows('listens on');
      const url = /listens on (\S+)/.exec(service.stderr())?.[1] ?? '';
      const checks = await doctor([`--server=${url}`], { KW_AUTH_TOKEN: 'a-token-of-the-service' });
      expect(Object.entries(checks).map(([name, { status }]) => `${name} ${status}`)).toEqual([
        'server ok',
        'token ok',
        'agent ok',
        'contexts ok',
        'metrics ok',
      ]);
      const refused = await doctor([`--server=${url}`], { KW_AUTH_TOKEN: 'another-token' });
      expect(refused['token']).toMatchObject({ status: 'fail', message: 'the token is not accepted' });
      expect(refused['agent']?.status).toBe('skipped');
    } finally {
      service.child.kill('SIGTERM');
      await service.ended;
      await cluster.close();
    }
  });

  it('says what is not there, and what is something else', async () => {
    expect(await doctor(['--server=127.0.0.1:1'])).toMatchObject({ server: { status: 'fail' }, metrics: { status: 'fail' } });
    expect((await doctor([`--server=${model.origin}`]))['server']?.message).toContain('is not this service');
    expect(await place.run(['doctor', '--server=ftp://x'])).toMatchObject({ code: 2 });
  });
});
