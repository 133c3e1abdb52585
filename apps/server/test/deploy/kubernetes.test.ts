import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createSandbox } from '@kw/sandbox';
import type { Sandbox } from '@kw/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const deploy = resolve(import.meta.dirname, '../../../../deploy');
let sandbox: Sandbox;
let home: string;

beforeAll(async () => {
  sandbox = await createSandbox({ seed: 'deploy' });
  home = await mkdtemp(join(tmpdir(), 'kw-deploy-'));
});
afterAll(async () => {
  await sandbox.close();
  await rm(home, { recursive: true, force: true });
});

async function run(file: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: home, KUBERC: 'off', KUBECONFIG: sandbox.kubeconfigPath };
  return (await promisify(execFile)(file, [...args], { env })).stdout;
}
const kubectl = (...args: readonly string[]): Promise<string> => run(process.env['KW_TEST_KUBECTL'] ?? 'kubectl', args);
const helm = (...args: readonly string[]): Promise<string> => run(process.env['KW_TEST_HELM'] ?? 'helm', args);

/** A value of the shipped Deployment or Service, as kubectl reads the file. */
function shipped(file: string, path: string): Promise<string> {
  return kubectl('create', '--dry-run=client', '-f', join(deploy, 'kubernetes', file), '-o', `jsonpath=${path}`);
}

const container = '{.spec.template.spec.containers[0]';

describe('deploy/kubernetes', () => {
  it('S46: the Deployment applies cleanly, with one replica', async () => {
    await kubectl('apply', '-f', join(deploy, 'kubernetes/namespace.yaml'));
    const said = await kubectl('apply', '--dry-run=server', '-k', join(deploy, 'kubernetes'));
    expect(said).toContain('deployment.apps/kubelet-wuhrai created (server dry run)');
    expect(await shipped('deployment.yaml', '{.apiVersion} {.metadata.name} {.metadata.namespace} {.spec.replicas}')).toBe(
      'apps/v1 kubelet-wuhrai kubelet-wuhrai 1',
    );
  });

  it('S47: selector and pods have the label app', async () => {
    const both = '{.spec.selector.matchLabels.app} {.spec.template.metadata.labels.app}';
    expect(await shipped('deployment.yaml', both)).toBe('kubelet-wuhrai kubelet-wuhrai');
  });

  it('S48: the container, its image and port', async () => {
    expect(await shipped('deployment.yaml', `${container}.name} ${container}.image} ${container}.ports[0].containerPort}`)).toBe(
      'kubelet-wuhrai kubelet-wuhrai:latest 8888',
    );
  });

  it('S49: the key comes from a Secret', async () => {
    expect(await shipped('deployment.yaml', `${container}.env[?(@.name=="DEEPSEEK_API_KEY")].valueFrom.secretKeyRef}`)).toBe(
      '{"key":"deepseek-api-key","name":"kubelet-wuhrai-secrets"}',
    );
  });

  it('S50, S51: a kubeconfig of a Secret is mounted where it is looked for, read-only', async () => {
    expect(await shipped('deployment.yaml', `${container}.volumeMounts[?(@.name=="kubeconfig")]}`)).toBe(
      '{"mountPath":"/root/.kube","name":"kubeconfig","readOnly":true}',
    );
    expect(await shipped('deployment.yaml', '{.spec.template.spec.volumes[?(@.name=="kubeconfig")].secret.secretName}')).toBe(
      'kubelet-wuhrai-kubeconfig',
    );
  });

  it('S52: the Service, and namespace, account and roles as files', async () => {
    expect(
      await shipped(
        'service.yaml',
        '{.metadata.name} {.metadata.namespace} {.spec.type} {.spec.selector.app} {.spec.ports[0].port} {.spec.ports[0].targetPort}',
      ),
    ).toBe('kubelet-wuhrai-service kubelet-wuhrai LoadBalancer kubelet-wuhrai 80 8888');
    for (const file of ['role-write.yaml', 'role-impersonate.yaml', 'secrets.example.yaml'])
      expect(await kubectl('apply', '--dry-run=server', '-f', join(deploy, 'kubernetes', file))).toContain('created');
  });

  it('the account may read what it needs, no Secret, and change nothing', async () => {
    await kubectl('apply', '-k', join(deploy, 'kubernetes'));
    const may = async (...args: readonly string[]): Promise<string> =>
      (
        await kubectl('auth', 'can-i', ...args, '--as=system:serviceaccount:kubelet-wuhrai:kubelet-wuhrai').catch(
          (error: { readonly stdout?: string }) => error.stdout ?? '',
        )
      ).trim();
    expect(await may('list', 'pods', '-A')).toBe('yes');
    expect(await may('get', 'pods/log', '-n', 'default')).toBe('yes');
    expect(await may('get', 'secrets', '-n', 'default')).toBe('no');
    expect(await may('delete', 'pods', '-n', 'default')).toBe('no');
    expect(await may('patch', 'deployments', '-n', 'default')).toBe('no');
  });
});

describe('deploy/helm', () => {
  const chart = join(deploy, 'helm/kubelet-wuhrai');

  it('passes helm lint', async () => {
    expect(await helm('lint', '--strict', chart)).toContain('0 chart(s) failed');
  });

  it('is installed, upgraded and taken away', async () => {
    await helm('install', 'kw', chart, '-n', 'tools', '--create-namespace', '--set', 'secrets.env.DEEPSEEK_API_KEY=sk-test');
    expect(await kubectl('get', 'deploy,svc,cm,secret,pdb,netpol', '-n', 'tools', '-o', 'name')).toContain(
      'deployment.apps/kw-kubelet-wuhrai',
    );
    await helm('upgrade', 'kw', chart, '-n', 'tools', '--set', 'rbac.write.enabled=true', '--set', 'rbac.write.namespaces={default}');
    expect(await kubectl('get', 'rolebindings', '-n', 'default', '-o', 'name')).toContain('tools-kw-kubelet-wuhrai-write');
    await helm('uninstall', 'kw', '-n', 'tools');
    expect(await kubectl('get', 'deploy,svc', '-n', 'tools', '-o', 'name')).toBe('');
  });

  it('has the same read role as the manifests', async () => {
    const role = await helm('template', 'kw', chart, '--show-only', 'templates/rbac.yaml');
    const shippedRole = await readFile(join(deploy, 'kubernetes/role-read.yaml'), 'utf8');
    const rules = (text: string): string => /rules:\n([\s\S]*?)---/.exec(text)?.[1] ?? '';
    expect(rules(role)).toBe(rules(shippedRole));
  });
});
