import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { createSandbox } from '@kw/sandbox';
import type { Sandbox } from '@kw/sandbox';
import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { putOnPath } from './stub.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
let sandbox: Sandbox;
let model: ScriptedServer;
let place: Place;
let provider: Server;
let issuer: string;

beforeAll(async () => {
  sandbox = await createSandbox({ seed: 'oidc' });
});
afterAll(async () => {
  await sandbox.close();
});
beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'ok' } });
  place = await createPlace({
    DEEPSEEK_ENDPOINT: model.url,
    DEEPSEEK_API_KEY: 'sk-deepseek-0123456789',
    KUBECONFIG: sandbox.kubeconfigPath,
  });
  provider = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] };
    response.end(JSON.stringify(request.url === '/keys' ? keys : { issuer, jwks_uri: `${issuer}/keys` }));
  });
  await new Promise<void>((resolve) => {
    provider.listen(0, '127.0.0.1', resolve);
  });
  const address = provider.address();
  issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterEach(async () => {
  await new Promise((resolve) => {
    provider.close(resolve);
    provider.closeAllConnections();
  });
  await model.close();
  await place.remove();
});

function token(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 600;
  const signed = `${part({ alg: 'RS256', kid: 'k1' })}.${part({ iss: issuer, aud: 'kw', exp, ...claims })}`;
  return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
}

async function serve(
  lines: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<(bearer: string | undefined, path: string, body?: object) => Promise<{ status: number; body: unknown }>> {
  const folder = join(place.home, '.config', 'kubelet-wuhrai');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.yaml'), [...lines, ''].join('\n'), { mode: 0o600 });
  const started = await place.start(['--user-interface=html', '--ui-listen-address=127.0.0.1:0'], { env });
  await started.shows('listens on http');
  const url = /http:\/\/[^\s]+/.exec(started.stderr())?.[0] ?? '';
  return async (bearer, path, body) => {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
}

it('tokens of an identity provider are taken by the built service; commands then run in the name of their user', async () => {
  const send = await serve([
    'auth: oidc',
    `oidc-issuer: ${issuer}`,
    'oidc-audience: kw',
    'oidc-username-claim: email',
    'cluster-identity: impersonate',
    'access: [{ group: dev, scopes: [read, chat] }, { group: reader, scopes: [read] }]',
  ]);
  const ada = token({ sub: '1', email: 'ada@example.org', groups: ['dev'] });
  model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get nodes' } }] }, { text: 'done' });
  expect((await send(undefined, 'sessions')).status).toBe(401);
  expect((await send(`${ada}x`, 'sessions')).status).toBe(401);
  expect((await send(token({ sub: '2', email: 'eve@example.org' }), 'sessions')).status).toBe(403);
  expect((await send(token({ sub: '3', email: 'bob@example.org', groups: ['reader'] }), 'chat', { query: 'x' })).status).toBe(403);
  expect(await send(ada, 'chat', { query: 'x' })).toMatchObject({ status: 200, body: { response: 'done' } });
  expect(sandbox.requests.map(({ impersonatedUser }) => impersonatedUser)).toContain('ada@example.org');
  expect(sandbox.requests.every(({ impersonatedUser }) => impersonatedUser === 'ada@example.org')).toBe(true);
});

it('no more commands run at once than allowed, and one user does not keep the other waiting for all of hers', async () => {
  const log = join(place.home, 'log');
  const PATH = await putOnPath(place, 'kubectl', `#!/bin/sh\necho "start $*" >> ${log}\nsleep 0.4\necho "end $*" >> ${log}\n`);
  await model.close();
  model = await startScriptedServer({
    script: ({ body }) => {
      const text = JSON.stringify(Array.isArray(body['messages']) ? body['messages'].at(-1) : {});
      const who = /of (\w+)/.exec(text)?.[1] ?? '';
      return text.includes('"role":"tool"')
        ? { text: 'done' }
        : { toolCalls: [{ name: 'kubectl', arguments: { command: `kubectl get pods -l of=${who}` } }] };
    },
  });
  const lines = ['auth: oidc', `oidc-issuer: ${issuer}`, 'oidc-audience: kw', 'max-tool-processes: 1'];
  const send = await serve(lines, { PATH, DEEPSEEK_ENDPOINT: model.url });
  const ask = (sub: string): Promise<unknown> => send(token({ sub }), 'chat', { query: `pods of ${sub}` });
  const started = (): Promise<readonly string[]> =>
    readFile(log, 'utf8').then(
      (text) => text.trimEnd().split('\n'),
      () => [],
    );
  const many = Array.from({ length: 5 }, () => ask('ann'));
  await expect.poll(async () => (await started()).length, { timeout: 10_000 }).toBeGreaterThan(0);
  await expect.poll(() => model.chats().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(5);
  await Promise.all([...many, ask('bob')]);
  const order = await started();
  expect(order).toHaveLength(12);
  for (const [index, line] of order.entries()) expect(line.startsWith(index % 2 === 0 ? 'start' : 'end')).toBe(true);
  expect(order.findIndex((line) => line.includes('of=bob'))).toBeLessThan(8);
}, 60_000);
