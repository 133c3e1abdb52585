import { request } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { JsonMap } from '../../src/json.ts';
import { asMap, at, isMap, written } from '../../src/json.ts';
import type { Identity } from '../../src/auth/authenticate.ts';
import type { Sandbox } from '../../src/sandbox.ts';
import { createSandbox } from '../../src/sandbox.ts';

let sandbox: Sandbox | undefined;
afterEach(async () => sandbox?.close());

interface Credentials {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

function credentials(from: Sandbox, identity?: Identity): Credentials {
  const config: unknown = parse(from.kubeconfig(identity));
  const decode = (...path: (string | number)[]): string =>
    Buffer.from(written(at(isMap(config) ? config : {}, ...path)), 'base64').toString();
  return {
    ca: decode('clusters', 0, 'cluster', 'certificate-authority-data'),
    cert: decode('users', 0, 'user', 'client-certificate-data'),
    key: decode('users', 0, 'user', 'client-key-data'),
  };
}

function ask(
  path: string,
  tls: Credentials,
  headers: Record<string, string> = {},
  body?: object,
): Promise<{ status: number; body: JsonMap }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(path, sandbox?.url),
      { ...tls, agent: false, headers: { 'content-type': 'application/json', ...headers }, method: body ? 'POST' : 'GET' },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body && JSON.stringify(body));
  });
}

describe('over TLS', () => {
  it('a client certificate says who one is, and only one of this server', async () => {
    sandbox = await createSandbox({ auth: 'tls' });
    const admin = credentials(sandbox);
    expect((await ask('/api/v1/nodes', admin)).status).toBe(200);
    const jane = await ask('/api/v1/nodes', credentials(sandbox, { user: 'jane', groups: ['dev'] }));
    expect(jane).toMatchObject({
      status: 403,
      body: { message: 'nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope' },
    });
    const other = await createSandbox({ auth: 'tls' });
    const stranger = credentials(other);
    await other.close();
    expect((await ask('/api/v1/nodes', { ...stranger, ca: admin.ca })).status).toBe(401);
  });

  it('nobody gets in without a certificate or with a wrong token', async () => {
    sandbox = await createSandbox({ auth: 'tls' });
    const { ca } = credentials(sandbox);
    expect((await ask('/api/v1/nodes', { ca })).status).toBe(401);
    expect((await ask('/api/v1/nodes', { ca }, { authorization: 'Bearer nope' })).status).toBe(401);
  });

  it('a token of a service account acts as that account', async () => {
    sandbox = await createSandbox({ auth: 'tls' });
    const admin = credentials(sandbox);
    const issued = await ask(
      '/api/v1/namespaces/default/serviceaccounts/default/token',
      admin,
      {},
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } },
    );
    const token = written(asMap(issued.body.status).token);
    const who = await ask(
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      { ca: admin.ca },
      { authorization: `Bearer ${token}` },
      { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    );
    expect(at(who.body, 'status', 'userInfo', 'username')).toBe('system:serviceaccount:default:default');
    expect((await ask('/api/v1/namespaces/default/secrets', { ca: admin.ca }, { authorization: `Bearer ${token}` })).status).toBe(403);
  });
});
