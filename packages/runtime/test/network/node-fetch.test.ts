import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createSocketServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createNodeFetch } from '../../src/network/node-fetch.ts';
import { selfSigned } from './self-signed.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => server.close());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  return (server.address() as AddressInfo).port;
}

async function at(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closing.push(() => server.closeAllConnections());
  return `http://127.0.0.1:${await listen(server)}`;
}

/** A server of bytes. */
async function raw(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('data', () => answer(socket));
  });
  closing.push(() => sockets.forEach((socket) => socket.destroy()));
  return `http://127.0.0.1:${await listen(server)}`;
}

function made(): ReturnType<typeof createNodeFetch>['fetch'] {
  const own = createNodeFetch({ connectTimeoutMs: 2_000 });
  closing.push(() => own.close());
  return own.fetch;
}

const reason = { why: 'enough' };

describe('the fetch on node:http', () => {
  it.each(['999 Odd', '600 Odd', '000 None'])('rejects an answer whose status is none, and the process goes on: %s', async (status) => {
    const url = await raw((socket) => void socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 2\r\n\r\nhi`));
    await expect(made()(url, { method: 'POST', body: '{}' })).rejects.toBeInstanceOf(TypeError);
  });

  it('sends a text with the given headers, and gives status, headers and bytes', async () => {
    let seen = '';
    const url = await at((request, response) => {
      request.on('data', (data: Buffer) => (seen += data.toString()));
      request.on('end', () => {
        seen += ` ${request.method} ${request.headers['content-type']} ${request.headers['content-length']} ${request.headers['accept-encoding']}`;
        response.writeHead(429, { 'retry-after': '3', 'set-cookie': ['a=1', 'b=2'] }).end('zu schnell: ü');
      });
    });
    const response = await made()(url, { method: 'POST', body: '{"ü":1}', headers: new Headers({ 'content-type': 'application/json' }) });
    expect(seen).toBe('{"ü":1} POST application/json 8 undefined');
    expect([response.status, response.headers.get('retry-after'), response.headers.getSetCookie()]).toEqual([429, '3', ['a=1', 'b=2']]);
    expect(await response.text()).toBe('zu schnell: ü');
  });

  it('gives each piece as it comes, and uses the connection again', async () => {
    const ports = new Set<number | undefined>();
    let goOn = (): void => undefined;
    const url = await at((request, response) => {
      ports.add(request.socket.remotePort);
      response.write('first');
      goOn = () => response.end('second');
    });
    const fetch = made();
    for (let times = 0; times < 3; times += 1) {
      const { body } = await fetch(url, { method: 'POST', body: '{}' });
      const reader = body?.getReader();
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first');
      goOn();
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('second');
      expect((await reader?.read())?.done).toBe(true);
    }
    expect(ports.size).toBe(1);
  });

  it('leaves redirects to whoever asked, and an answer without a body is without one', async () => {
    const url = await at((request, response) => {
      if (request.url === '/gone') response.writeHead(307, { location: '/there' }).end('moved');
      else response.writeHead(204).end();
    });
    const moved = await made()(`${url}/gone`, {});
    expect([moved.status, moved.headers.get('location'), await moved.text()]).toEqual([307, '/there', 'moved']);
    const empty = await made()(url, {});
    expect([empty.status, empty.body]).toEqual([204, null]);
  });

  it('reads what was compressed without being asked', async () => {
    const url = await at((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('data: packed')));
    expect(await (await made()(url, {})).text()).toBe('data: packed');
  });

  it.each([
    ['nobody listens', 'http://127.0.0.1:1/', { code: 'ECONNREFUSED' }],
    ['the name is unknown', 'http://no.such.name.invalid/', {}],
  ])('fails as fetch does where %s', async (_, url, cause) => {
    await expect(made()(url, {})).rejects.toMatchObject({ message: 'fetch failed', cause });
  });

  it('takes no certificate that nobody vouches for', async () => {
    const server = createSecureServer(selfSigned, (_, response) => response.end('hello'));
    const port = await listen(server);
    await expect(made()(`https://127.0.0.1:${port}/`, {})).rejects.toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  });

  it('fails where the connection ends before the answer, and where it breaks off in its middle', async () => {
    const silent = await raw((socket) => socket.end());
    await expect(made()(silent, {})).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } });
    const half = await raw((socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'));
    const response = await made()(half, {});
    await expect(response.text()).rejects.toMatchObject({ message: 'terminated' });
    const odd = await raw((socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nno length\r\n'));
    await expect(made()(odd, {}).then((answer) => answer.text())).rejects.toBeInstanceOf(TypeError);
  });

  it.each(['before the headers', 'in the middle'] as const)(
    'an abort %s rejects with the very reason and closes the connection',
    async (when) => {
      const arrived = Promise.withResolvers<void>();
      const closed = Promise.withResolvers<void>();
      const url = await at((request, response) => {
        arrived.resolve();
        request.socket.once('close', () => closed.resolve());
        if (when === 'in the middle') response.write('first');
      });
      const controller = new AbortController();
      const answer = made()(url, { signal: controller.signal });
      const pending =
        when === 'before the headers'
          ? answer
          : answer.then(async ({ body }) => {
              const reader = body?.getReader();
              await reader?.read();
              const next = reader?.read();
              controller.abort(reason);
              return next;
            });
      if (when === 'before the headers') void arrived.promise.then(() => controller.abort(reason));
      await expect(pending).rejects.toBe(reason);
      await closed.promise;
      await expect(made()(url, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    },
  );

  it('closes the connection of an answer that is left, and lets the server of one that is not read wait', async () => {
    const closed = Promise.withResolvers<void>();
    let written = 0;
    const url = await at((request, response) => {
      request.socket.once('close', () => closed.resolve());
      const more = (): void => {
        for (let hasRoom = true; hasRoom && written < 400_000_000; written += 65_536) hasRoom = response.write(Buffer.alloc(65_536));
      };
      response.on('drain', more);
      more();
    });
    const { body } = await made()(url, {});
    await expect.poll(() => written).toBeGreaterThan(65_536);
    const before = written;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(written - before).toBeLessThan(100_000_000);
    await body?.cancel();
    await closed.promise;
  });
});
