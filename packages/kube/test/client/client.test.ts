import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isKubeError, nodeHost } from '../../src/index.ts';
import { openTestTarget } from '../support/connection.ts';
import { sendJson, sendStatus, startServer } from '../support/server.ts';
import type { Answer, TestServer } from '../support/server.ts';
import type { KubeClient, KubeHost } from '../../src/index.ts';

const pods = { group: '', version: 'v1', resource: 'pods' } as const;
const deployments = { group: 'apps', version: 'v1', resource: 'deployments' } as const;

async function serve(answer: Answer, host: Partial<KubeHost> = {}): Promise<{ readonly client: KubeClient; readonly server: TestServer }> {
  const server = await startServer(answer);
  const { client } = await openTestTarget({ config: { cluster: { server: `${server.url}/base` } }, host });
  return { client, server };
}

describe('requests', () => {
  it('gets an object by its path, below the path of the server', async () => {
    const { client, server } = await serve((_request, response) =>
      sendJson(response, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } }),
    );
    await expect(client.get({ resource: deployments, namespace: 'shop', name: 'web' })).resolves.toMatchObject({
      kind: 'Deployment',
      metadata: { name: 'web' },
    });
    await client.get({ resource: deployments, namespace: 'shop', name: 'web', subresource: 'scale' });
    await client.get({ resource: { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles' }, name: 'system:node' });
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/base/apis/apps/v1/namespaces/shop/deployments/web',
      '/base/apis/apps/v1/namespaces/shop/deployments/web/scale',
      '/base/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
    ]);
  });

  it.each(['..', '.', '', 'a/b', 'a%2fb'])('the name %j never becomes a path', async (name) => {
    const { client, server } = await serve((_request, response) => sendJson(response, {}));
    await expect(client.get({ resource: pods, namespace: 'shop', name })).rejects.toMatchObject({ code: 'bad-call' });
    expect(server.requests).toEqual([]);
  });

  it.each(['api', '', '/api/../x', '/a b', '/a\r\nx: y', 'https://evil.example.com/', '/api/..', '/./x', '/a#b', '/\u202e'])(
    'the path %j does not leave the server',
    async (path) => {
      const { client, server } = await serve((_request, response) => sendJson(response, {}));
      await expect(client.request({ path })).rejects.toMatchObject({ code: 'bad-call' });
      expect(server.requests).toEqual([]);
    },
  );

  it('a path that looks like an address stays below the server', async () => {
    const { client, server } = await serve((_request, response) => sendJson(response, {}));
    await client.request({ path: '//evil.example.com' });
    expect(server.requests[0]?.url).toBe('/base//evil.example.com');
  });

  it('compressed answers are read, and an answer that swells beyond the limit is cut off', async () => {
    const { client } = await serve((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' });
      response.end(gzipSync(request.url.endsWith('/bomb') ? Buffer.alloc(50_000_000, 32) : JSON.stringify({ gitVersion: 'v1.36.3' })));
    });
    await expect(client.serverVersion()).resolves.toMatchObject({ gitVersion: 'v1.36.3' });
    await expect(client.request({ path: '/bomb', maxBodyBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringMatching(/larger than 1000000 bytes/),
    });
  });

  it('an answer without end is cut off at the limit', async () => {
    const { client } = await serve((_request, response) => {
      const write = (): void => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', write);
      };
      write();
    });
    await expect(client.json({ path: '/api', maxBodyBytes: 1_000_000 })).rejects.toMatchObject({ code: 'too-large' });
  });

  it('a stream is read as it comes', async () => {
    const { client } = await serve((_request, response) => {
      response.write('one\n');
      setImmediate(() => response.end('two\n'));
    });
    const { body } = await client.stream({
      path: '/api/v1/namespaces/shop/pods/web/log',
      query: { follow: true, tailLines: 10, container: undefined },
    });
    let text = '';
    for await (const chunk of body) text += Buffer.from(chunk).toString('utf8');
    expect(text).toBe('one\ntwo\n');
  });

  it('warnings of the server are handed on', async () => {
    const { client } = await serve((_request, response) => {
      response.setHeader('warning', ['299 - "spec.x is deprecated, use \\"y\\""', '299 - "two"']);
      sendJson(response, { metadata: { name: 'web' } });
    });
    const { warnings } = await client.create(pods, { metadata: { name: 'web', namespace: 'shop' } }, { dryRun: 'server' });
    expect(warnings).toEqual(['spec.x is deprecated, use "y"', 'two']);
  });

  it('the server version is the one of /version', async () => {
    const { client, server } = await serve((_request, response) =>
      sendJson(response, { major: '1', minor: '36', gitVersion: 'v1.36.3', platform: 'linux/amd64' }),
    );
    await expect(client.serverVersion()).resolves.toEqual({ major: '1', minor: '36', gitVersion: 'v1.36.3', platform: 'linux/amd64' });
    expect(server.requests[0]?.url).toBe('/base/version');
  });

  it('a target tells its server version once, and undefined where nothing answers', async () => {
    const server = await startServer((_request, response) => sendJson(response, { gitVersion: 'v1.36.3' }));
    const opened = await openTestTarget({ config: { cluster: { server: server.url } } });
    expect([await opened.serverVersion(), await opened.serverVersion()]).toEqual(['v1.36.3', 'v1.36.3']);
    expect(server.requests).toHaveLength(1);
    const dead = await openTestTarget({ config: { cluster: { server: 'http://127.0.0.1:1' } } });
    await expect(dead.serverVersion()).resolves.toBeUndefined();
  });

  it('a closed client sends nothing', async () => {
    const { client, server } = await serve((_request, response) => sendJson(response, {}));
    await client.close();
    await client.close();
    await expect(client.serverVersion()).rejects.toMatchObject({ code: 'bad-call', message: expect.stringMatching(/is closed/) });
    expect(server.requests).toEqual([]);
  });
});

describe('refusals', () => {
  it.each([
    [400, 'BadRequest', 'bad-request'],
    [403, 'Forbidden', 'forbidden'],
    [404, 'NotFound', 'not-found'],
    [405, 'MethodNotAllowed', 'method-not-allowed'],
    [409, 'AlreadyExists', 'already-exists'],
    [409, 'Conflict', 'conflict'],
    [410, 'Expired', 'gone'],
    [413, 'RequestEntityTooLarge', 'too-large'],
    [415, 'UnsupportedMediaType', 'unsupported-media-type'],
    [422, 'Invalid', 'invalid'],
    [500, 'InternalError', 'server-error'],
    [503, 'ServiceUnavailable', 'unavailable'],
    [504, 'Timeout', 'timeout'],
  ])('%i %s is %s with the message of the Status, asked once', async (status, reason, code) => {
    const message = `pods is ${reason}: because of\n  something`;
    const { client, server } = await serve((_request, response) => sendStatus(response, status, { reason, message }));
    const error: unknown = await client.get({ resource: pods, namespace: 'shop', name: 'web' }).catch((thrown: unknown) => thrown);
    expect(isKubeError(error)).toBe(true);
    expect(error).toMatchObject({
      code,
      message: `pods is ${reason}: because of something`,
      details: { status, reason, path: '/api/v1/namespaces/shop/pods/web' },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('401 names the user and the context, and is asked once', async () => {
    const { client, server } = await serve((_request, response) =>
      sendStatus(response, 401, { reason: 'Unauthorized', message: 'Unauthorized' }),
    );
    await expect(client.serverVersion()).rejects.toMatchObject({
      code: 'unauthorized',
      message: `The API server "${server.url}/base" does not accept the credentials of user "dev-user" of context "dev". They may have expired: log in again.`,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('a gateway page, a redirect and rubbish are told as what they are', async () => {
    const { client } = await serve((request, response) => {
      if (request.url.endsWith('/html')) response.writeHead(502, { 'content-type': 'text/html' }).end('<html>\u001b[31mBad Gateway</html>');
      else if (request.url.endsWith('/redirect')) response.writeHead(302, { location: 'https://login.example.com' }).end();
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>');
    });
    await expect(client.json({ path: '/html' })).rejects.toMatchObject({
      code: 'server-error',
      message: expect.stringMatching(/answered 502 to GET \/html without a Kubernetes Status; it said "<html>\\u001b\[31mBad Gateway/),
    });
    await expect(client.json({ path: '/redirect' })).rejects.toMatchObject({
      code: 'bad-answer',
      message: expect.stringMatching(/redirect \(302\)/),
    });
    await expect(client.json({ path: '/login' })).rejects.toMatchObject({
      code: 'bad-answer',
      message: expect.stringMatching(/"text\/html" that is not JSON/),
    });
    await expect(client.serverVersion()).rejects.toMatchObject({ code: 'bad-answer' });
  });

  it('a 429 with a short wait is waited for twice at most, one with a long wait not at all', async () => {
    const waited: number[] = [];
    const sleep: KubeHost['sleep'] = async (milliseconds) => void waited.push(milliseconds);
    let retryAfter = '1';
    const { client, server } = await serve((_request, response) => {
      response.setHeader('retry-after', retryAfter);
      sendStatus(response, 429, { reason: 'TooManyRequests', message: 'too many requests' });
    }, { sleep }); // prettier-ignore
    await expect(client.serverVersion()).rejects.toMatchObject({ code: 'too-many-requests' });
    expect([waited, server.requests.length]).toEqual([[1_000, 1_000], 3]);
    for (retryAfter of ['3600', '-1', 'soon']) await expect(client.serverVersion()).rejects.toMatchObject({ code: 'too-many-requests' });
    expect([waited.length, server.requests.length]).toEqual([2, 6]);
  });

  it('an abort while it waits leaves with its reason', async () => {
    const abort = new AbortController();
    const { client } = await serve((_request, response) => {
      response.setHeader('retry-after', '5');
      sendStatus(response, 429, { reason: 'TooManyRequests', message: 'x' });
      setImmediate(() => abort.abort(new Error('enough')));
    }, { sleep: nodeHost().sleep }); // prettier-ignore
    await expect(client.serverVersion({ signal: abort.signal })).rejects.toThrow('enough');
  });
});

describe('changes', () => {
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } } as const;
  const reference = { resource: deployments, namespace: 'shop', name: 'web' } as const;

  it('each change says dry run to the server', async () => {
    const { client, server } = await serve((_request, response) => sendJson(response, web));
    await client.create(deployments, web, { dryRun: 'server', fieldValidation: 'Strict' });
    await client.update(deployments, web, { dryRun: 'server' });
    await client.patch(reference, { type: 'strategic', body: { spec: { replicas: 2 } } }, { dryRun: 'server' });
    await client.patch(
      { ...reference, subresource: 'scale' },
      { type: 'json', body: [{ op: 'replace', path: '/spec/replicas', value: 2 }] },
      { dryRun: 'server' },
    );
    await client.patch(reference, { type: 'merge', body: {} }, { dryRun: 'server' });
    await client.apply(deployments, web, { dryRun: 'server', fieldManager: 'kw', force: true });
    await client.delete(reference, { dryRun: 'server', propagationPolicy: 'Foreground', preconditions: { uid: 'u1' } });
    expect(
      server.requests.map(
        ({ method, url, headers }) => `${method} ${url.replace('/base/apis/apps/v1/namespaces/shop', '')} ${headers['content-type']}`,
      ),
    ).toEqual([
      'POST /deployments?dryRun=All&fieldValidation=Strict application/json',
      'PUT /deployments/web?dryRun=All application/json',
      'PATCH /deployments/web?dryRun=All application/strategic-merge-patch+json',
      'PATCH /deployments/web/scale?dryRun=All application/json-patch+json',
      'PATCH /deployments/web?dryRun=All application/merge-patch+json',
      'PATCH /deployments/web?dryRun=All&fieldManager=kw&force=true application/apply-patch+yaml',
      'DELETE /deployments/web?dryRun=All application/json',
    ]);
    expect(JSON.parse(server.requests.at(-1)?.body ?? '')).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      dryRun: ['All'],
      propagationPolicy: 'Foreground',
      preconditions: { uid: 'u1' },
    });
  });

  it('only the word none makes a real change', async () => {
    const { client, server } = await serve((_request, response) => sendJson(response, web));
    await client.delete(reference, { dryRun: 'none' });
    const careless: { readonly dryRun: 'server' } = JSON.parse('{}');
    await client.delete(reference, careless);
    expect(server.requests.map(({ url }) => url.includes('dryRun=All'))).toEqual([false, true]);
  });

  it('a refusal of admission is the error', async () => {
    const message = 'admission webhook "policy.example.com" denied the request: no latest tag';
    const { client } = await serve((_request, response) => sendStatus(response, 403, { reason: 'Forbidden', message }));
    await expect(client.create(deployments, web, { dryRun: 'server' })).rejects.toMatchObject({ code: 'forbidden', message });
  });
});
