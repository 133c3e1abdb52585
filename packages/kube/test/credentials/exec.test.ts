import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OpenKubeTarget } from '../../src/index.ts';
import { linkedTransport } from '../../src/testing/index.ts';
import type { LinkedAnswer } from '../../src/testing/index.ts';
import type { TransportRequest } from '../../src/index.ts';
import { movableClock, openTestTarget } from '../support/connection.ts';
import type { OpenOptions } from '../support/connection.ts';
import { createAuthority } from '../support/certificates.ts';
import { createFolder } from '../support/folder.ts';
import type { TestFolder } from '../support/folder.ts';
import { base64 } from '../support/kubeconfig.ts';

const v1 = 'client.authentication.k8s.io/v1';
const version = { gitVersion: 'v1.36.3', major: '1', minor: '36' };

const credential = (status: object, apiVersion = v1): string => JSON.stringify({ apiVersion, kind: 'ExecCredential', status });
// Each run leaves a line in `runs`.
const printing = (folder: TestFolder, output: string): string => `echo run >> ${folder.path}/runs\ncat <<'EOF'\n${output}\nEOF`;

async function runs(folder: TestFolder): Promise<number> {
  return (await readFile(join(folder.path, 'runs'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '').length;
}

interface Setup {
  readonly script: string;
  readonly exec?: object;
  readonly folder: TestFolder;
  readonly answer?: (request: TransportRequest) => LinkedAnswer;
  readonly options?: OpenOptions;
}

async function openWithPlugin({
  script,
  exec = {},
  folder,
  answer = () => ({ body: version }),
  options = {},
}: Setup): Promise<{ readonly opened: OpenKubeTarget; readonly sent: TransportRequest[] }> {
  await folder.script('bin/plugin', script);
  const sent: TransportRequest[] = [];
  const plugin = { apiVersion: v1, command: './bin/plugin', interactiveMode: 'IfAvailable', ...exec };
  const opened = await openTestTarget({
    transport: () =>
      linkedTransport((request) => {
        sent.push(request);
        return answer(request);
      }),
    ...options,
    folder,
    config: { ...options.config, user: { exec: { ...plugin, command: join(folder.path, 'bin/plugin') } } },
  });
  return { opened, sent };
}

const tokens = (sent: readonly TransportRequest[]): unknown[] => sent.map(({ headers }) => headers['authorization']);

describe('exec credential plugins', () => {
  it('the token of a plugin is the bearer token, kept without an expiry, and known as a secret', async () => {
    const folder = await createFolder();
    const { opened, sent } = await openWithPlugin({ folder, script: printing(folder, credential({ token: 'from-plugin' })) });
    await opened.client.serverVersion();
    await opened.client.serverVersion();
    expect(tokens(sent)).toEqual(['Bearer from-plugin', 'Bearer from-plugin']);
    expect(await runs(folder)).toBe(1);
    expect(opened.secrets()).toEqual(['from-plugin']);
  });

  it('gets AWS_PROFILE, its own variables and KUBERNETES_EXEC_INFO, and no key of a model vendor', async () => {
    const folder = await createFolder();
    const script = `[ "$AWS_PROFILE" = dev ] || { echo "no profile" >&2; exit 1; }
[ -z "$DEEPSEEK_API_KEY$GOOGLE_API_KEY" ] || { echo "key seen" >&2; exit 1; }
printf '%s' "$KUBERNETES_EXEC_INFO" > ${folder.path}/info
cat <<EOF
${credential({ token: '$STAGE-$AWS_PROFILE-$1' }, 'client.authentication.k8s.io/v1beta1')}
EOF`;
    const authority = createAuthority().cert;
    const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'aud' } }];
    const { opened, sent } = await openWithPlugin({
      folder,
      script,
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1beta1',
        args: ['arg'],
        env: [{ name: 'STAGE', value: 'eu' }],
        provideClusterInfo: true,
      },
      options: {
        host: { env: { PATH: '/usr/bin:/bin', AWS_PROFILE: 'dev', DEEPSEEK_API_KEY: 'x', GOOGLE_API_KEY: 'y', STAGE: 'wrong' } },
        config: { cluster: { extensions, 'certificate-authority-data': base64(authority), 'tls-server-name': 'kube' } },
      },
    });
    await opened.client.serverVersion();
    expect(tokens(sent)).toEqual(['Bearer eu-dev-arg']);
    expect(JSON.parse(await readFile(join(folder.path, 'info'), 'utf8'))).toEqual({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      spec: {
        interactive: false,
        cluster: {
          server: 'https://dev.example.com:6443',
          'tls-server-name': 'kube',
          'certificate-authority-data': base64(authority),
          config: { audience: 'aud' },
        },
      },
    });
  });

  it('is asked again when its credential expires', async () => {
    const folder = await createFolder();
    const clock = movableClock();
    const script = printing(folder, credential({ token: 't', expirationTimestamp: '2026-01-01T00:10:00Z' }));
    const { opened } = await openWithPlugin({ folder, script, options: { host: { now: clock.now } } });
    await opened.client.serverVersion();
    clock.move(9 * 60_000);
    await opened.client.serverVersion();
    expect(await runs(folder)).toBe(1);
    clock.move(60_000);
    await opened.client.serverVersion();
    expect(await runs(folder)).toBe(2);
  });

  it('runs once for many requests at the same time', async () => {
    const folder = await createFolder();
    const { opened, sent } = await openWithPlugin({ folder, script: `sleep 0.2\n${printing(folder, credential({ token: 't' }))}` });
    await Promise.all(Array.from({ length: 20 }, () => opened.client.serverVersion()));
    expect(sent).toHaveLength(20);
    expect(await runs(folder)).toBe(1);
  });

  it('a refused token is renewed once, and a server that refuses everything does not make it run at every request', async () => {
    const folder = await createFolder();
    const clock = movableClock();
    const script = `echo run >> ${folder.path}/runs\nn=$(wc -l < ${folder.path}/runs | tr -d ' ')\ncat <<EOF\n${credential({ token: 'token-$n' })}\nEOF`;
    let accepted = 'Bearer token-2';
    const { opened, sent } = await openWithPlugin({
      folder,
      script,
      answer: ({ headers }) =>
        headers['authorization'] === accepted
          ? { body: version }
          : { status: 401, body: { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' } },
      options: { host: { now: clock.now } },
    });
    await expect(opened.client.serverVersion()).resolves.toMatchObject({ gitVersion: 'v1.36.3' });
    expect(tokens(sent)).toEqual(['Bearer token-1', 'Bearer token-2']);
    accepted = 'none';
    for (let turn = 0; turn < 5; turn += 1) await expect(opened.client.serverVersion()).rejects.toMatchObject({ code: 'unauthorized' });
    expect(await runs(folder)).toBe(2);
    clock.move(11_000);
    await expect(opened.client.serverVersion()).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(/user "dev-user" of context "dev".*log in again/),
    });
    expect(await runs(folder)).toBe(3);
  });

  it('may give a client certificate', async () => {
    const folder = await createFolder();
    const { cert, key } = createAuthority().issue({ name: 'dev' });
    const { opened, sent } = await openWithPlugin({
      folder,
      script: printing(folder, credential({ clientCertificateData: cert, clientKeyData: key })),
    });
    await opened.client.serverVersion();
    expect(sent[0]?.certificate).toEqual({ cert, key });
    expect(tokens(sent)).toEqual([undefined]);
    expect(opened.secrets()).toEqual([key]);
  });

  it.each([
    [
      'fails',
      'echo "token expired, run: aws sso login" >&2; exit 255',
      /failed with exit code 255\. It said: token expired, run: aws sso login/,
    ],
    ['fails with escapes', 'printf "\\033[31mred\\n" >&2; exit 1', /It said: \\u001b\[31mred/],
    ['prints nothing', 'true', /printed nothing/],
    ['prints HTML', 'echo "<html>secret-token</html>"', /did not print an ExecCredential/],
    ['prints another kind', `echo '{"kind":"Secret","apiVersion":"${v1}"}'`, /kind "Secret"/],
    [
      'answers in another version',
      `cat <<'E'\n${credential({ token: 'x' }, 'client.authentication.k8s.io/v1beta1')}\nE`,
      /answered in apiVersion/,
    ],
    ['has no status', `echo '{"kind":"ExecCredential","apiVersion":"${v1}"}'`, /without a status/],
    ['gives nothing', `cat <<'E'\n${credential({})}\nE`, /neither a token nor a client certificate/],
    ['gives half a pair', `cat <<'E'\n${credential({ clientCertificateData: 'x' })}\nE`, /only one of/],
    [
      'gives a broken time',
      `cat <<'E'\n${credential({ token: 'x', expirationTimestamp: 'tomorrow' })}\nE`,
      /"tomorrow", which is not a time/,
    ],
    [
      'gives a token with a line break',
      `cat <<'E'\n${credential({ token: 'secret-token\r\nX-Evil: 1' })}\nE`,
      /its token holds spaces, line breaks/,
    ],
    ['prints without end', 'yes secret-token', /printed more than 1048576 bytes/],
    ['dies by a signal', 'kill -9 $$', /was ended by SIGKILL/],
  ])('that %s gives one clear error with its hint and no secret', async (_what, script, message) => {
    const folder = await createFolder();
    const { opened, sent } = await openWithPlugin({ folder, script, exec: { installHint: 'See the handbook.' } });
    await expect(opened.client.serverVersion()).rejects.toMatchObject({
      code: expect.stringMatching(/^(exec-failed|credential-invalid)$/),
      message: expect.stringMatching(message),
    });
    await expect(opened.client.serverVersion()).rejects.toMatchObject({ message: expect.not.stringMatching(/secret-token/) });
    expect(sent).toHaveLength(0);
  });

  it('a missing interpreter or an empty program says that it can not be started', async () => {
    const folder = await createFolder();
    const { opened } = await openWithPlugin({ folder, script: '' });
    await folder.write('bin/plugin', '#!/no/such/interpreter\n');
    await expect(opened.client.serverVersion()).rejects.toMatchObject({
      code: 'exec-failed',
      message: expect.stringMatching(/can't be started \(ENOENT\)/),
    });
  });

  it('that hangs is ended with its whole group, although it ignores TERM', async () => {
    const folder = await createFolder();
    const script = `trap '' TERM\necho $$ > ${folder.path}/pid\nsleep 300 &\necho $! > ${folder.path}/child\nwait\nsleep 300`;
    const { opened } = await openWithPlugin({ folder, script, options: { execTimeoutMs: 300 } });
    await expect(opened.client.serverVersion()).rejects.toMatchObject({
      code: 'exec-timeout',
      message: expect.stringMatching(/did not answer in 0\.3 s.*log in with it in a terminal first/),
    });
    for (const name of ['pid', 'child']) await expectGone(Number(await readFile(join(folder.path, name), 'utf8')));
  });

  it('that leaves a grandchild at its pipes answers all the same', async () => {
    const folder = await createFolder();
    const script = `sleep 300 &\necho $! > ${folder.path}/child\n${printing(folder, credential({ token: 't' }))}`;
    const { opened } = await openWithPlugin({ folder, script });
    const before = performance.now();
    await opened.client.serverVersion();
    expect(performance.now() - before).toBeLessThan(5_000);
    await expectGone(Number(await readFile(join(folder.path, 'child'), 'utf8')));
  });

  it('an aborted request ends the plugin only when nobody else waits for it', async () => {
    const folder = await createFolder();
    const { opened } = await openWithPlugin({ folder, script: `sleep 0.5\n${printing(folder, credential({ token: 't' }))}` });
    const abort = new AbortController();
    const reason = new Error('enough');
    const left = opened.client.serverVersion({ signal: abort.signal });
    const stays = opened.client.serverVersion();
    abort.abort(reason);
    await expect(left).rejects.toBe(reason);
    await expect(stays).resolves.toMatchObject({ gitVersion: 'v1.36.3' });
    expect(await runs(folder)).toBe(1);
  });

  it('closing the target ends a plugin that is under way', async () => {
    const folder = await createFolder();
    const { opened } = await openWithPlugin({ folder, script: `echo $$ > ${folder.path}/pid\nsleep 300` });
    const asked = opened.client.serverVersion().catch((error: unknown) => error);
    while ((await readFile(join(folder.path, 'pid'), 'utf8').catch(() => '')) === '') await new Promise(setImmediate);
    await opened.close();
    expect(await asked).toMatchObject({ message: expect.stringMatching(/was closed/) });
    await expectGone(Number(await readFile(join(folder.path, 'pid'), 'utf8')));
  });

  it('is not run where the user has a token as well, as in kubectl', async () => {
    const folder = await createFolder();
    const sent: TransportRequest[] = [];
    const opened = await openTestTarget({
      folder,
      config: { user: { token: 'static', exec: { apiVersion: v1, command: 'not-installed', interactiveMode: 'Never' } } },
      transport: () =>
        linkedTransport((request) => {
          sent.push(request);
          return { body: version };
        }),
    });
    await opened.client.serverVersion();
    expect(tokens(sent)).toEqual(['Bearer static']);
  });
});

async function expectGone(pid: number): Promise<void> {
  await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
