import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { deltas, readAll } from './streams.ts';
import { serve } from './scene.ts';

const words = Array.from({ length: 20 }, (_, index) => `word-${index} `);
const text = words.join('');

function ask(
  url: string,
  body: string,
  { headers = {}, ends = true }: { readonly headers?: Readonly<Record<string, string | number>>; readonly ends?: boolean } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${url}/api/v1/chat`,
      { method: 'POST', agent: new Agent(), headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.on('error', reject);
    if (ends) asked.end(body);
    else asked.write(body);
  });
}

it('reliability 30: beside readers that do not read, bad, huge and slow bodies, every healthy answer is exact', async () => {
  const streams = 40;
  const { url, server } = await serve({
    turns: () => ({ text: words, delayMs: 2 }),
    limits: { bodyTimeoutMs: 500, maxBodyBytes: 10_000, stallMs: 500 },
  });
  const mute = Array.from({ length: 10 }, (_, index) => {
    const body = JSON.stringify({ query: 'x', session_id: `mute-${index}` });
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.pause();
      socket.write(
        `POST /api/v1/chat/stream HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
    return socket.on('error', () => undefined);
  });
  const answers = Array.from({ length: streams }, async (_, index) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: 'x', session_id: `s-${index}` });
    return readAll(await fetch(`${url}/api/v1/chat/stream`, { method: 'POST', headers, body }));
  });
  const refused = await Promise.all([
    ask(url, '{"query":'),
    ask(url, '', { headers: { 'content-length': 1_073_741_824 }, ends: false }),
    ask(url, '{"query": "', { headers: { 'content-length': 100 }, ends: false }),
  ]);
  expect(refused).toEqual([400, 413, 408]);
  for (const events of await Promise.all(answers)) {
    expect(deltas(events)).toBe(text);
    expect(events.filter(({ data }) => data['done'] === true).map(({ data }) => data['response'])).toEqual([text.trim()]);
  }
  for (const socket of mute) socket.destroy();
});

it('reliability 29: a reader that leaves at any event and comes back with its place sees the rest, on another server too', async () => {
  const first = await serve({ turns: () => ({ text: words, delayMs: 5 }) });
  const second = await serve({ sessions: first.sessions, runs: first.runs });
  const headers = { 'content-type': 'application/json' };
  const asked = await fetch(`${first.url}/api/v1/chat/stream`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query: 'x', session_id: 's1' }),
  });
  const whole = await readAll(asked);
  for (const [index, { id }] of whole.entries()) {
    const answer = await fetch(`${second.url}/api/v1/runs/s1.1/stream`, { headers: { 'last-event-id': id } });
    const rest = answer.status === 204 ? [] : await readAll(answer);
    expect(deltas(whole.slice(0, index + 1)) + deltas(rest)).toBe(text);
  }
});
