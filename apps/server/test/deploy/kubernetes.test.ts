import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { loadConfig } from '@kw/runtime';
import type { LoadedConfig } from '@kw/runtime';
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

/** A configuration file of a pod, as the program reads it. */
async function read(text: string, secrets: ReadonlyMap<string, string> = new Map()): Promise<LoadedConfig> {
  const files = new Map([...secrets, ['/etc/kubelet-wuhrai/config.yaml', text]]);
  const env = { KW_CONFIG: '/etc/kubelet-wuhrai/config.yaml' };
  const readFile = async (path: string): Promise<{ text: string; mode: number } | undefined> => {
    const found = files.get(path);
    return found === undefined ? undefined : { text: found, mode: 0o100600 };
  };
  return loadConfig({ env, home: '/root', flags: {}, readFile });
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
    for (const file of [
      'role-write.yaml',
      'role-impersonate.yaml',
      'role-token-review.yaml',
      'config.example.yaml',
      'secrets.example.yaml',
    ])
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

  it('the configuration for a team is one that the program takes without a warning', async () => {
    const file = join(deploy, 'kubernetes/config.example.yaml');
    const text = await kubectl('create', '--dry-run=client', '-f', file, '-o', "jsonpath={.data['config\\.yaml']}");
    const { config, warnings } = await read(text);
    expect(warnings).toEqual([]);
    expect(config.service).toMatchObject({ clusterIdentity: 'impersonate', auditLog: '-', dailyTokens: 2_000_000 });
  });
});

describe('deploy/helm', () => {
  const chart = join(deploy, 'helm/kubelet-wuhrai');
  const set = (values: readonly string[]): readonly string[] => values.flatMap((value) => ['--set', value]);

  /** The chart's configuration file, as the program reads it. */
  async function configured(values: readonly string[], secrets: ReadonlyMap<string, string> = new Map()): Promise<LoadedConfig> {
    const rendered = await helm('template', 'kw', chart, ...set(values), '--show-only', 'templates/config.yaml');
    const text = /config\.yaml: \|\n((?: {4}.*\n?)+)/.exec(rendered)?.[1]?.replaceAll(/^ {4}/gm, '') ?? '';
    return read(text, secrets);
  }

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

  it.each([
    ['auth.mode=oidc', 'set auth.oidc.issuer and auth.oidc.audience'],
    ['auth.mode=sso', 'it must be token, oidc, kubernetes or none'],
    ['clusterIdentity=impersonate', 'users must be known'],
    ['clusterIdentity=pass-through', 'auth.mode must be oidc or kubernetes'],
    ['clusterIdentity=root', 'it must be own, impersonate or pass-through'],
    ['auth.tokens[0].name=ann', 'auth.tokensSecret'],
    ['auth.access[0].group=sre', 'tokens have their own scopes'],
  ])('refuses %s and says what to set', async (value, way) => {
    await expect(helm('template', 'kw', chart, '--set', value)).rejects.toThrow(way);
  });

  it('writes a configuration that the program takes without a warning: users of an issuer, in whose names it acts, audit and budgets', async () => {
    const { config, warnings } = await configured([
      'auth.mode=oidc',
      'auth.oidc.issuer=https://login.example.org',
      'auth.oidc.audience=kubelet-wuhrai',
      'auth.oidc.usernameClaim=email',
      'auth.oidc.groupsPrefix=oidc:',
      'auth.access[0].group=sre',
      'auth.access[0].scopes={read,chat,approve}',
      'auth.loopbackAuth=true',
      'auth.allowedHosts={kw.example.org}',
      'auth.corsOrigins={https://console.example.org}',
      'auth.trustedProxies={10.0.0.0/8}',
      'clusterIdentity=impersonate',
      'audit.log=-',
      'accessLog=-',
      'limits.dailyTokens=2000000',
      'limits.dailyCost=12.5',
      'limits.allowedModels={deepseek-chat,qwen/*}',
      'limits.maxConcurrentRuns=8',
      'limits.maxRunsPerUser=2',
      'limits.maxToolProcesses=4',
      'limits.retention=30d',
    ]);
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      auth: 'oidc',
      allowedHosts: ['kw.example.org'],
      corsOrigins: ['https://console.example.org'],
      maxConcurrentRuns: 8,
      accessLog: '-',
    });
    expect(config.service).toMatchObject({ clusterIdentity: 'impersonate', loopbackAuth: true, maxRunsPerUser: 2 });
    expect(JSON.stringify(config.service)).toMatch(/2000000/);
  });

  it('reads tokens of several people from a Secret', async () => {
    const values = ['auth.tokens[0].name=ann', 'auth.tokens[0].key=ann-token', 'auth.tokens[0].scopes={read}', 'auth.tokensSecret=people'];
    const { config } = await configured(values, new Map([['/run/secrets/kubelet-wuhrai/ann-token', 'secret-of-ann-0123456789']]));
    expect(config.service.tokens).toEqual([expect.objectContaining({ name: 'ann', scopes: ['read'] })]);
    const deployment = await helm('template', 'kw', chart, ...set(values), '--show-only', 'templates/deployment.yaml');
    expect(deployment).toMatch(/mountPath: \/run\/secrets\/kubelet-wuhrai\n\s+readOnly: true/);
    expect(deployment).toContain('secretName: people');
  });

  it('with impersonation the account may act as the named groups and see nothing by itself', async () => {
    const values = [
      'auth.mode=kubernetes',
      'auth.tokenReview.audience=kubelet-wuhrai',
      'clusterIdentity=impersonate',
      'rbac.impersonate.groups={dev}',
    ];
    await helm('install', 'kw', chart, '-n', 'team', '--create-namespace', ...set(values));
    const account = 'system:serviceaccount:team:kw-kubelet-wuhrai';
    const may = async (...args: readonly string[]): Promise<string> =>
      (
        await kubectl('auth', 'can-i', ...args, `--as=${account}`).catch((error: { readonly stdout?: string }) => error.stdout ?? '')
      ).trim();
    expect(await may('list', 'pods', '-A')).toBe('no');
    expect(await may('impersonate', 'users')).toBe('yes');
    expect(await may('impersonate', 'groups/dev')).toBe('yes');
    expect(await may('impersonate', 'groups/system:masters')).toBe('no');
    expect(await kubectl('get', 'clusterrolebinding', 'team-kw-kubelet-wuhrai-token-review', '-o', 'jsonpath={.roleRef.name}')).toBe(
      'system:auth-delegator',
    );
    await helm('uninstall', 'kw', '-n', 'team');
  });

  it('with pass-through the account has no right at all', async () => {
    const values = ['auth.mode=oidc', 'auth.oidc.issuer=https://x.example', 'auth.oidc.audience=kw', 'clusterIdentity=pass-through'];
    expect(await helm('template', 'kw', chart, ...set(values))).not.toContain('kind: ClusterRole');
  });

  it('lets only named peers in, and lets no node drain, where that is wanted', async () => {
    const values = set([
      'podDisruptionBudget.maxUnavailable=0',
      'networkPolicy.ingressFrom[0].namespaceSelector.matchLabels.name=ingress',
      'networkPolicy.extraEgressPorts={11434}',
    ]);
    const all = await helm('template', 'kw', chart, '--show-only', 'templates/extras.yaml', ...values);
    expect(all).toContain('maxUnavailable: 0');
    expect(all).toMatch(/from:\n\s+- namespaceSelector:\n\s+matchLabels:\n\s+name: ingress/);
    expect(all).toContain('{ port: 11434, protocol: TCP }');
  });

  it('has the same read role as the manifests', async () => {
    const role = await helm('template', 'kw', chart, '--show-only', 'templates/rbac.yaml');
    const shippedRole = await readFile(join(deploy, 'kubernetes/role-read.yaml'), 'utf8');
    const rules = (text: string): string => /rules:\n([\s\S]*?)---/.exec(text)?.[1] ?? '';
    expect(rules(role)).toBe(rules(shippedRole));
  });
});

const real = process.env['KW_TEST_KUBECONFIG'];

describe.skipIf(real === undefined)('on a real API server', () => {
  const chart = join(deploy, 'helm/kubelet-wuhrai');
  const namespace = 'kw-deploy-test';
  const cluster = ['--kubeconfig', real ?? ''];

  afterAll(async () => {
    await helm('uninstall', 'kw', '-n', namespace, '--ignore-not-found', ...cluster);
    await kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait=false', ...cluster);
  });

  it('the manifests are accepted, those that are not applied by default too', async () => {
    const files = ['role-write.yaml', 'role-impersonate.yaml', 'role-token-review.yaml'].flatMap((file) => [
      '-f',
      join(deploy, 'kubernetes', file),
    ]);
    const namespaced = await kubectl('kustomize', join(deploy, 'kubernetes'));
    expect(namespaced).toContain('kind: Deployment');
    expect(await kubectl('apply', '--dry-run=client', '-k', join(deploy, 'kubernetes'), ...cluster)).toContain(
      'deployment.apps/kubelet-wuhrai',
    );
    expect(await kubectl('apply', '--dry-run=client', ...files, ...cluster)).toContain('clusterrolebinding');
  });

  it.each([
    ['as it is', []],
    [
      'for a team',
      [
        'auth.mode=kubernetes',
        'auth.tokenReview.audience=kubelet-wuhrai',
        'clusterIdentity=impersonate',
        'rbac.impersonate.groups={dev}',
        'audit.log=-',
        'limits.dailyTokens=2000000',
        'persistence.enabled=true',
        'networkPolicy.ingressFrom[0].namespaceSelector.matchLabels.name=ingress',
      ],
    ],
    [
      'with tokens and the right to change one namespace',
      ['auth.tokens[0].name=ann', 'auth.tokensSecret=people', 'rbac.write.enabled=true', `rbac.write.namespaces={${namespace}}`],
    ],
  ] as const)('the chart is installed or upgraded %s', async (_, values) => {
    const set = values.flatMap((value) => ['--set', value]);
    await helm('upgrade', 'kw', chart, '--install', '-n', namespace, '--create-namespace', ...set, ...cluster);
    const made = await kubectl('get', 'deployment,service,configmap,networkpolicy,pdb', '-n', namespace, '-o', 'name', ...cluster);
    for (const kind of ['deployment.apps', 'service', 'configmap', 'networkpolicy.networking.k8s.io', 'poddisruptionbudget.policy'])
      expect(made).toContain(`${kind}/kw-kubelet-wuhrai`);
    const warnings = await kubectl(
      'get',
      'deployment',
      'kw-kubelet-wuhrai',
      '-n',
      namespace,
      '-o',
      'jsonpath={.status.conditions[?(@.type=="ReplicaFailure")].message}',
      ...cluster,
    );
    expect(warnings).toBe('');
  });

  it('with impersonation the account may act as the named group only', async () => {
    const set = ['auth.mode=kubernetes', 'clusterIdentity=impersonate', 'rbac.impersonate.groups={dev}'].flatMap((value) => [
      '--set',
      value,
    ]);
    await helm('upgrade', 'kw', chart, '--install', '-n', namespace, '--create-namespace', ...set, ...cluster);
    const account = `system:serviceaccount:${namespace}:kw-kubelet-wuhrai`;
    const may = async (...args: readonly string[]): Promise<string> =>
      (
        await kubectl('auth', 'can-i', ...args, `--as=${account}`, ...cluster).catch(
          (error: { readonly stdout?: string }) => error.stdout ?? '',
        )
      ).trim();
    expect(await may('list', 'pods', '-A')).toBe('no');
    expect(await may('impersonate', 'users')).toBe('yes');
    expect(await may('impersonate', 'groups/dev')).toBe('yes');
    expect(await may('impersonate', 'groups/system:masters')).toBe('no');
    expect(await may('create', 'tokenreviews.authentication.k8s.io')).toBe('yes');
  });
});
