import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { OpenKubeTarget, ProcessEnvironment } from '../../src/index.ts';
import { createAuthority } from '../support/certificates.ts';
import { openTestTarget } from '../support/connection.ts';
import { createFolder } from '../support/folder.ts';
import { base64 } from '../support/kubeconfig.ts';
import { sendJson, startServer } from '../support/server.ts';
import type { SeenRequest, TestServer } from '../support/server.ts';

// The pinned versions; each must take the same way.
const kubectls = (process.env['KW_TEST_KUBECTLS'] ?? process.env['KW_TEST_KUBECTL'] ?? 'kubectl').split(delimiter);
const run = promisify(execFile);

const authority = createAuthority();
const pair = authority.issue({ name: 'kube-apiserver', hosts: ['127.0.0.1'] });
const ca = base64(authority.cert);

const startApi = (): Promise<TestServer> =>
  startServer((_request, response) => sendJson(response, { major: '1', minor: '36', gitVersion: 'v1.36.3' }), pair);

const kubectl = async (binary: string, opened: OpenKubeTarget, env: ProcessEnvironment = opened.kubectlEnvironment): Promise<string> => {
  const { stdout } = await run(binary, ['get', '--raw', '/version'], { env, timeout: 15_000 });
  return stdout;
};

const identities = (requests: readonly SeenRequest[]): unknown[] =>
  requests.map(({ headers }) => [headers.authorization, headers['impersonate-user'], headers['impersonate-group']]);

describe.each(kubectls)('%s on the frozen target', (binary) => {
  it('a pod without kubeconfig: the server, CA, token file and impersonation of the pod, although KUBERNETES_SERVICE_* says another port to it', async () => {
    const api = await startApi();
    const folder = await createFolder();
    await folder.write('serviceaccount/token', 'pod-token');
    await folder.write('serviceaccount/ca.crt', authority.cert);
    await folder.write('serviceaccount/namespace', 'shop');
    const env = {
      PATH: '/usr/bin:/bin',
      HOME: '/nonexistent',
      KUBECONFIG: join(folder.path, 'absent'),
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String(api.port),
    };
    const opened = await openTestTarget({ folder, host: { env }, context: 'in-cluster', impersonate: { user: 'jane', groups: ['dev'] } });
    expect(opened.target.server).toBe(api.url);
    await kubectl(binary, opened);
    await kubectl(binary, opened, { ...opened.kubectlEnvironment, KUBERNETES_SERVICE_PORT: '1' });
    await opened.client.serverVersion();
    expect(new Set(identities(api.requests).map((identity) => JSON.stringify(identity)))).toEqual(
      new Set([JSON.stringify(['Bearer pod-token', 'jane', 'dev'])]),
    );
    expect(api.requests).toHaveLength(3);
  });

  it('a hostile kuberc in the home changes neither server nor identity', async () => {
    const api = await startApi();
    const evil = await startApi();
    const folder = await createFolder();
    const options = [
      ['as', 'mallory'],
      ['server', evil.url],
      ['insecure-skip-tls-verify', 'true'],
    ].map(([name, value]) => `  - name: ${name}\n    default: "${value}"\n`);
    await folder.write(
      '.kube/kuberc',
      `apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ndefaults:\n- command: get\n  options:\n${options.join('')}`,
    );
    const env = { PATH: '/usr/bin:/bin', HOME: folder.path, KUBERC: join(folder.path, '.kube/kuberc'), KUBECTL_KUBERC: 'true' };
    const opened = await openTestTarget({
      folder,
      host: { env },
      config: { cluster: { server: api.url, 'certificate-authority-data': ca }, user: { token: 'mine' } },
    });
    await kubectl(binary, opened);
    await kubectl(binary, opened, opened.shellEnvironment);
    expect(identities(api.requests)).toEqual([['Bearer mine', undefined, undefined], ['Bearer mine', undefined, undefined]]); // prettier-ignore
    expect(evil.requests).toEqual([]);
    // The file is hostile indeed: without our environment the same command goes elsewhere, as somebody else.
    await kubectl(binary, opened, {
      ...opened.kubectlEnvironment,
      KUBERC: join(folder.path, '.kube/kuberc'),
      KUBECTL_KUBERC: 'true',
    }).catch(() => undefined);
    expect(evil.requests.length + api.requests.filter(({ headers }) => headers['impersonate-user'] === 'mallory').length).toBeGreaterThan(
      0,
    );
  });

  it('an exec plugin that needs AWS_PROFILE works in kubectl and in the REST client, and not in a shell', async () => {
    const api = await startApi();
    const folder = await createFolder();
    const status = { token: '$AWS_PROFILE-token' };
    const answer = JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1beta1', kind: 'ExecCredential', status });
    await folder.script(
      'bin/aws-token',
      `[ -n "$AWS_PROFILE" ] || { echo "AWS_PROFILE is not set" >&2; exit 1; }\ncat <<EOF\n${answer}\nEOF`,
    );
    const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'aws-token' };
    const env = { PATH: `${join(folder.path, 'bin')}:/usr/bin:/bin`, HOME: folder.path, AWS_PROFILE: 'dev', DEEPSEEK_API_KEY: 'k' };
    const opened = await openTestTarget({
      folder,
      host: { env },
      config: { cluster: { server: api.url, 'certificate-authority-data': ca }, user: { exec } },
    });
    await kubectl(binary, opened);
    await opened.client.serverVersion();
    expect(identities(api.requests)).toEqual([['Bearer dev-token', undefined, undefined], ['Bearer dev-token', undefined, undefined]]); // prettier-ignore
    await expect(kubectl(binary, opened, opened.shellEnvironment)).rejects.toThrow(/AWS_PROFILE is not set/);
  });

  it('writes nothing into the home: a read-only ~/.kube mount is left as it is', async () => {
    const api = await startApi();
    const folder = await createFolder();
    const opened = await openTestTarget({
      folder,
      config: { cluster: { server: api.url, 'certificate-authority-data': ca }, user: { token: 't' } },
    });
    await run(binary, ['api-versions'], { env: opened.kubectlEnvironment, timeout: 15_000 }).catch(() => undefined);
    await kubectl(binary, opened);
    expect(await readdir(join(folder.path, '.kube'))).toEqual(['config']);
    expect((await stat(opened.cacheDirectory)).isDirectory()).toBe(true);
    expect(opened.cacheDirectory.startsWith(join(opened.kubeconfigPath, '..'))).toBe(true);
  });

  it('client certificates, tls-server-name and names with spaces and quotes arrive as they are', async () => {
    const user = authority.issue({ name: 'jane' });
    const other = authority.issue({ name: 'kube-apiserver', hosts: ['kubernetes.internal'] });
    const api = await startServer((_request, response) => sendJson(response, {}), {
      ...other,
      requestCert: true,
      rejectUnauthorized: true,
      ca: authority.cert,
    });
    const opened = await openTestTarget({
      config: {
        context: `it's "a" context: #1`,
        cluster: { server: api.url, 'certificate-authority-data': ca, 'tls-server-name': 'kubernetes.internal' },
        user: { 'client-certificate-data': base64(user.cert), 'client-key-data': base64(user.key) },
      },
    });
    await kubectl(binary, opened);
    expect(api.requests).toHaveLength(1);
  });
});
