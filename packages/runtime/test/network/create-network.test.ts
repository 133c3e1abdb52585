import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { connect, createServer as createSocketServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Network } from '../../src/network/create-network.ts';
import { createNetwork } from '../../src/network/create-network.ts';
import { startRecordingProxy } from './recording-proxy.ts';
import type { RecordingProxyOptions } from './recording-proxy.ts';
import { selfSigned } from './self-signed.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const hello: RequestListener = (request, response) => {
  request.resume().on('end', () => response.setHeader('content-type', 'text/plain').end(`${request.method ?? ''} ${request.url ?? ''}`));
};

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closing.push(() => new Promise((done) => server.close(done)));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  return (server.address() as AddressInfo).port;
}

function network(env: Record<string, string>, unverified: string[] = []): Network {
  const made = createNetwork({ env, isUnverified: (origin) => unverified.includes(origin) });
  closing.push(() => made.close());
  return made;
}

async function proxy(target: RecordingProxyOptions['target']): Promise<Awaited<ReturnType<typeof startRecordingProxy>>> {
  const started = await startRecordingProxy({ target });
  closing.push(started.close);
  return started;
}

describe('createNetwork', () => {
  it('is the given fetch where nothing is configured', async () => {
    const answer = new Response('plain');
    const { fetch } = createNetwork({ env: {}, isUnverified: () => true, fetch: async () => answer });
    expect(await fetch('http://llm.example/v1', {})).toBe(answer);
  });

  it('asks an HTTP proxy for the whole address of a plain server', async () => {
    const via = await proxy({ port: await listen(createServer(hello)) });
    const { fetch } = network({ HTTP_PROXY: via.url });
    const response = await fetch('http://llm.example:8000/v1/chat/completions', { method: 'POST', body: '{}', headers: new Headers() });
    expect(await response.text()).toBe('POST /v1/chat/completions');
    expect(via.seen).toEqual(['POST http://llm.example:8000/v1/chat/completions']);
  });

  it('tunnels to a TLS server and takes any certificate of the named origin only', async () => {
    const via = await proxy({ port: await listen(createSecureServer(selfSigned, hello)) });
    const { fetch } = network({ HTTPS_PROXY: via.url }, ['https://llm.example']);
    expect(await (await fetch('https://llm.example/v1', {})).text()).toBe('GET /v1');
    expect(via.seen).toEqual(['CONNECT llm.example:443']);
    await expect(fetch('https://other.example/v1', {})).rejects.toMatchObject({ message: 'fetch failed' });
  });

  it('takes any certificate of the named origin without a proxy', async () => {
    const port = await listen(createSecureServer(selfSigned, hello));
    const origin = `https://127.0.0.1:${port}`;
    expect(await (await network({}, [origin]).fetch(`${origin}/v1`, {})).text()).toBe('GET /v1');
    await expect(network({}).fetch(`${origin}/v1`, {})).rejects.toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
  });

  it('leaves redirects to whoever asked', async () => {
    const via = await proxy({ port: await listen(createServer((_, response) => response.writeHead(307, { location: '/x' }).end())) });
    const response = await network({ HTTP_PROXY: via.url }).fetch('http://llm.example/v1', { redirect: 'manual' });
    expect({ status: response.status, location: response.headers.get('location') }).toEqual({ status: 307, location: '/x' });
  });

  it.each([
    ['https://llm.example/v1', 407, 'check the user name and the password'],
    ['http://llm.example/v1', 407, 'check the user name and the password'],
    ['https://llm.example/v1', 403, 'name llm.example in NO_PROXY'],
  ])('names the proxy that refuses %s with %d', async (url, status, way) => {
    const via = await proxy({ status });
    const { fetch } = network({ HTTPS_PROXY: via.url, HTTP_PROXY: via.url });
    const error: unknown = await fetch(url, {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'proxy-failed', details: { status }, message: expect.stringContaining(`${status}`) });
    expect(error).toMatchObject({ message: expect.stringContaining(way) });
    expect(error).toMatchObject({ message: expect.stringContaining(via.url) });
  });

  it('names a proxy that is not there, without its password', async () => {
    const { fetch } = network({ https_proxy: 'http://ann:open-sesame@127.0.0.1:9' });
    const error: unknown = await fetch('https://llm.example/v1', {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'proxy-failed', message: expect.stringContaining('http://127.0.0.1:9 (https_proxy)') });
    expect(String(error)).not.toContain('open-sesame');
  });

  it('goes through a SOCKS5 proxy', async () => {
    const port = await listen(createServer(hello));
    const asked: string[] = [];
    const socks = createSocketServer((socket) => {
      let step = 0;
      socket
        .on('error', () => undefined)
        .on('data', (bytes) => {
          step += 1;
          if (step === 1) socket.write(Buffer.from([5, 0]));
          if (step !== 2 || typeof bytes === 'string') return;
          asked.push(bytes.subarray(5, 5 + (bytes[4] ?? 0)).toString());
          const onward = connect(port, '127.0.0.1', () => {
            socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
            socket.pipe(onward).pipe(socket);
          });
          onward.on('error', () => socket.destroy());
        });
    });
    const { fetch } = network({ ALL_PROXY: `socks5h://127.0.0.1:${await listen(socks)}` });
    expect(await (await fetch('http://llm.example/v1', {})).text()).toBe('GET /v1');
    expect(asked).toEqual(['llm.example']);
  });

  it('an abort goes through as it is', async () => {
    const via = await proxy({ port: await listen(createServer(() => undefined)) });
    const reason = new Error('enough');
    const controller = new AbortController();
    const asked = network({ HTTP_PROXY: via.url }).fetch('http://llm.example/v1', { signal: controller.signal });
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });
});
