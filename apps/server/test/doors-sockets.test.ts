import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { serve } from './scene.ts';

// What clients of HTTP do not send: written to the socket as it stands.

const good = 'correct-horse-battery-staple';

/** Sends bytes and gives the statuses of all answers on the connection, until it is closed or nothing more comes. */
function talk(port: number, text: string): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('latin1').on('data', (data: string) => {
      answer += data;
    });
    socket.setTimeout(silentMs, () => socket.destroy());
    socket.on('error', () => socket.destroy()); // a reset says no as well
    socket.on('close', () => resolve([...answer.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map((match) => Number(match[1]))));
  });
}

const silentMs = 500;

async function start(): Promise<{
  readonly port: number;
  readonly ask: (lines: readonly string[], body?: string) => Promise<readonly number[]>;
}> {
  const { server } = await serve({ auth: { token: good, loopbackAuth: true } });
  const { port } = server;
  return { port, ask: (lines, body = '') => talk(port, `${lines.join('\r\n').replaceAll('PORT', String(port))}\r\n\r\n${body}`) };
}

const host = 'Host: localhost:PORT';
const close = 'Connection: close';

it('the right token gets in, so that the others below are refused for what they are', async () => {
  const { ask } = await start();
  expect(await ask(['GET /api/v1/models HTTP/1.1', host, close, `Authorization: Bearer ${good}`])).toEqual([200]);
});

it.each([
  ['two Authorization headers, the right one first', [host, `Authorization: Bearer ${good}`, 'Authorization: Bearer other']],
  ['two Authorization headers, the right one last', [host, 'Authorization: Bearer other', `Authorization: Bearer ${good}`]],
  ['two equal Authorization headers', [host, `Authorization: Bearer ${good}`, `authorization: Bearer ${good}`]],
  ['a folded Authorization header', [host, 'Authorization: Bearer', ` ${good}`]],
  ['a space before the colon', [host, `Authorization : Bearer ${good}`]],
  ['another header of that name in front', [host, `X-Authorization: Bearer ${good}`]],
  ['the token in a cookie', [host, `Cookie: token=${good}`]],
  ['the token of a proxy', [host, `Proxy-Authorization: Bearer ${good}`]],
  ['no token from a page of this server', [host, 'Origin: http://localhost:PORT', 'Sec-Fetch-Site: same-origin']],
  ['a NUL after the token', [host, `Authorization: Bearer ${good}\0`]],
  ['a tab for the space', [host, `Authorization: Bearer\t${good}`]],
])('%s is refused', async (_, headers) => {
  const { ask } = await start();
  const statuses = await ask(['GET /api/v1/models HTTP/1.1', ...headers, close]);
  expect(statuses).toHaveLength(1);
  expect([400, 401]).toContain(statuses[0]);
});

it.each([
  ['a Host of somebody else', ['Host: evil.example']],
  ['two Hosts, ours first', [host, 'Host: evil.example']],
  ['two Hosts, ours last', ['Host: evil.example', host]],
  ['no Host', []],
  ['an empty Host', ['Host:']],
  ['a Host with a path', ['Host: localhost:PORT/x']],
  ['a Host with a user', ['Host: localhost:PORT@evil.example']],
])('%s is refused with and without the right token, also for probes', async (_, headers) => {
  const { ask } = await start();
  for (const path of ['/api/v1/models', '/api/v1/health', '/'])
    for (const token of [[], [`Authorization: Bearer ${good}`]]) {
      const statuses = await ask([`GET ${path} HTTP/1.1`, ...headers, ...token, close]);
      expect(statuses).toHaveLength(1);
      expect([400, 421]).toContain(statuses[0]);
    }
});

it.each([
  'GET http://evil.example/api/v1/models HTTP/1.1',
  'GET http://localhost:PORT/api/v1/models HTTP/1.1',
  'GET /api/v1/health/../models HTTP/1.1',
  'GET /livez/..%2fapi/v1/models HTTP/1.1',
  'GET /api/v1/models\\..\\health HTTP/1.1',
  'GET \\api\\v1\\models HTTP/1.1',
  'GET /api/v1/models%00/livez HTTP/1.1',
  'GET //evil.example/livez HTTP/1.1',
  'CONNECT localhost:PORT HTTP/1.1',
  'TRACE /api/v1/models HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'OPTIONS /api/v1/models HTTP/1.1',
  'HEAD /api/v1/models HTTP/1.1',
  'get /api/v1/models HTTP/1.1',
])('%s is not let in without a token', async (line) => {
  const { ask } = await start();
  const statuses = await ask([line, host, close]);
  for (const status of statuses) expect(status).toBeGreaterThanOrEqual(400);
});

it('a request that hides behind the body of a refused one is not taken for another, or refused like it', async () => {
  const { ask } = await start();
  const hidden = `GET /api/v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${good}\r\n\r\n`;
  const post = ['POST /api/v1/chat HTTP/1.1', host, 'Content-Type: application/json'];
  for (const framing of [
    ['Content-Length: 5', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked, identity'],
    ['Transfer-Encoding: xchunked'],
    ['Content-Length: 5', 'Content-Length: 200'],
    ['Content-Length: +5'],
    ['Content-Length: 5, 5'],
  ]) {
    const statuses = await ask([...post, ...framing], `0\r\n\r\n${hidden}`);
    expect(statuses).not.toContain(200);
  }
  const whole = await ask([...post, `Content-Length: ${hidden.length}`, close], hidden);
  expect(whole).toEqual([401]);
});

it('a head of 100 KB and a thousand headers are refused, and the server lives', async () => {
  const { ask } = await start();
  expect(await ask(['GET /api/v1/models HTTP/1.1', host, `Authorization: Bearer ${'x'.repeat(100_000)}`])).not.toContain(200);
  const many = Array.from({ length: 3_000 }, (_, index) => `X-${index}: y`);
  for (const status of await ask(['GET /api/v1/models HTTP/1.1', host, ...many, close])) expect(status).toBeGreaterThanOrEqual(400);
  expect(await ask(['GET /livez HTTP/1.1', host, close])).toEqual([200]);
});

it('an upgrade is no way in', async () => {
  const { ask } = await start();
  const statuses = await ask(['GET /api/v1/models HTTP/1.1', host, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x']);
  for (const status of statuses) expect(status).toBeGreaterThanOrEqual(400);
});
