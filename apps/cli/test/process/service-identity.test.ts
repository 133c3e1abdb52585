import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSandbox } from '@kw/sandbox';
import type { Sandbox } from '@kw/sandbox';
import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place, Started } from './command.ts';

const people = ['alice', 'bob'] as const;
type Person = (typeof people)[number];
const teams: Readonly<Record<Person, string>> = { alice: 'team-a', bob: 'team-b' };
const secrets: Readonly<Record<Person, string>> = { alice: 'alice-0123456789abcdef', bob: 'bob-0123456789abcdefgh' };

let sandbox: Sandbox;
let model: ScriptedServer;
let place: Place;
let configFile: string;

const kubectl = async (...args: readonly string[]): Promise<string> =>
  (
    await promisify(execFile)(process.env['KW_TEST_KUBECTL'] ?? 'kubectl', ['--kubeconfig', sandbox.kubeconfigPath, ...args], {
      env: { HOME: '/nonexistent', KUBERC: 'off' },
    })
  ).stdout.trim();

/** Each question names its own command; the cluster's log then says who asked it. */
function script(request: { readonly body: { readonly [name: string]: unknown } }): object {
  const messages = request.body['messages'];
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (typeof last === 'object' && last !== null && 'role' in last && last.role === 'tool')
    return { text: `result: ${'content' in last ? String(last.content) : ''}` };
  const command = /run (kubectl [^\n"]*)/.exec(JSON.stringify(last))?.[1] ?? '';
  return { toolCalls: [{ name: 'kubectl', arguments: { command } }] };
}

beforeAll(async () => {
  sandbox = await createSandbox({ seed: 'identity', auth: 'tls' });
  for (const person of people) {
    const team = teams[person];
    await kubectl('create', 'namespace', team);
    await kubectl('create', 'configmap', `of-${person}`, '-n', team, '--from-literal=a=b');
    await kubectl('create', 'serviceaccount', person, '-n', team);
    await kubectl(
      'create',
      'rolebinding',
      `${person}-edits`,
      '-n',
      team,
      '--clusterrole=edit',
      `--user=${person}`,
      `--serviceaccount=${team}:${person}`,
    );
  }
  await kubectl('create', 'clusterrole', 'impersonator', '--verb=impersonate', '--resource=users,serviceaccounts');
  await kubectl('create', 'clusterrolebinding', 'service-impersonates', '--clusterrole=impersonator', '--user=kw-service');
  await kubectl('create', 'clusterrolebinding', 'service-reviews', '--clusterrole=system:auth-delegator', '--user=kw-service');
});
afterAll(async () => {
  await sandbox.close();
});
beforeEach(async () => {
  model = await startScriptedServer({ script: (request) => script(request) });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789', ALICE_TOKEN: secrets.alice });
  const kubeconfig = join(place.home, 'kubeconfig');
  await sandbox.writeKubeconfig(kubeconfig, { user: 'kw-service' });
  configFile = join(place.home, '.config', 'kubelet-wuhrai', 'config.yaml');
  await mkdir(join(place.home, '.config', 'kubelet-wuhrai'), { recursive: true });
  await writeFile(join(place.home, 'bob.token'), `${secrets.bob}\n`, { mode: 0o600 });
  await configure({ auth: 'token', 'cluster-identity': 'impersonate' }, [
    'auth-tokens:',
    '  - { name: alice, token: "${ALICE_TOKEN}" }',
    `  - { name: bob, token-file: "${join(place.home, 'bob.token')}" }`,
  ]);
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

async function configure(values: Readonly<Record<string, string>>, more: readonly string[] = []): Promise<void> {
  const lines = Object.entries({ kubeconfig: join(place.home, 'kubeconfig'), ...values }).map(([key, value]) => `${key}: "${value}"`);
  await writeFile(configFile, `${[...lines, ...more].join('\n')}\n`, { mode: 0o600 });
}

async function startService(): Promise<{ readonly url: string; readonly started: Started }> {
  const started = await place.start(['--user-interface=html', '--ui-listen-address=127.0.0.1:0']);
  await started.shows('listens on http');
  return { url: /http:\/\/[^\s]+/.exec(started.stderr())?.[0] ?? '', started };
}

interface Answer {
  readonly status: number;
  readonly body: { readonly [name: string]: unknown };
}

async function send(url: string, token: string, body?: object): Promise<Answer> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const ask = (url: string, token: string, command: string, session?: string): Promise<Answer> =>
  send(`${url}/api/v1/chat`, token, { query: `run ${command}`, ...(session !== undefined && { session_id: session }) });

/** Who asked for what is marked so, in the cluster's own log. */
const askersOf = (mark: string, since: number): readonly string[] =>
  sandbox.requests
    .slice(since)
    .filter(({ path }) => path.includes(mark))
    .map(({ user, impersonatedUser }) => (impersonatedUser === undefined ? user : `${user} as ${impersonatedUser}`));

async function interleave(url: string, tokens: Readonly<Record<Person, string>>, label: (person: Person) => string): Promise<void> {
  const since = sandbox.requests.length;
  const wrong: string[] = [];
  for (let begin = 0; begin < 50; begin += 10) {
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const number = begin + index;
        const person: Person = number % 2 === 0 ? 'alice' : 'bob';
        // every third looks into the other's namespace
        const owner: Person = number % 3 === 0 ? (person === 'alice' ? 'bob' : 'alice') : person;
        const mark = `mark-${number}-${person}`;
        const { status, body } = await ask(
          url,
          tokens[person],
          `kubectl get configmaps -n ${teams[owner]} -o name --field-selector=metadata.name!=${mark}`,
        );
        const response = String(body['response']);
        const seen = response.includes(`configmap/of-${owner}`);
        const forbidden = response.includes('forbidden');
        if (status !== 200 || seen !== (owner === person) || forbidden === seen) wrong.push(`${mark}: ${status} ${response}`);
        const askers = new Set(askersOf(mark, since));
        if (askers.size !== 1 || !askers.has(label(person))) wrong.push(`${mark} was asked by ${[...askers].join(', ')}`);
      }),
    );
  }
  expect(wrong).toEqual([]);
}

it('50 interleaved questions of two users: the API server sees the right one each time, by impersonation', async () => {
  const { url } = await startService();
  await interleave(url, secrets, (person) => `kw-service as ${person}`);
  expect(sandbox.requests.filter(({ user, impersonatedUser }) => user === 'kw-service' && impersonatedUser === undefined)).toEqual([]);
}, 240_000);

it('and with the token that each brought along, which reaches no disk', async () => {
  await configure({ auth: 'kubernetes', 'cluster-identity': 'pass-through' });
  const tokens = {
    alice: await kubectl('create', 'token', 'alice', '-n', teams.alice),
    bob: await kubectl('create', 'token', 'bob', '-n', teams.bob),
  };
  const { url, started } = await startService();
  await interleave(url, tokens, (person) => `system:serviceaccount:${teams[person]}:${person}`);
  expect((await send(`${url}/api/v1/sessions`, `${tokens.alice}x`)).status).toBe(401);
  started.child.kill('SIGTERM');
  await started.ended;
  for (const token of Object.values(tokens)) expect(await filesWith(place.home, token)).toEqual([]);
}, 240_000);

it('and users that the cluster knows, in their names, with no more than the right to impersonate them', async () => {
  await configure({ auth: 'kubernetes', 'cluster-identity': 'impersonate' });
  const tokens = {
    alice: await kubectl('create', 'token', 'alice', '-n', teams.alice),
    bob: await kubectl('create', 'token', 'bob', '-n', teams.bob),
  };
  const { url } = await startService();
  await interleave(url, tokens, (person) => `kw-service as system:serviceaccount:${teams[person]}:${person}`);
}, 240_000);

it('an approved change is made as the user who asked, also by another process after kill -9; nobody else may answer', async () => {
  const first = await startService();
  const asked = await ask(first.url, secrets.alice, 'kubectl create configmap made -n team-a --from-literal=x=y', 'change-1');
  expect(asked.body['status']).toBe('awaiting_approval');
  const approval = asked.body['approval'];
  const id = typeof approval === 'object' && approval !== null && 'id' in approval ? String(approval.id) : '';
  first.started.child.kill('SIGKILL');
  await first.started.ended;
  const second = await startService();
  const since = sandbox.requests.length;
  expect((await send(`${second.url}/api/v1/approvals/${id}`, secrets.bob, { decision: 'approve' })).status).toBe(403);
  expect((await send(`${second.url}/api/v1/approvals/${id}`, secrets.alice, { decision: 'approve' })).status).toBe(200);
  const { body } = await send(`${second.url}/api/v1/runs/change-1.1?wait=30s`, secrets.alice);
  expect(body).toMatchObject({ status: 'completed', response: expect.stringContaining('created') });
  const writes = sandbox.requests.slice(since).filter(({ method }) => method === 'POST');
  expect(writes.map(({ user, impersonatedUser, status }) => [user, impersonatedUser, status])).toContainEqual(['kw-service', 'alice', 201]);
  expect(writes.every(({ impersonatedUser }) => impersonatedUser === 'alice')).toBe(true);
}, 120_000);

it('a run with a brought token waits after a kill until its user comes back, and for no other', async () => {
  await configure({ auth: 'kubernetes', 'cluster-identity': 'pass-through' });
  const alice = await kubectl('create', 'token', 'alice', '-n', teams.alice);
  const bob = await kubectl('create', 'token', 'bob', '-n', teams.bob);
  const first = await startService();
  const asked = await ask(first.url, alice, 'kubectl create configmap later -n team-a --from-literal=x=y', 'later-1');
  const approval = asked.body['approval'];
  const id = typeof approval === 'object' && approval !== null && 'id' in approval ? String(approval.id) : '';
  expect((await send(`${first.url}/api/v1/approvals/${id}`, alice, { decision: 'deny', reason: 'wait' })).status).toBe(200);
  await send(`${first.url}/api/v1/runs/later-1.1?wait=30s`, alice);
  const again = await ask(first.url, alice, 'kubectl create configmap later -n team-a --from-literal=x=y', 'later-1');
  expect(again.body['status']).toBe('awaiting_approval');
  first.started.child.kill('SIGKILL');
  await first.started.ended;
  const second = await startService();
  await send(`${second.url}/api/v1/sessions`, bob);
  const other = await ask(second.url, bob, 'kubectl get configmaps -n team-b -o name');
  expect(other.body['status']).toBe('completed');
  const next = again.body['approval'];
  const nextId = typeof next === 'object' && next !== null && 'id' in next ? String(next.id) : '';
  expect((await send(`${second.url}/api/v1/approvals/${nextId}`, alice, { decision: 'approve' })).status).toBe(200);
  const { body } = await send(`${second.url}/api/v1/runs/later-1.2?wait=30s`, alice);
  expect(body).toMatchObject({ status: 'completed', response: expect.stringContaining('created') });
}, 120_000);

it.each([
  'kubectl get pods --as=bob -n team-b',
  'kubectl get pods --token=abc -n team-b',
  'kubectl get secrets --kubeconfig=/root/.kube/config',
  'kubectl create configmap x --from-file=/etc/passwd -n team-a',
  'kubectl apply -f /etc/hosts',
  'kubectl get pods -n team-a | sh',
  'kubectl config view --raw',
  'kubectl cp /etc/passwd team-a/x:/tmp/x',
])('%s is refused, whoever would approve it', async (command) => {
  const { url } = await startService();
  const since = sandbox.requests.length;
  const { body } = await ask(url, secrets.alice, command);
  expect(body['status']).toBe('completed');
  expect(String(body['response'])).toContain('act in the cluster only');
  expect(
    sandbox.requests.slice(since).filter(({ user, impersonatedUser }) => impersonatedUser !== 'alice' || user !== 'kw-service'),
  ).toEqual([]);
});

it('SIGHUP takes new tokens and forgets old ones, and a broken file changes nothing', async () => {
  const { url, started } = await startService();
  const carol = 'carol-0123456789abcdef';
  expect((await send(`${url}/api/v1/sessions`, carol)).status).toBe(401);
  await configure({ auth: 'token', 'cluster-identity': 'impersonate' }, [
    `auth-tokens: [{ name: carol, token: "${carol}", scopes: [read] }]`,
  ]);
  started.child.kill('SIGHUP');
  await started.shows('tokens were read again: 1');
  expect((await send(`${url}/api/v1/sessions`, carol)).status).toBe(200);
  expect((await send(`${url}/api/v1/sessions`, secrets.alice)).status).toBe(401);
  const denied = await ask(url, carol, 'kubectl get pods');
  expect(denied).toMatchObject({ status: 403, body: { error: { code: 'missing-scope', message: expect.stringContaining('"chat"') } } });
  await writeFile(configFile, 'auth-tokens: [{ name: carol }]\n');
  started.child.kill('SIGHUP');
  await started.shows('the tokens stay as they were');
  expect((await send(`${url}/api/v1/sessions`, carol)).status).toBe(200);
  started.child.kill('SIGTERM');
  expect((await started.ended).code).toBe(0);
});

async function filesWith(folder: string, text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(text)) found.push(path);
  }
  return found;
}
