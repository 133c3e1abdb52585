import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createKubeTargets, freezeTarget, isOpenKubeTarget, openTarget, reopenTarget } from '../../src/index.ts';
import type { KubeTarget } from '../../src/index.ts';
import { createAuthority } from '../support/certificates.ts';
import { openTestTarget } from '../support/connection.ts';
import { createFolder } from '../support/folder.ts';
import { testHost } from '../support/host.ts';
import { base64, kubeconfigOf } from '../support/kubeconfig.ts';

const leftovers = (temporary: string): Promise<string[]> => readdir(join(temporary, `kw-targets-${process.getuid?.() ?? 'user'}`));

describe('freezing', () => {
  it('a target tells server, CA, context, user and namespace, and no secret', async () => {
    const folder = await createFolder();
    const { cert } = createAuthority();
    await folder.write(
      '.kube/config',
      kubeconfigOf({
        cluster: { server: 'https://Dev.Example.com:443/', 'certificate-authority-data': base64(cert) },
        user: { token: 'sekret-token' },
        namespace: 'shop',
      }),
    );
    const target = await freezeTarget({ host: testHost(folder) });
    expect(target).toEqual({
      server: 'https://dev.example.com',
      caHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      context: 'dev',
      user: 'dev-user',
      namespace: 'shop',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(target)).not.toContain('sekret');
  });

  it('the CA hash is that of the certificates, whatever the line ends and comments', async () => {
    const folder = await createFolder();
    const { cert } = createAuthority();
    const ca = await folder.write('ca.crt', `# our authority\r\n${cert.replaceAll('\n', '\r\n')}`);
    await folder.write('inline', kubeconfigOf({ cluster: { 'certificate-authority-data': base64(cert) } }));
    await folder.write('file', kubeconfigOf({ cluster: { 'certificate-authority': ca } }));
    const host = testHost(folder);
    const [inline, file] = await Promise.all([freezeTarget({ host, kubeconfig: 'inline' }), freezeTarget({ host, kubeconfig: 'file' })]);
    expect(file).toEqual(inline);
  });

  it('says plainly where the system store, no check or no TLS is used', async () => {
    const folder = await createFolder();
    await folder.write('system', kubeconfigOf({}));
    await folder.write('insecure', kubeconfigOf({ cluster: { 'insecure-skip-tls-verify': true } }));
    await folder.write('plain', kubeconfigOf({ cluster: { server: 'http://127.0.0.1:8001' } }));
    await folder.write('bare', kubeconfigOf({ cluster: { server: 'localhost:8080' } }));
    const host = testHost(folder);
    const hashOf = async (kubeconfig: string): Promise<string> => (await freezeTarget({ host, kubeconfig })).caHash;
    expect(await hashOf('system')).toBe('system');
    expect(await hashOf('insecure')).toBe('insecure');
    expect(await hashOf('plain')).toBe('none');
    await expect(freezeTarget({ host, kubeconfig: 'bare' })).resolves.toMatchObject({ server: 'http://localhost:8080' });
  });

  it('an unknown context names the known ones', async () => {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf({ context: 'prod-eu' }));
    await expect(freezeTarget({ host: testHost(folder), context: 'prod' })).rejects.toMatchObject({
      code: 'unknown-context',
      message: expect.stringMatching(/no context "prod".*Known contexts: "prod-eu"\./),
    });
  });

  it('no current context names the known ones', async () => {
    const folder = await createFolder();
    await folder.write(
      '.kube/config',
      'clusters: [{name: c, cluster: {server: "https://h"}}]\ncontexts: [{name: a, context: {cluster: c}}]',
    );
    await expect(freezeTarget({ host: testHost(folder) })).rejects.toMatchObject({
      code: 'no-context',
      message: expect.stringMatching(/Known contexts: "a"\./),
    });
  });
});

describe('opening', () => {
  it('writes a kubeconfig of its own with the one context: 0600 in a 0700 directory', async () => {
    const folder = await createFolder();
    const { cert } = createAuthority();
    const { cert: userCert, key } = createAuthority().issue({ name: 'dev' });
    const source = {
      cluster: {
        'certificate-authority-data': base64(cert),
        'tls-server-name': 'kubernetes',
        'proxy-url': 'http://proxy.example.com:3128',
      },
      user: {
        token: 'sekret-token',
        'client-certificate-data': base64(userCert),
        'client-key-data': base64(key),
        as: 'jane',
        'as-uid': '7',
        'as-groups': ['a', 'b'],
        'as-user-extra': { Scope: ['x'] },
      },
      namespace: 'shop',
    };
    await folder.write('.kube/config', kubeconfigOf(source));
    const opened = await openTarget({ host: testHost(folder), namespace: 'other' });
    const directory = join(opened.kubeconfigPath, '..');
    expect((await stat(opened.kubeconfigPath)).mode & 0o777).toBe(0o600);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, '..'))).mode & 0o777).toBe(0o700);
    expect(JSON.parse(await readFile(opened.kubeconfigPath, 'utf8'))).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'dev',
      clusters: [
        {
          name: 'target',
          cluster: {
            server: 'https://dev.example.com:6443',
            'certificate-authority-data': base64(cert),
            'tls-server-name': 'kubernetes',
            'proxy-url': 'http://proxy.example.com:3128',
          },
        },
      ],
      users: [
        {
          name: 'dev-user',
          user: {
            token: 'sekret-token',
            'client-certificate-data': base64(userCert),
            'client-key-data': base64(key),
            as: 'jane',
            'as-uid': '7',
            'as-groups': ['a', 'b'],
            'as-user-extra': { scope: ['x'] },
          },
        },
      ],
      contexts: [{ name: 'dev', context: { cluster: 'target', user: 'dev-user', namespace: 'other' } }],
    });
    expect(opened.secrets()).toEqual(['sekret-token', key]);
    expect(isOpenKubeTarget(opened)).toBe(true);
    expect(isOpenKubeTarget({ ...opened.target })).toBe(false);
    await opened.close();
    await opened.close();
    await expect(stat(directory)).rejects.toThrow('ENOENT');
  });

  it('an exec plugin gets its absolute path, and keeps its variables and the cluster extension', async () => {
    const folder = await createFolder();
    await folder.script('bin/get-token', 'exit 1');
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'get-token',
      args: ['--cluster', 'x'],
      env: [{ name: 'STAGE', value: 'dev' }],
      provideClusterInfo: true,
    };
    const extensions = [
      { name: 'other', extension: 1 },
      { name: 'client.authentication.k8s.io/exec', extension: { audience: 'aud' } },
    ];
    await folder.write('.kube/config', kubeconfigOf({ cluster: { extensions }, user: { exec } }));
    const opened = await openTarget({ host: testHost(folder, { env: { PATH: `relative:${join(folder.path, 'bin')}` } }) });
    expect(JSON.parse(await readFile(opened.kubeconfigPath, 'utf8'))).toMatchObject({
      clusters: [{ cluster: { extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'aud' } }] } }],
      users: [{ user: { exec: { ...exec, command: join(folder.path, 'bin/get-token'), interactiveMode: 'Never' } } }],
    });
    await opened.close();
  });

  it('no namespace is written as default: in a pod kubectl would take its own', async () => {
    const opened = await openTestTarget();
    expect(opened.target.namespace).toBeUndefined();
    expect(JSON.parse(await readFile(opened.kubeconfigPath, 'utf8'))).toMatchObject({ contexts: [{ context: { namespace: 'default' } }] });
  });

  it('a secret variable of an exec plugin is known as a secret, a setting is not', async () => {
    const env = [
      { name: 'VAULT_TOKEN', value: 'hvs.sekret' },
      { name: 'AWS_PROFILE', value: 'development' },
    ];
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', interactiveMode: 'Never', env };
    const opened = await openTestTarget({ config: { user: { exec } } });
    expect(opened.secrets()).toEqual(['hvs.sekret']);
  });

  it('the environment of kubectl has what plugins need and no key of a model vendor; that of shells has less', async () => {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf({}));
    const env = {
      PATH: '/bin', HOME: '/home/me', LANG: 'C.UTF-8', LC_ALL: 'C', TZ: 'UTC', TERM: 'xterm', USER: 'me', HTTPS_PROXY: 'http://p:1', no_proxy: 'x',
      AWS_PROFILE: 'dev', AWS_SECRET_ACCESS_KEY: 'aws', AZURE_TENANT_ID: 't', CLOUDSDK_CONFIG: '/c', GOOGLE_APPLICATION_CREDENTIALS: '/g', KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443',
      OPENAI_API_KEY: 'k1', DEEPSEEK_API_KEY: 'k2', GOOGLE_API_KEY: 'k3', AZURE_OPENAI_API_KEY: 'k4', AZURE_OPENAI_ENDPOINT: 'e', AWS_BEARER_TOKEN_BEDROCK: 'k5', GOOGLE_GENERATIVE_AI_API_KEY: 'k6',
      KUBECONFIG: '', KUBERC: '/home/me/kuberc', KUBECTL_KUBERC: 'true', KUBECTL_EXTERNAL_DIFF: 'evil', LD_PRELOAD: '/evil.so', NODE_OPTIONS: '--require evil', VAULT_ADDR: 'https://vault', SECRET: 's',
    }; // prettier-ignore
    const opened = await openTarget({ host: testHost(folder, { env }), passEnvironment: ['VAULT_ADDR', 'KUBERC'] });
    const shell = {
      PATH: '/bin', HOME: '/home/me', LANG: 'C.UTF-8', LC_ALL: 'C', TZ: 'UTC', TERM: 'xterm', USER: 'me', HTTPS_PROXY: 'http://p:1', no_proxy: 'x',
      KUBECONFIG: opened.kubeconfigPath, KUBECACHEDIR: opened.cacheDirectory, KUBERC: 'off', KUBECTL_KUBERC: 'false',
    }; // prettier-ignore
    expect(opened.shellEnvironment).toEqual(shell);
    expect(opened.kubectlEnvironment).toEqual({
      ...shell, AWS_PROFILE: 'dev', AWS_SECRET_ACCESS_KEY: 'aws', AZURE_TENANT_ID: 't', CLOUDSDK_CONFIG: '/c', GOOGLE_APPLICATION_CREDENTIALS: '/g',
      KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443', VAULT_ADDR: 'https://vault', GOGC: '400', GOMEMLIMIT: '1GiB',
    }); // prettier-ignore
    await opened.close();
  });

  it("kubectl's cache outlives the target in a private folder that is wished for, and ends with it where that can't be had", async () => {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf({}));
    const host = testHost(folder);
    const lasting = join(folder.path, 'cache/kubectl');
    const first = await openTarget({ host, cacheDirectory: lasting });
    expect(first.cacheDirectory).toBe(join(lasting, first.target.fingerprint));
    expect((await stat(lasting)).mode & 0o777).toBe(0o700);
    await first.close();
    expect((await stat(lasting)).isDirectory()).toBe(true);
    await chmod(lasting, 0o777);
    await writeFile(join(folder.path, 'file'), '');
    for (const cacheDirectory of [undefined, lasting, join(folder.path, 'file/cache')]) {
      const opened = await openTarget({ host, cacheDirectory });
      expect(opened.cacheDirectory).toBe(join(opened.kubeconfigPath, '../cache'));
      await opened.close();
    }
  });

  it('sweeps what dead processes left, and leaves the living and the foreign alone', async () => {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf({}));
    const host = testHost(folder);
    const parent = join(host.temporaryDirectory, `kw-targets-${process.getuid?.() ?? 'user'}`);
    const { scope, start } = host.process;
    const dead = `${scope}-999999999-1-aa`;
    const reused = `${scope}-${process.pid}-${Number(start) + 1}-bb`;
    const alive = `${scope}-${process.pid}-${start}-cc`;
    const foreign = 'ffffffffffff-1-1-dd';
    for (const name of [dead, reused, alive, foreign, 'not-ours']) await mkdir(join(parent, name), { recursive: true });
    await writeFile(join(parent, dead, 'config'), 'token');
    const opened = await openTarget({ host });
    expect((await leftovers(host.temporaryDirectory)).filter((name) => !opened.kubeconfigPath.includes(name)).toSorted()).toEqual(
      [alive, foreign, 'not-ours'].toSorted(),
    );
    await opened.close();
    const later = await openTarget({ host: { ...host, now: () => Date.now() + 8 * 24 * 3_600_000 } });
    expect(await leftovers(host.temporaryDirectory)).not.toContain(foreign);
    await later.close();
  });

  it('what a process left that was killed is swept by the next one', async () => {
    const folder = await createFolder();
    const kubeconfig = await folder.write('.kube/config', kubeconfigOf({ user: { token: 'sekret' } }));
    const host = testHost(folder);
    const script = fileURLToPath(new URL('../support/open-and-hang.ts', import.meta.url));
    const child = spawn(process.execPath, [script, kubeconfig, host.temporaryDirectory], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line]: unknown[] = await once(child.stdout, 'data');
    const left = String(line).trim();
    await expect(stat(left)).resolves.toMatchObject({ size: expect.any(Number) });
    const beside = await openTarget({ host });
    await expect(stat(left)).resolves.toBeDefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await beside.close();
    const next = await openTarget({ host });
    await expect(stat(left)).rejects.toThrow('ENOENT');
    await next.close();
  });

  it('puts no credential into a directory that somebody else prepared', async () => {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf({}));
    const host = testHost(folder);
    const parent = join(host.temporaryDirectory, `kw-targets-${process.getuid?.() ?? 'user'}`);
    await symlink(folder.path, parent);
    await expect(openTarget({ host })).rejects.toMatchObject({ code: 'target-directory' });
    await rm(parent);
    await mkdir(parent);
    await expect(
      openTarget({ host: { ...host, userId: (host.userId ?? 0) + 1, temporaryDirectory: host.temporaryDirectory } }).then((opened) =>
        opened.close(),
      ),
    ).rejects.toMatchObject({ code: 'target-directory' });
  });

  it('is removed when the process exits without closing it', async () => {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf({}));
    let exit = (): void => undefined;
    let called = 0;
    const host = testHost(folder, {
      onExit: (cleanUp) => {
        exit = cleanUp;
        return () => {
          called += 1;
        };
      },
    });
    const opened = await openTarget({ host });
    exit();
    await expect(stat(opened.kubeconfigPath)).rejects.toThrow('ENOENT');
    await opened.close();
    expect(called).toBe(1);
  });

  it('stops before it begins where the signal is aborted', async () => {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf({}));
    const host = testHost(folder);
    const reason = new Error('enough');
    await expect(openTarget({ host, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(readdir(host.temporaryDirectory)).resolves.toEqual([]);
  });
});

describe('reopening a frozen target', () => {
  const { cert } = createAuthority();
  const original = { cluster: { 'certificate-authority-data': base64(cert) }, user: { token: 'one' }, namespace: 'shop' };

  async function freezeThen(changed: string): Promise<unknown> {
    const folder = await createFolder();
    await folder.write('.kube/config', kubeconfigOf(original));
    const targets = createKubeTargets({ host: testHost(folder) });
    // Through a log: what comes back is JSON.
    const frozen: KubeTarget = JSON.parse(JSON.stringify(await targets.freeze({})));
    await folder.write('.kube/config', changed);
    const opened = await targets.open(frozen);
    await opened.close();
    return opened.target;
  }

  it('works where only the credential or the current context changed', async () => {
    const renewed = kubeconfigOf({ ...original, user: { token: 'two' }, namespace: 'elsewhere' }).replace(
      '"current-context":"dev"',
      '"current-context":"other"',
    );
    await expect(freezeThen(renewed)).resolves.toMatchObject({ context: 'dev', namespace: 'shop' });
  });

  it.each([
    [
      'server',
      kubeconfigOf({ ...original, cluster: { ...original.cluster, server: 'https://evil.example.com' } }),
      /its server was "https:\/\/dev\.example\.com:6443" and is "https:\/\/evil\.example\.com"/,
    ],
    [
      'certificate authority',
      kubeconfigOf({ ...original, cluster: { 'certificate-authority-data': base64(createAuthority().cert) } }),
      /its certificate authority was/,
    ],
    [
      'verification',
      kubeconfigOf({ ...original, cluster: { 'insecure-skip-tls-verify': true } }),
      /its certificate authority was .* and is "insecure"/,
    ],
    ['user', kubeconfigOf(original).replaceAll('dev-user', 'admin'), /its user was "dev-user" and is "admin"/],
    ['impersonation', kubeconfigOf({ ...original, user: { token: 'one', as: 'root' } }), /impersonation/],
    ['TLS server name', kubeconfigOf({ ...original, cluster: { ...original.cluster, 'tls-server-name': 'x' } }), /TLS server name/],
    ['context', kubeconfigOf({ ...original, context: 'renamed' }), /context "dev" of this run is gone.*"renamed"/],
  ])('is refused where the %s changed', async (_what, changed, message) => {
    await expect(freezeThen(changed)).rejects.toMatchObject({ code: 'target-changed', message: expect.stringMatching(message) });
  });

  it('is refused where the whole kubeconfig is gone', async () => {
    const folder = await createFolder();
    const path = await folder.write('.kube/config', kubeconfigOf(original));
    const host = testHost(folder);
    const frozen = await freezeTarget({ host });
    await rm(path);
    await expect(reopenTarget(frozen, { host })).rejects.toMatchObject({ code: 'target-changed' });
  });
});
