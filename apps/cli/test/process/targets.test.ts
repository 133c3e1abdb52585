import { createSandbox } from '@kw/sandbox';
import type { Sandbox } from '@kw/sandbox';
import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { builtCommand, commandNode } from './built.ts';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { openTerminal } from './terminal.ts';

let sandbox: Sandbox;
let model: ScriptedServer;
let place: Place;

const kubectl = async (...args: readonly string[]): Promise<string> =>
  (
    await promisify(execFile)(process.env['KW_TEST_KUBECTL'] ?? 'kubectl', ['--kubeconfig', sandbox.kubeconfigPath, ...args], {
      env: { HOME: '/nonexistent', KUBERC: 'off' },
    })
  ).stdout;
const calls = (command: string): void => {
  model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command } }] }, { text: 'done' });
};
/** What the model was told last. */
const told = (): string => {
  const messages = model.chats().at(-1)?.body['messages'];
  return JSON.stringify(Array.isArray(messages) ? messages.at(-1) : messages);
};
/** What the cluster was asked since, by whom. */
const asked = (since: number): readonly string[] =>
  sandbox.requests.slice(since).map(({ method, path, user }) => `${user} ${method} ${path}`);
/** The certificate authority of the sandbox, base64. */
const authority = async (): Promise<string> =>
  /certificate-authority-data"?: "?([\w+/=]+)/.exec(await readFile(sandbox.kubeconfigPath, 'utf8'))?.[1] ?? '';

beforeAll(async () => {
  sandbox = await createSandbox({ seed: 'targets', auth: 'tls' });
  await kubectl('create', 'namespace', 'shop');
  await kubectl('create', 'serviceaccount', 'agent', '-n', 'shop');
  await kubectl('create', 'clusterrolebinding', 'agent-views', '--clusterrole=view', '--serviceaccount=shop:agent');
  await kubectl('create', 'configmap', 'menu', '-n', 'shop', '--from-literal=dish=soup');
});
afterAll(async () => {
  await sandbox.close();
});
beforeEach(async () => {
  model = await startScriptedServer({ strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

// The files of a service account stand at one fixed path: a mount namespace of one's own gives them to one process.
const canMount = spawnSync('unshare', ['-Urm', 'true']).status === 0;

describe.skipIf(!canMount)('in a pod without a kubeconfig', () => {
  const inPod = async (args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> => {
    const token = (await kubectl('create', 'token', 'agent', '-n', 'shop')).trim();
    await mkdir(`${place.home}/account`);
    await writeFile(`${place.home}/account/token`, token);
    await writeFile(`${place.home}/account/ca.crt`, Buffer.from(await authority(), 'base64'));
    await writeFile(`${place.home}/account/namespace`, 'shop');
    const { hostname, port } = new URL(sandbox.url);
    const script =
      'mount -t tmpfs tmpfs /run && mkdir -p /run/secrets/kubernetes.io && cp -r "$HOME/account" /run/secrets/kubernetes.io/serviceaccount && exec "$@"';
    const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
    return place.program('unshare', ['-Urm', 'sh', '-c', script, 'sh', commandNode, await builtCommand(), ...args], { env }).ended;
  };

  it("acts in the pod's own cluster and namespace, as its service account", async () => {
    const since = sandbox.requests.length;
    calls('kubectl get configmap menu -o jsonpath={.data.dish}');
    expect((await inPod(['what is on the menu?'])).code).toBe(0);
    expect(told()).toContain('soup');
    expect(asked(since)).toContain('system:serviceaccount:shop:agent GET /api/v1/namespaces/shop/configmaps/menu');
  });

  it('a flag that moves identity is asked for by name, and not run where nobody can say yes', async () => {
    const since = sandbox.requests.length;
    calls('kubectl get configmap menu --as=admin');
    const { code } = await inPod(['what is on the menu?']);
    expect(code).toBe(3);
    expect(asked(since).filter((line) => line.includes('configmaps'))).toEqual([]);
  });
});

describe('an exec plugin', () => {
  it('that needs AWS_PROFILE gets it, its user acts, and a shell never sees it', async () => {
    const token = (await kubectl('create', 'token', 'agent', '-n', 'shop')).trim();
    const plugin = `${place.home}/plugin`;
    await writeFile(
      plugin,
      `#!/bin/sh
[ "$AWS_PROFILE" = staging ] || { echo "AWS_PROFILE is not set" >&2; exit 1; }
[ -z "$DEEPSEEK_API_KEY" ] || { echo "a key of a model got here" >&2; exit 1; }
echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"${token}"}}'
`,
    );
    await chmod(plugin, 0o700);
    const kubeconfig = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'eks',
      contexts: [{ name: 'eks', context: { cluster: 'eks', user: 'eks', namespace: 'shop' } }],
      clusters: [{ name: 'eks', cluster: { server: sandbox.url, 'certificate-authority-data': await authority() } }],
      users: [
        { name: 'eks', user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' } } },
      ],
    };
    await writeFile(`${place.home}/eks`, JSON.stringify(kubeconfig));
    const since = sandbox.requests.length;
    calls('kubectl get configmap menu -o jsonpath={.data.dish}');
    const { code } = await place.run(['what is on the menu?'], { env: { KUBECONFIG: `${place.home}/eks`, AWS_PROFILE: 'staging' } });
    expect(code).toBe(0);
    expect(told()).toContain('soup');
    expect(asked(since)).toContain('system:serviceaccount:shop:agent GET /api/v1/namespaces/shop/configmaps/menu');
    expect(JSON.stringify(model.requests.map(({ text }) => text))).not.toContain(token);

    model.enqueue({ toolCalls: [{ name: 'bash', arguments: { command: 'echo "profile: ${AWS_PROFILE:-unset}"' } }] }, { text: 'done' });
    await place.run(['--skip-permissions', '--dangerously-allow', 'x'], {
      env: { KUBECONFIG: `${place.home}/eks`, AWS_PROFILE: 'staging' },
    });
    expect(told()).toContain('profile: unset');
  });
});

describe('a hostile kuberc', () => {
  let evil: Server;
  let visits: string[];

  beforeEach(async () => {
    visits = [];
    evil = createServer((request, response) => {
      visits.push(`${request.method} ${request.url}`);
      response.writeHead(500).end();
    });
    await new Promise<void>((done) => evil.listen(0, '127.0.0.1', done));
    await mkdir(`${place.home}/.kube`);
    const address: AddressInfo | string | null = evil.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const kuberc = {
      apiVersion: 'kubectl.config.k8s.io/v1beta1',
      kind: 'Preference',
      defaults: [{ command: 'get', options: [{ name: 'server', default: `http://127.0.0.1:${port}` }] }],
      aliases: [{ name: 'look', command: 'delete', prependArgs: ['configmap'] }],
    };
    await writeFile(`${place.home}/.kube/kuberc`, JSON.stringify(kuberc));
  });
  afterEach(async () => {
    await new Promise((done) => evil.close(done));
  });

  it('sends plain kubectl to another server, and the judged command to the frozen one', async () => {
    const plain = place.program(process.env['KW_TEST_KUBECTL'] ?? 'kubectl', [
      '--kubeconfig',
      sandbox.kubeconfigPath,
      'get',
      'configmap',
      'menu',
      '-n',
      'shop',
    ]);
    expect((await plain.ended).code).not.toBe(0);
    expect(visits).not.toEqual([]);
    visits.length = 0;
    calls('kubectl get configmap menu -n shop -o jsonpath={.data.dish}');
    const { code } = await place.run(['what is on the menu?'], { env: { KUBECONFIG: sandbox.kubeconfigPath } });
    expect(code).toBe(0);
    expect(told()).toContain('soup');
    expect(visits).toEqual([]);
  });

  it('has no aliases: a verb that kubectl does not know is asked for, and an alias of a delete deletes nothing', async () => {
    calls('kubectl look menu -n shop');
    const { code } = await place.run(['look'], { env: { KUBECONFIG: sandbox.kubeconfigPath } });
    expect(code).toBe(3);
    calls('kubectl look menu -n shop');
    await place.run(['--skip-permissions', '--dangerously-allow', 'look'], { env: { KUBECONFIG: sandbox.kubeconfigPath } });
    expect(told()).toContain('unknown command');
    expect(await kubectl('get', 'configmap', 'menu', '-n', 'shop', '-o', 'name')).toBe('configmap/menu\n');
  });
});

describe('kubectl', () => {
  it('asks a server once what it has, not in each run', async () => {
    const discoveries = async (): Promise<number> => {
      const since = sandbox.requests.length;
      calls('kubectl get configmap menu -n shop');
      expect((await place.run(['x'], { env: { KUBECONFIG: sandbox.kubeconfigPath } })).code).toBe(0);
      return asked(since).filter((line) => / GET \/apis?(\?|$)/.test(line)).length;
    };
    expect(await discoveries()).toBeGreaterThan(0);
    expect(await discoveries()).toBe(0);
  });
});

describe('the frozen target', () => {
  it('is where an approved command runs, also where the kubeconfig now names another cluster', async () => {
    const KUBECONFIG = `${place.home}/kubeconfig`;
    await sandbox.writeKubeconfig(KUBECONFIG);
    calls('kubectl label configmap menu day=monday -n shop --overwrite');
    const terminal = await openTerminal(place, ['label the menu'], { env: { KUBECONFIG } });
    await terminal.shows('y = run it');
    await writeFile(KUBECONFIG, (await readFile(KUBECONFIG, 'utf8')).replaceAll(sandbox.url, 'https://127.0.0.1:9'));
    terminal.type('y\r');
    expect((await terminal.ended).code).toBe(0);
    expect(await kubectl('get', 'configmap', 'menu', '-n', 'shop', '-o', 'jsonpath={.metadata.labels.day}')).toBe('monday');
  });
});
