import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSandbox } from '@kw/sandbox';
import type { Sandbox } from '@kw/sandbox';
import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place, Started } from './command.ts';

const tokens = { alice: 'alice-0123456789abcdef', bob: 'bob-0123456789abcdefgh', root: 'root-0123456789abcdef' } as const;

let sandbox: Sandbox;
let model: ScriptedServer;
let place: Place;

beforeAll(async () => {
  sandbox = await createSandbox({ seed: 'team' });
});
afterAll(async () => {
  await sandbox.close();
});
beforeEach(async () => {
  model = await startScriptedServer();
  place = await createPlace({
    DEEPSEEK_ENDPOINT: model.url,
    DEEPSEEK_API_KEY: 'sk-deepseek-0123456789',
    KUBECONFIG: sandbox.kubeconfigPath,
  });
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

interface Service {
  readonly started: Started;
  readonly send: (who: keyof typeof tokens, path: string, body?: object, method?: string) => Promise<Answer>;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: { readonly [name: string]: unknown };
}

/** Starts the service with these lines in its configuration. */
async function serve(...lines: readonly string[]): Promise<Service> {
  const folder = join(place.home, '.config', 'kubelet-wuhrai');
  await mkdir(folder, { recursive: true });
  const people = [
    'auth-tokens:',
    ...Object.entries(tokens).map(
      ([name, token]) => `  - { name: ${name}, token: "${token}"${name === 'root' ? ', scopes: [read, admin]' : ''} }`,
    ),
  ];
  await writeFile(join(folder, 'config.yaml'), [...people, ...lines, ''].join('\n'), { mode: 0o600 });
  const started = await place.start(['--user-interface=html', '--ui-listen-address=127.0.0.1:0']);
  await started.shows('listens on http');
  const url = /http:\/\/[^\s]+/.exec(started.stderr())?.[0] ?? '';
  return {
    started,
    send: async (who, path, body, method = body === undefined ? 'GET' : 'POST') => {
      const response = await fetch(`${url}/api/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, retryAfter: response.headers.get('retry-after'), body: text === '' ? {} : JSON.parse(text) };
    },
  };
}

const stop = async ({ started }: Service): Promise<void> => {
  started.child.kill('SIGTERM');
  await started.ended;
};

it('a budget of a day is kept for each user, also after a restart: 429 that says when it begins anew', async () => {
  model.enqueue({ text: 'one' }, { text: 'two' }, { text: 'three' }, { text: 'four' });
  const first = await serve('daily-tokens: 30'); // an answer of the script uses 18
  expect((await first.send('alice', 'chat', { query: 'x', session_id: 'a1' })).body).toMatchObject({ response: 'one' });
  expect((await first.send('alice', 'chat', { query: 'x' })).body).toMatchObject({ response: 'two' });
  expect((await first.send('alice', 'sessions/a1', {}, 'DELETE')).status).toBe(204);
  await stop(first);
  const second = await serve('daily-tokens: 30');
  const refused = await second.send('alice', 'chat', { query: 'x' });
  expect(refused).toMatchObject({
    status: 429,
    body: { error: { code: 'budget-spent', message: expect.stringContaining('36 of 30 tokens') } },
  });
  expect(Number(refused.retryAfter)).toBeGreaterThan(0);
  expect(Number(refused.retryAfter)).toBeLessThanOrEqual(86_400);
  expect((await second.send('bob', 'chat', { query: 'x' })).body).toMatchObject({ response: 'three' });
  expect((await second.send('alice', 'sessions')).status).toBe(200);
});

it('the rest of a budget is the limit of a run', async () => {
  model.enqueue(
    { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get nodes' } }] },
    { text: 'what I have so far' },
    { text: 'too much' },
  );
  const service = await serve('daily-tokens: 10');
  const { body } = await service.send('alice', 'chat', { query: 'x' });
  expect(body).toMatchObject({ status: 'limit', response: expect.stringContaining('what I have so far') });
});

it('only allowed models are asked', async () => {
  const service = await serve('allowed-models: ["qwen/*", gpt-9]');
  const refused = await service.send('alice', 'chat', { query: 'x' });
  expect(refused).toMatchObject({
    status: 403,
    body: { error: { code: 'model-not-allowed', message: expect.stringContaining('qwen/*, gpt-9') } },
  });
  expect(model.chats()).toEqual([]);
});

it('the kill switch needs the scope admin, cancels what runs, refuses what comes, and lets it go on', async () => {
  model.enqueue({ text: ['a', 'b'], delayMs: 30_000 });
  const service = await serve();
  const running = service.send('alice', 'chat', { query: 'x' });
  await expect.poll(() => model.chats().length, { timeout: 10_000 }).toBe(1);
  expect((await service.send('alice', 'kill-switch', { active: true })).status).toBe(403);
  expect((await service.send('root', 'kill-switch', { active: true, reason: 'cluster upgrade' })).body).toMatchObject({
    active: true,
    reason: 'cluster upgrade',
  });
  expect((await running).body).toMatchObject({ status: 'cancelled' });
  const refused = await service.send('bob', 'chat', { query: 'x' });
  expect(refused).toMatchObject({
    status: 503,
    retryAfter: '5',
    body: { error: { code: 'stopped', message: expect.stringContaining('cluster upgrade') } },
  });
  expect((await service.send('bob', 'sessions')).status).toBe(200);
  expect((await service.send('root', 'kill-switch', { active: false })).body).toMatchObject({ active: false });
  model.enqueue({ text: 'on again' });
  expect((await service.send('bob', 'chat', { query: 'x' })).body).toMatchObject({ response: 'on again' });
  const file = join(place.home, '.local', 'state', 'kubelet-wuhrai', 'kill-switch');
  await writeFile(file, 'by hand\n');
  expect((await service.send('bob', 'chat', { query: 'x' })).status).toBe(503);
  await rm(file);
});

it('the audit log holds who, where, what, by whose leave and what came of it, before and after each command', async () => {
  model.enqueue(
    { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl create configmap c --from-literal=a=b' } }] },
    { text: 'made' },
  );
  const path = join(place.home, 'audit.jsonl');
  const service = await serve(`audit-log: ${path}`);
  const asked = await service.send('alice', 'chat', { query: 'make it', session_id: 's1' });
  const approval = asked.body['approval'];
  const id = typeof approval === 'object' && approval !== null && 'id' in approval ? String(approval.id) : '';
  expect((await service.send('alice', 'sessions/s1', { approvers: ['bob'] }, 'PATCH')).body).toMatchObject({ approvers: ['token#bob'] });
  expect((await service.send('bob', `approvals/${id}`, { decision: 'approve' })).status).toBe(200);
  expect((await service.send('bob', 'runs/s1.1?wait=30s')).body).toMatchObject({ status: 'completed', response: 'made' });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const lines = (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type }) => type)).toEqual(['question', 'approval-request', 'session-shared', 'decision', 'intent', 'result', 'end']);
  const alice = { issuer: 'token', subject: 'alice', name: 'alice' };
  expect(lines[3]).toMatchObject({ decision: 'approve', by: { subject: 'bob' } });
  expect(lines[4]).toMatchObject({
    session: 's1',
    run: 's1.1',
    by: alice,
    cluster: { server: sandbox.url },
    command: 'kubectl create configmap c --from-literal=a=b',
    effect: 'write',
    decision: 'an approval by bob',
    approval: id,
  });
  expect(lines[5]).toMatchObject({
    by: alice,
    outcome: 'ran',
    exit_code: 0,
    output_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    output_bytes: expect.any(Number),
  });
});

it('four eyes: whoever asked cannot approve on a protected context, an approver can, a viewer and a stranger cannot', async () => {
  model.enqueue(
    { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl create configmap d --from-literal=a=b' } }] },
    { text: 'made' },
  );
  const service = await serve('rules: [{ action: ask, effect: write, context: "*", approve-by: other-person }]', 'skip-permissions: true');
  const asked = await service.send('alice', 'chat', { query: 'make it', session_id: 's1' });
  expect(asked.body).toMatchObject({ status: 'awaiting_approval' });
  const approval = asked.body['approval'];
  const id = typeof approval === 'object' && approval !== null && 'id' in approval ? String(approval.id) : '';
  const own = await service.send('alice', `approvals/${id}`, { decision: 'approve' });
  expect(own).toMatchObject({ status: 403, body: { error: { code: 'other-person' } } });
  expect((await service.send('bob', 'sessions/s1')).status).toBe(404);
  await service.send('alice', 'sessions/s1', { viewers: ['bob'] }, 'PATCH');
  expect((await service.send('bob', 'sessions')).body).toMatchObject({ sessions: [{ id: 's1', role: 'viewer', viewers: ['token#bob'] }] });
  expect((await service.send('bob', `approvals/${id}`, { decision: 'approve' })).status).toBe(403);
  expect((await service.send('bob', 'sessions/s1', { title: 'mine' }, 'PATCH')).status).toBe(403);
  expect((await service.send('bob', 'sessions/s1', { approvers: ['bob'] }, 'PATCH')).status).toBe(403);
  expect((await service.send('bob', 'chat', { query: 'x', session_id: 's1', supersede: true })).status).toBe(403);
  await service.send('alice', 'sessions/s1', { viewers: [], approvers: ['bob'] }, 'PATCH');
  expect((await service.send('bob', `approvals/${id}`, { decision: 'approve' })).status).toBe(200);
  expect((await service.send('alice', 'runs/s1.1?wait=30s')).body).toMatchObject({ status: 'completed' });
});

it('an unknown context is a 400 that lists the known ones (S56), and one user has no more turns than allowed', async () => {
  const service = await serve('max-runs-per-user: 1');
  const unknown = await service.send('alice', 'chat', { query: 'x', context: { cluster: 'moon' } });
  expect(unknown).toMatchObject({
    status: 400,
    body: { error: { code: 'unknown-context', message: expect.stringMatching(/moon.*Known contexts: "/) } },
  });
  expect((await service.send('alice', 'chat', { query: 'x', context: { namespace: 'No Such!' } })).status).toBe(400);
  model.enqueue({ text: ['a', 'b'], delayMs: 700 }, { text: 'for bob' });
  const first = service.send('alice', 'chat', { query: 'slow' });
  await expect.poll(() => model.chats().length, { timeout: 10_000 }).toBe(1);
  const second = await service.send('alice', 'chat', { query: 'x' });
  expect(second).toMatchObject({ status: 503, retryAfter: '2', body: { error: { code: 'too-many-turns' } } });
  expect((await service.send('bob', 'chat', { query: 'x' })).body).toMatchObject({ response: 'for bob' });
  await first;
});
