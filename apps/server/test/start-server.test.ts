import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isKwError } from '@kw/agent';
import { describe, expect, it } from 'vitest';
import { gate, serve } from './scene.ts';
import { readAll, readStream } from './streams.ts';

const token = 'a-token-of-the-operator';
const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address;

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isKwError(error) ? error.code : 'none';
}

describe('the bind', () => {
  it('on loopback needs no token and makes none', async () => {
    const { url, server, printed } = await serve();
    expect(server.madeToken).toBeUndefined();
    expect(printed).toEqual([`kubelet-wuhrai listens on ${url}`]);
    expect((await fetch(`${url}/api/v1/models`)).status).toBe(200);
  });

  it('has the page with the files that it names, from memory', async () => {
    const { url } = await serve();
    const page = await (await fetch(url)).text();
    const files = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(files.length).toBeGreaterThan(2);
    for (const path of files) expect((await fetch(`${url}${path}`)).status).toBe(200);
  });

  it('on all interfaces makes a token of 256 bits, prints it once, and lets the host itself in', async () => {
    const { server, printed, url } = await serve({ listenAddress: '0.0.0.0:0' });
    expect(server.madeToken).toMatch(/^[\w-]{43}$/);
    expect(printed.filter((line) => line.includes(server.madeToken ?? '-'))).toHaveLength(1);
    expect((await fetch(`${url}/api/v1/models`)).status).toBe(200);
    expect((await fetch(`${url}/api/v1/models`, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(401);
    const bearer = { authorization: `Bearer ${server.madeToken}`, 'x-forwarded-for': '192.0.2.1' };
    expect((await fetch(`${url}/api/v1/models`, { headers: bearer })).status).toBe(200);
  });

  it.skipIf(outside === undefined)('on all interfaces asks a peer from outside for the token', async () => {
    const { server, printed } = await serve({ listenAddress: '0.0.0.0:0', auth: { token } });
    expect([server.madeToken, printed.join('\n')]).toEqual([undefined, expect.not.stringContaining(token)]);
    const url = `http://${outside}:${server.port}`;
    expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);
    expect((await fetch(`${url}/api/v1/models`)).status).toBe(401);
    expect((await fetch(`${url}/api/v1/models`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  it.skipIf(outside === undefined)('with --auth=none lets everybody in, and warns', async () => {
    const { server, printed } = await serve({ listenAddress: '0.0.0.0:0', auth: { mode: 'none' } });
    expect(printed[0]).toMatch(/^warning: --auth=none/);
    expect((await fetch(`http://${outside}:${server.port}/api/v1/models`)).status).toBe(200);
  });

  it.each(['', 'localhost', '127.0.0.1', 'x:y', '127.0.0.1:99999', 'http://127.0.0.1:1', '1:2:3'])(
    '%j is no listen address',
    async (listenAddress) => {
      expect(await codeOf(serve({ listenAddress }))).toBe('bad-listen-address');
    },
  );

  it('that is taken is told with the way out', async () => {
    const { server } = await serve();
    expect(await codeOf(serve({ listenAddress: `127.0.0.1:${server.port}` }))).toBe('address-in-use');
  });

  it('of an address that is not ours is told', async () => {
    expect(await codeOf(serve({ listenAddress: '192.0.2.1:0' }))).toBe('cannot-listen');
  });

  it.each(['localhost:0', ':0', '[::1]:0'])('%s listens', async (listenAddress) => {
    const { server } = await serve({ listenAddress });
    expect(server.port).toBeGreaterThan(0);
  });
});

describe('a loopback peer', () => {
  it('of another user is refused', async () => {
    const { url } = await serve({ uid: 12_345, readTable: async (path) => (path.endsWith('tcp') ? tableOf(4_242) : '') });
    const response = await fetch(`${url}/api/v1/models`);
    expect([response.status, (await response.json()).error.code]).toEqual([403, 'other-user']);
    expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);
  });

  it("of the same user, by the kernel's own tables, is let in", async () => {
    const { url } = await serve();
    expect((await fetch(`${url}/api/v1/models`)).status).toBe(200);
  });
});

// Every row says that its owner is this user: addresses are not looked at here.
function tableOf(uid: number): string {
  const rows = Array.from({ length: 65_536 }, (_, port) => port.toString(16).toUpperCase().padStart(4, '0'));
  return rows.map((port) => `0: 0100007F:${port} 0100007F:0000 01 0:0 0:0 0 ${uid} 0 1`).join('\n');
}

describe('stopping', () => {
  it('lets a turn end, refuses new ones, and closes', async () => {
    const begun = gate();
    const half = gate();
    const wait = (): Promise<void> => {
      begun.open();
      return half.opened;
    };
    const { server, url, post } = await serve({ turns: [{ text: 'the end', wait }], runDrainMs: 2_000 });
    const stream = readStream(await post('/api/v1/chat/stream', { query: 'x' }));
    await begun.opened;
    const stopped = server.stop();
    half.open();
    let last: unknown;
    for await (const { data } of stream) last = data;
    expect(last).toMatchObject({ response: 'the end', done: true });
    await stopped;
    await expect(fetch(`${url}/api/v1/health`)).rejects.toThrow('fetch failed');
  });

  it('leaves a turn that does not end to be claimed by the next server, where the stream goes on from its cursor', async () => {
    const first = await serve({
      turns: [
        { text: 'never', wait: (signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))) },
      ],
      drainMs: 50,
    });
    const stream = readStream(await first.post('/api/v1/chat/stream', { query: 'x', session_id: 's1' }));
    let cursor = (await stream.next()).value?.id;
    const started = performance.now();
    await first.server.stop();
    expect(performance.now() - started).toBeLessThan(5_000);
    for await (const { id, data } of stream) {
      cursor = id;
      expect(data['done']).toBe(false);
    }
    const second = await serve({ turns: [{ text: 'after all' }], sessions: first.sessions });
    const rest = await readAll(await fetch(`${second.url}/api/v1/runs/s1.1/stream`, { headers: { 'last-event-id': cursor ?? '' } }));
    expect(rest.at(-1)?.data).toMatchObject({ response: 'after all', done: true });
  });

  it('twice is as good as once', async () => {
    const { server } = await serve();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
  });
});

it('a half-open request and a slow header do not hold the server', async () => {
  const { server, url } = await serve();
  const { connect } = await import('node:net');
  const sockets = Array.from({ length: 20 }, () => connect(server.port, '127.0.0.1'));
  for (const socket of sockets) {
    socket.on('error', () => {});
    socket.write('POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Le');
  }
  expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);
  await server.stop();
  for (const socket of sockets) socket.destroy();
});

it('a body of a gigabyte is refused while it comes, and the server goes on', async () => {
  const { url } = await serve();
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(32)) });
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half', headers: { 'content-type': 'application/json' } };
  const status = await fetch(`${url}/api/v1/chat`, init).then(
    (response) => response.status,
    () => 'cut',
  );
  expect([413, 'cut']).toContain(status);
  expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);
});

it('the port is free again after the end', async () => {
  const { server } = await serve();
  await server.stop();
  const again = createServer();
  await new Promise<void>((resolve, reject) => {
    again.once('error', reject);
    again.listen(server.port, '127.0.0.1', resolve);
  });
  again.close();
});
