import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { selectProxy } from '../../src/transport/select-proxy.ts';
import { createAuthority } from '../support/certificates.ts';
import { openTestTarget } from '../support/connection.ts';
import { base64 } from '../support/kubeconfig.ts';
import { listen, sendJson, startServer } from '../support/server.ts';

const version = { gitVersion: 'v1.36.3' };
const authority = createAuthority();
const pair = authority.issue({ name: 'kube', hosts: ['127.0.0.1', 'kube.example.com'] });

interface Proxy {
  readonly port: number;
  readonly seen: string[];
}

// Every name leads to this machine.
async function startConnectProxy(options: { readonly login?: string } = {}): Promise<Proxy> {
  const seen: string[] = [];
  const server = createHttpServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    sendJson(response, version);
  });
  server.on('connect', (request, socket: Socket) => {
    seen.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    if (options.login !== undefined && request.headers['proxy-authorization'] !== options.login) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const upstream = connect({ host: '127.0.0.1', port: Number(request.url?.split(':').at(-1)) }, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  const port = await listen(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port, seen };
}

async function startSocksProxy(options: { readonly login?: string; readonly reply?: number } = {}): Promise<Proxy> {
  const seen: string[] = [];
  const server = createServer((socket) => {
    const handle = async (): Promise<void> => {
      const read = reader(socket);
      const [, methods = 0] = await read(2);
      await read(methods);
      socket.write(Buffer.from([5, options.login === undefined ? 0 : 2]));
      if (options.login !== undefined) {
        const [, userLength = 0] = await read(2);
        const user = (await read(userLength)).toString();
        const password = (await read((await read(1))[0] ?? 0)).toString();
        socket.write(Buffer.from([1, `${user}:${password}` === options.login ? 0 : 1]));
      }
      await read(4);
      const host = (await read((await read(1))[0] ?? 0)).toString();
      const port = (await read(2)).readUInt16BE();
      seen.push(`${host}:${port}`);
      const answer = Buffer.from([5, options.reply ?? 0, 0, 1, 0, 0, 0, 0, 0, 0]);
      if (options.reply !== undefined) return void socket.end(answer);
      const upstream = connect({ host: '127.0.0.1', port }, () => {
        socket.removeAllListeners('data');
        // Byte by byte, as a slow network may deliver it.
        for (const byte of answer) socket.write(Buffer.from([byte]));
        upstream.pipe(socket).pipe(upstream);
      });
    };
    handle().catch(() => socket.destroy());
    socket.on('error', () => undefined);
  });
  const port = await listen(server);
  onTestFinished(() => void server.close());
  return { port, seen };
}

function reader(socket: Socket): (length: number) => Promise<Buffer> {
  let buffered = Buffer.alloc(0);
  let wake = (): void => undefined;
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    wake();
  });
  return async (length) => {
    while (buffered.length < length) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const bytes = buffered.subarray(0, length);
    buffered = buffered.subarray(length);
    return bytes;
  };
}

describe('proxies', () => {
  const cluster = (port: number, proxyUrl: string): object => ({
    server: `https://kube.example.com:${port}`,
    'certificate-authority-data': base64(authority.cert),
    'proxy-url': proxyUrl,
  });

  it('proxy-url is asked for the way by CONNECT, and the TLS of the server is checked behind it', async () => {
    const server = await startServer((_request, response) => sendJson(response, version), pair);
    const proxy = await startConnectProxy({ login: `Basic ${base64('me:p@ss')}` });
    const { client } = await openTestTarget({
      config: { cluster: cluster(server.port, `http://me:p%40ss@127.0.0.1:${proxy.port}`), user: { token: 't' } },
    });
    await client.serverVersion();
    await client.serverVersion();
    expect(proxy.seen).toEqual([`CONNECT kube.example.com:${server.port} Basic ${base64('me:p@ss')}`]);
    expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer t', host: `kube.example.com:${server.port}` });
    const other = await startServer(
      (_request, response) => sendJson(response, version),
      createAuthority().issue({ name: 'x', hosts: ['kube.example.com'] }),
    );
    const elsewhere = await openTestTarget({
      config: { cluster: cluster(other.port, `http://me:p%40ss@127.0.0.1:${proxy.port}`), user: { token: 't' } },
    });
    await expect(elsewhere.client.serverVersion()).rejects.toMatchObject({ code: 'tls' });
  });

  it('HTTPS_PROXY is used for https servers, and NO_PROXY exempts', async () => {
    const server = await startServer((_request, response) => sendJson(response, version), pair);
    const proxy = await startConnectProxy();
    const config = { cluster: { server: `https://kube.example.com:${server.port}`, 'certificate-authority-data': base64(authority.cert) } };
    const env = { https_proxy: `127.0.0.1:${proxy.port}` };
    const { client } = await openTestTarget({ config, host: { env } });
    await client.serverVersion();
    expect(proxy.seen).toHaveLength(1);
    const local = await openTestTarget({
      config: { cluster: { server: server.url, 'certificate-authority-data': base64(authority.cert) } },
      host: { env },
    });
    await local.client.serverVersion();
    expect(proxy.seen).toHaveLength(1);
  });

  it('plain http goes to the proxy with the whole address', async () => {
    const proxy = await startConnectProxy();
    const { client } = await openTestTarget({
      config: { cluster: { server: 'http://kube.example.com:8080/base', 'proxy-url': `http://127.0.0.1:${proxy.port}` } },
    });
    await client.serverVersion();
    expect(proxy.seen).toEqual(['GET http://kube.example.com:8080/base/version']);
  });

  it('a SOCKS5 proxy resolves the name itself, with a login or without', async () => {
    const server = await startServer((_request, response) => sendJson(response, version), pair);
    const plain = await startSocksProxy();
    await (await openTestTarget({ config: { cluster: cluster(server.port, `socks5://127.0.0.1:${plain.port}`) } })).client.serverVersion();
    const locked = await startSocksProxy({ login: 'me:pass' });
    await (
      await openTestTarget({ config: { cluster: cluster(server.port, `socks5://me:pass@127.0.0.1:${locked.port}`) } })
    ).client.serverVersion();
    expect([...plain.seen, ...locked.seen]).toEqual([`kube.example.com:${server.port}`, `kube.example.com:${server.port}`]);
  });

  it('a proxy that refuses, is not there or wants a login is named, without its password', async () => {
    const locked = await startConnectProxy({ login: 'Basic x' });
    const refusing = await startSocksProxy({ reply: 2 });
    const wanting = await startSocksProxy({ login: 'a:b' });
    const fails = async (proxyUrl: string): Promise<unknown> => {
      const { client } = await openTestTarget({ config: { cluster: cluster(6443, proxyUrl) } });
      return client.serverVersion().catch((error: unknown) => error);
    };
    expect(await fails(`http://me:sekret@127.0.0.1:${locked.port}`)).toMatchObject({
      code: 'proxy',
      message: `The proxy "http://127.0.0.1:${locked.port}" refused the way to kube.example.com:6443: 407 "Proxy Authentication Required".`,
    });
    expect(await fails('http://127.0.0.1:1')).toMatchObject({ code: 'proxy', message: expect.stringMatching(/ECONNREFUSED/) });
    expect(await fails(`socks5://127.0.0.1:${refusing.port}`)).toMatchObject({
      code: 'proxy',
      message: expect.stringMatching(/not allowed by its rules/),
    });
    expect(await fails(`socks5://me:sekret@127.0.0.1:${wanting.port}`)).toMatchObject({
      code: 'proxy',
      message: expect.stringMatching(/refused the user name or password/),
    });
  });
});

describe('choosing a proxy', () => {
  const choose = (server: string, env: Record<string, string>): string | undefined =>
    selectProxy({ server, context: 'dev' }, { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2', ...env })?.host;

  it.each([
    ['https://kube.example.com', {}, 'p:1'],
    ['http://kube.example.com', {}, 'q:2'],
    ['https://localhost:6443', {}, undefined],
    ['https://127.0.0.5', {}, undefined],
    ['https://[::1]:6443', {}, undefined],
    ['https://kube.example.com', { NO_PROXY: '*' }, undefined],
    ['https://kube.example.com', { NO_PROXY: 'example.com' }, undefined],
    ['https://kube.example.com', { NO_PROXY: ' .example.com ' }, undefined],
    ['https://example.com', { NO_PROXY: '.example.com' }, 'p:1'],
    ['https://badexample.com', { NO_PROXY: 'example.com' }, 'p:1'],
    ['https://kube.example.com:6443', { NO_PROXY: 'kube.example.com:6443' }, undefined],
    ['https://kube.example.com:6443', { NO_PROXY: 'kube.example.com:443' }, 'p:1'],
    ['https://10.1.2.3', { NO_PROXY: 'a,10.0.0.0/8' }, undefined],
    ['https://11.1.2.3', { NO_PROXY: '10.0.0.0/8,10.0.0.0/99,x/y' }, 'p:1'],
    ['https://[fd00::5]', { no_proxy: 'fd00::/8' }, undefined],
    ['https://10.1.2.3', { NO_PROXY: '1.2.3' }, undefined],
  ])('%s with %o goes by %s', (server, env, expected) => {
    expect(choose(server, env)).toBe(expected);
  });

  it('a variable that is no address is named, not quoted', () => {
    expect(() => choose('https://kube.example.com', { HTTPS_PROXY: 'ftp://me:sekret@x' })).toThrow(
      /^The variable HTTPS_PROXY is not the address of a proxy[^s]*/,
    );
    expect(() => choose('https://kube.example.com', { HTTPS_PROXY: 'ftp://me:sekret@x' })).not.toThrow(/sekret/);
  });
});
