import { describe, expect, it } from 'vitest';
import { fetchTransport } from '../../src/index.ts';
import type { Fetch, KubeClient } from '../../src/index.ts';
import { openTestTarget } from '../support/connection.ts';
import { sendJson, startServer } from '../support/server.ts';

const version = { gitVersion: 'v1.36.3' };

async function clientOver(fetch: Fetch, user: object = { token: 't' }): Promise<KubeClient> {
  const { client } = await openTestTarget({ config: { user }, transport: () => fetchTransport(fetch) });
  return client;
}

const hanging: Fetch = () => new Promise<Response>(() => undefined);
const stalling: Fetch = async () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) }));

describe('a transport over fetch', () => {
  it('sends method, headers and body, repeated headers too, and follows no redirect', async () => {
    const server = await startServer((request, response) => {
      if (request.url === '/redirect') response.writeHead(302, { location: '/version' }).end();
      else sendJson(response, { metadata: { name: 'x' } });
    });
    const { client } = await openTestTarget({
      config: { cluster: { server: server.url }, user: { as: 'jane', 'as-groups': ['a', 'b'] } },
      transport: () => fetchTransport(fetch),
    });
    await client.create({ group: '', version: 'v1', resource: 'namespaces' }, { metadata: { name: 'x' } }, { dryRun: 'server' });
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: '/api/v1/namespaces?dryRun=All',
      body: '{"metadata":{"name":"x"}}',
      headers: { 'impersonate-user': 'jane', 'impersonate-group': 'a, b', 'content-type': 'application/json' },
    });
    await expect(client.json({ path: '/redirect' })).rejects.toMatchObject({ code: 'bad-answer' });
  });

  it('ends waits for headers and in the body', async () => {
    await expect((await clientOver(hanging)).serverVersion({ headerTimeoutMs: 20 })).rejects.toMatchObject({ code: 'timeout' });
    await expect((await clientOver(stalling)).serverVersion({ idleTimeoutMs: 20 })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('leaves with the reason of the signal, before the headers and in the body', async () => {
    for (const fetch of [hanging, stalling]) {
      const abort = new AbortController();
      const asked = (await clientOver(fetch)).serverVersion({ signal: abort.signal }).catch((error: unknown) => error);
      await new Promise(setImmediate);
      abort.abort(new Error('enough'));
      expect(await asked).toMatchObject({ message: 'enough' });
    }
  });

  it('a fetch that fails is a server out of reach', async () => {
    const client = await clientOver(async () => {
      throw new TypeError('fetch failed');
    });
    await expect(client.serverVersion()).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/dev\.example\.com:6443 is not reachable: fetch failed/),
    });
  });

  it('says that it can not show a client certificate', async () => {
    const pem = Buffer.from('pem', 'utf8').toString('base64');
    const client = await clientOver(async () => Response.json(version), { 'client-certificate-data': pem, 'client-key-data': pem });
    await expect(client.serverVersion()).rejects.toMatchObject({ code: 'auth-unsupported' });
  });
});
