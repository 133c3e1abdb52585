import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { TLSSocket } from 'node:tls';
import { createAuthority } from '../support/certificates.ts';
import { openTestTarget } from '../support/connection.ts';
import { base64 } from '../support/kubeconfig.ts';
import { listen, sendJson, startServer } from '../support/server.ts';

const version = { gitVersion: 'v1.36.3', major: '1', minor: '36' };
const authority = createAuthority();
const serverPair = authority.issue({ name: 'kube-apiserver', hosts: ['127.0.0.1', 'kubernetes'] });
const ca = base64(authority.cert);

describe('TLS', () => {
  it('a server of the CA of the kubeconfig is trusted, over one kept connection', async () => {
    const server = await startServer((_request, response) => sendJson(response, version), serverPair);
    const { client } = await openTestTarget({
      config: { cluster: { server: server.url, 'certificate-authority-data': ca }, user: { token: 't' } },
    });
    for (let turn = 0; turn < 5; turn += 1) await client.serverVersion();
    expect(server.connections()).toBe(1);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer t',
      accept: 'application/json',
      'user-agent': 'kubelet-wuhrai',
    });
  });

  it('a client certificate is shown to the server', async () => {
    const user = authority.issue({ name: 'jane', organization: 'dev' });
    const server = await startServer((_request, response, raw) => {
      const socket: unknown = raw.socket;
      sendJson(response, { ...version, platform: isTls(socket) ? String(socket.getPeerCertificate().subject.CN) : 'none' });
    }, { ...serverPair, requestCert: true, rejectUnauthorized: true, ca: authority.cert }); // prettier-ignore
    const { client } = await openTestTarget({
      config: {
        cluster: { server: server.url, 'certificate-authority-data': ca },
        user: { 'client-certificate-data': base64(user.cert), 'client-key-data': base64(user.key) },
      },
    });
    await expect(client.serverVersion()).resolves.toMatchObject({ platform: 'jane' });
  });

  it('a server that wants a client certificate says so', async () => {
    const server = await startServer((_request, response) => sendJson(response, version), {
      ...serverPair,
      requestCert: true,
      rejectUnauthorized: true,
      ca: authority.cert,
    });
    const { client } = await openTestTarget({ config: { cluster: { server: server.url, 'certificate-authority-data': ca } } });
    await expect(client.serverVersion()).rejects.toMatchObject({
      message: expect.stringMatching(/client certificate|closed the connection/),
    });
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['no PEM', { cert: 'rubbish', key: 'rubbish' }],
    ['keys that do not match', { cert: authority.issue({ name: 'a' }).cert, key: authority.issue({ name: 'b' }).key }],
  ])('a client certificate with %s is named, not shown', async (_what, { cert, key }) => {
    const server = await startServer((_request, response) => sendJson(response, version), serverPair);
    const { client } = await openTestTarget({
      config: {
        cluster: { server: server.url, 'certificate-authority-data': ca },
        user: { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) },
      },
    });
    await expect(client.serverVersion()).rejects.toMatchObject({
      code: 'credential-invalid',
      message: expect.stringMatching(/^The client certificate and key of user "dev-user" can't be used: /),
    });
  });

  it('tls-server-name is the name that the certificate must have', async () => {
    const pair = authority.issue({ name: 'kube-apiserver', hosts: ['internal.example.com'] });
    const server = await startServer((_request, response) => sendJson(response, version), pair);
    const cluster = { server: server.url, 'certificate-authority-data': ca };
    const named = await openTestTarget({ config: { cluster: { ...cluster, 'tls-server-name': 'internal.example.com' } } });
    await expect(named.client.serverVersion()).resolves.toMatchObject(version);
    const plain = await openTestTarget({ config: { cluster } });
    await expect(plain.client.serverVersion()).rejects.toMatchObject({
      code: 'tls',
      message: expect.stringMatching(/certificate is for another name.*tls-server-name/),
    });
  });

  it('a server of another CA, an expired one and a server without TLS are told apart', async () => {
    const server = await startServer(
      (_request, response) => sendJson(response, version),
      createAuthority('other').issue({ name: 'x', hosts: ['127.0.0.1'] }),
    );
    const expired = await startServer(
      (_request, response) => sendJson(response, version),
      authority.issue({ name: 'x', hosts: ['127.0.0.1'], expired: true }),
    );
    const plain = await startServer((_request, response) => sendJson(response, version));
    const open = (url: string) =>
      openTestTarget({ config: { cluster: { server: url, 'certificate-authority-data': ca }, user: { token: 'sekret' } } });
    await expect((await open(server.url)).client.serverVersion()).rejects.toMatchObject({
      code: 'tls',
      message: expect.stringMatching(/authority that the kubeconfig does not know/),
    });
    await expect((await open(expired.url)).client.serverVersion()).rejects.toMatchObject({
      code: 'tls',
      message: expect.stringMatching(/has expired/),
    });
    await expect((await open(plain.url.replace('http:', 'https:'))).client.serverVersion()).rejects.toMatchObject({ code: 'tls' });
    await expect((await open(plain.url.replace('http:', 'https:'))).client.serverVersion()).rejects.toThrow(/does not speak TLS/);
    expect([...server.requests, ...expired.requests, ...plain.requests]).toEqual([]);
  });

  it('insecure-skip-tls-verify accepts any certificate, and only when it is said', async () => {
    const server = await startServer((_request, response) => sendJson(response, version), createAuthority('other').issue({ name: 'x' }));
    const insecure = await openTestTarget({ config: { cluster: { server: server.url, 'insecure-skip-tls-verify': true } } });
    await expect(insecure.client.serverVersion()).resolves.toMatchObject(version);
    const system = await openTestTarget({ config: { cluster: { server: server.url } } });
    await expect(system.client.serverVersion()).rejects.toMatchObject({ code: 'tls' });
  });
});

describe('a server that can not be reached', () => {
  it('where nothing listens the address and the context are named, at once', async () => {
    const { client } = await openTestTarget({ config: { cluster: { server: 'https://127.0.0.1:1' } } });
    await expect(client.serverVersion()).rejects.toMatchObject({
      code: 'unreachable',
      message: 'The API server "https://127.0.0.1:1" of context "dev" is not reachable: nothing listens there (ECONNREFUSED).',
    });
  });

  it('where no header comes the wait ends', async () => {
    const server = await startServer(() => undefined);
    const { client } = await openTestTarget({ config: { cluster: { server: server.url } } });
    await expect(client.serverVersion({ headerTimeoutMs: 50 })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/did not answer in 0\.05 s/),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('where the body stops in the middle the wait ends', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"gitVersion":');
    });
    const { client } = await openTestTarget({ config: { cluster: { server: server.url } } });
    await expect(client.serverVersion({ idleTimeoutMs: 50 })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/nothing came for 0\.05 s/),
    });
  });

  it('where a kept connection stalls the wait ends, too', async () => {
    let stall = false;
    const server = await startServer((_request, response) => {
      if (!stall) return sendJson(response, version);
      response.writeHead(200);
      response.write('{');
    }, serverPair);
    const { client } = await openTestTarget({ config: { cluster: { server: server.url, 'certificate-authority-data': ca } } });
    for (let turn = 0; turn < 20; turn += 1) await client.serverVersion();
    stall = true;
    await expect(client.serverVersion({ idleTimeoutMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
    expect(server.connections()).toBe(1);
  });

  it('where the connection breaks in the body it is not taken for the end', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{}', () => response.destroy());
    });
    const { client } = await openTestTarget({ config: { cluster: { server: server.url } } });
    await expect(client.request({ path: '/version' })).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('where something else than HTTP answers it is said', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    const port = await listen(server);
    const { client } = await openTestTarget({ config: { cluster: { server: `http://127.0.0.1:${port}` } } });
    await expect(client.serverVersion()).rejects.toMatchObject({
      code: 'bad-answer',
      message: expect.stringMatching(/does not speak HTTP/),
    });
    server.close();
  });

  it('a kept connection that the server closed is replaced for a read, and not for a write', async () => {
    let drop = false;
    const server = await startServer((_request, response, raw) => {
      if (drop) {
        drop = false;
        raw.socket.destroy();
      } else sendJson(response, version);
    });
    const { client } = await openTestTarget({ config: { cluster: { server: server.url } } });
    await client.serverVersion();
    drop = true;
    await expect(client.serverVersion()).resolves.toMatchObject(version);
    drop = true;
    await expect(client.request({ method: 'POST', path: '/api/v1/namespaces', body: {} })).rejects.toMatchObject({ code: 'unreachable' });
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('an abort leaves with its reason, before the headers and in the body', async () => {
    const server = await startServer((request, response) => {
      if (request.url === '/slow') return;
      response.writeHead(200);
      response.write('x');
    });
    const { client } = await openTestTarget({ config: { cluster: { server: server.url } } });
    const before = new AbortController();
    const waiting = client.request({ path: '/slow', signal: before.signal });
    before.abort(new Error('left before'));
    await expect(waiting).rejects.toThrow('left before');
    const during = new AbortController();
    const stream = await client.stream({ path: '/stream', signal: during.signal });
    const read = (async () => {
      for await (const _chunk of stream.body) during.abort(new Error('left in the body'));
    })();
    await expect(read).rejects.toThrow('left in the body');
  });
});

function isTls(socket: unknown): socket is TLSSocket {
  return typeof socket === 'object' && socket !== null && 'getPeerCertificate' in socket;
}
