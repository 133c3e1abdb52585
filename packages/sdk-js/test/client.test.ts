import { describe, expect, it } from 'vitest';
import { createClient, isKubectlAIError, KubectlAIClient, type KubectlAIError, type StreamEvent } from '../src/index.ts';
import { failure, fakeServer, last, stream, wire } from './fake-server.ts';

const reconnect = { delayMs: 1 };

async function errorOf(promise: Promise<unknown>): Promise<KubectlAIError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isKubectlAIError(error)) throw new Error(`not an error of the client: ${String(error)}`);
  return error;
}

describe('KubectlAIClient, as it is documented', () => {
  it('S93: the default base URL is http://localhost:8888', () => {
    expect(new KubectlAIClient().baseUrl).toBe('http://localhost:8888');
  });

  it('S94: chat sends session_id null and an empty context', async () => {
    const { fetch, seen } = fakeServer([Response.json({ response: 'hi' })]);
    expect((await new KubectlAIClient(undefined, { fetch }).chat('list the pods')).response).toBe('hi');
    expect(seen[0]).toMatchObject({
      url: 'http://localhost:8888/api/v1/chat',
      method: 'POST',
      body: { query: 'list the pods', session_id: null, context: {} },
    });
    expect(seen[0]?.headers.get('content-type')).toBe('application/json');
  });

  it('S95: streamChat sends its headers, stream true and session_id null', async () => {
    const { fetch, seen } = fakeServer([stream(wire('1:0', { delta: 'Hello' }) + last('2:0', 'Hello'))]);
    const deltas: (string | undefined)[] = [];
    await new KubectlAIClient(undefined, { fetch }).streamChat('x', (data) => deltas.push(data.delta));
    expect(deltas).toEqual(['Hello', undefined]);
    expect(seen[0]).toMatchObject({
      url: 'http://localhost:8888/api/v1/chat/stream',
      body: { query: 'x', session_id: null, stream: true },
    });
    expect(seen[0]?.headers.get('accept')).toBe('text/event-stream');
  });

  it('S96: events of any size, in any packets, with heartbeats between them', async () => {
    const long = '漢字 😀 ü "\\ \u2028'.repeat(60_000);
    for (const packetBytes of [1_021, 65_536]) {
      const { fetch } = fakeServer([stream(`:\n\n${wire('1:0', { delta: long })}:\n\n${last('2:0', long)}`, { packetBytes })]);
      const events: StreamEvent[] = [];
      await new KubectlAIClient(undefined, { fetch }).streamChat('x', (data) => events.push(data));
      expect(events.map(({ delta, response }) => delta ?? response)).toEqual([long, long]);
    }
  });

  it('S97: streamChat resolves at done, with the last event', async () => {
    const { fetch } = fakeServer([stream(last('2:0', 'all') + wire('3:0', { delta: 'never seen' }))]);
    const events: StreamEvent[] = [];
    const end = await new KubectlAIClient(undefined, { fetch }).streamChat('x', (data) => events.push(data));
    expect([end.response, events.length]).toEqual(['all', 1]);
  });

  it('S98, S99: getHealth and getModels', async () => {
    const { fetch, seen } = fakeServer([Response.json({ status: 'healthy' }), Response.json({ models: ['deepseek-chat'] })]);
    const client = new KubectlAIClient('http://kw.example:8888/', { fetch });
    expect((await client.getHealth()).status).toBe('healthy');
    expect((await client.getModels()).models).toEqual(['deepseek-chat']);
    expect(seen.map(({ url }) => url)).toEqual(['http://kw.example:8888/api/v1/health', 'http://kw.example:8888/api/v1/models']);
  });

  it('S100: the usage sample prints the text and Completed!', async () => {
    const { fetch } = fakeServer([Response.json({ response: 'answer' }), stream(wire('1:0', { delta: 'text' }) + last('2:0', 'text'))]);
    const client = new KubectlAIClient('http://localhost:8888', { fetch });
    const printed: string[] = [(await client.chat('list all pods')).response];
    await client.streamChat('show cluster status', (data) => {
      if (data.delta) printed.push(data.delta);
      if (data.done) printed.push('Completed!');
    });
    expect(printed).toEqual(['answer', 'text', 'Completed!']);
  });
});

describe('beyond the documented', () => {
  it('token, context and session go with each question', async () => {
    const { fetch, seen } = fakeServer([Response.json({}), Response.json({})]);
    const client = new KubectlAIClient('http://x', { fetch, token: 'T', context: { namespace: 'payments' } });
    await client.chat('x', 's1');
    await client.chat('x', 's1', { cluster: 'prod' }, { supersede: true });
    expect(seen.map(({ body }) => body)).toEqual([
      { query: 'x', session_id: 's1', context: { namespace: 'payments' } },
      { query: 'x', session_id: 's1', context: { cluster: 'prod' }, supersede: true },
    ]);
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer T');
  });

  it('errors are asked for in a language', async () => {
    const { fetch, seen } = fakeServer([Response.json({})]);
    await new KubectlAIClient('http://x', { fetch, language: 'zh' }).getHealth();
    expect(seen[0]?.headers.get('accept-language')).toBe('zh');
  });

  it('approve, deny, getRun and cancelRun ask for what they are named after', async () => {
    const { fetch, seen } = fakeServer([
      Response.json({ status: 'accepted' }),
      Response.json({ status: 'accepted' }),
      Response.json({ done: true }),
      Response.json({ done: false }),
    ]);
    const client = new KubectlAIClient('http://x', { fetch });
    await client.approve('s1.abc');
    await client.deny('s1.abc', 'not today');
    await client.getRun('s1.1', { wait: 30 });
    await client.cancelRun('s1.1');
    expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', 'http://x/api/v1/approvals/s1.abc', { decision: 'approve' }],
      ['POST', 'http://x/api/v1/approvals/s1.abc', { decision: 'deny', reason: 'not today' }],
      ['GET', 'http://x/api/v1/runs/s1.1?wait=30s', undefined],
      ['POST', 'http://x/api/v1/runs/s1.1/cancel', {}],
    ]);
  });

  it('a stream may be taken as an async iterable, each event with its cursor', async () => {
    const { fetch } = fakeServer([stream(wire('1:0', {}) + wire('1:5', { delta: 'Hello' }) + last('2:0', 'Hello'))]);
    const cursors: (string | undefined)[] = [];
    for await (const { cursor } of createClient('http://x', { fetch }).stream('x')) cursors.push(cursor);
    expect(cursors).toEqual(['1:0', '1:5', '2:0']);
  });
});

describe('a connection that breaks', () => {
  it('is opened again at the cursor, also before the first event where the server named the run', async () => {
    const { fetch, seen } = fakeServer([
      stream('', { breaks: true, headers: { 'content-location': '/api/v1/runs/s1.1' } }),
      stream(`${wire('1:0', {})}${wire('1:3', { delta: 'Hel' })}id: 1:5\ndata: {"del`, { breaks: true }),
      failure(503, 'draining'),
      () => {
        throw new TypeError('fetch failed');
      },
      stream(wire('1:5', { delta: 'lo' })), // ends before the run does
      stream(last('2:0', 'Hello')),
    ]);
    let text = '';
    const end = await new KubectlAIClient('http://x', { fetch, reconnect }).streamChat('x', ({ delta }) => (text += delta ?? ''));
    expect([text, end.response]).toEqual(['Hello', 'Hello']);
    expect(seen.slice(1).map(({ method, url, headers }) => [method, url, headers.get('last-event-id')])).toEqual([
      ['GET', 'http://x/api/v1/runs/s1.1/stream', null],
      ['GET', 'http://x/api/v1/runs/s1.1/stream', '1:3'],
      ['GET', 'http://x/api/v1/runs/s1.1/stream', '1:3'],
      ['GET', 'http://x/api/v1/runs/s1.1/stream', '1:3'],
      ['GET', 'http://x/api/v1/runs/s1.1/stream', '1:5'],
    ]);
  });

  it('is not tried for ever; the error says how to go on', async () => {
    const { fetch, seen } = fakeServer([
      stream(wire('1:2', { delta: 'He' })),
      ...Array.from({ length: 9 }, () => failure(503, 'draining')),
    ]);
    const error = await errorOf(
      new KubectlAIClient('http://x', { fetch, reconnect: { ...reconnect, attempts: 3 } }).streamChat('x', () => {}),
    );
    expect([error.code, seen.length]).toEqual(['stream-broken', 4]);
    expect(error.message).toContain("resumeStream('s1.1', '1:2', ...)");
  });

  it('before anything is known of the run is an error: the question is not asked twice', async () => {
    const { fetch, seen } = fakeServer([stream('', { breaks: true })]);
    await expect(new KubectlAIClient('http://x', { fetch, reconnect }).streamChat('x', () => {})).rejects.toThrow('terminated');
    expect(seen).toHaveLength(1);
  });

  it('that is refused for good is not tried again', async () => {
    const { fetch, seen } = fakeServer([stream(wire('1:0', {})), failure(403, 'forbidden')]);
    const error = await errorOf(new KubectlAIClient('http://x', { fetch, reconnect }).streamChat('x', () => {}));
    expect([error.code, error.status, seen.length]).toEqual(['forbidden', 403, 2]);
  });

  it('at the end is no break: resumeStream resolves with the end that was seen before', async () => {
    const run = { response: 'Hello', session_id: 's1', run_id: 's1.1', status: 'completed', done: true };
    const { fetch } = fakeServer([new Response(null, { status: 204 }), Response.json(run)]);
    const events: StreamEvent[] = [];
    expect(await new KubectlAIClient('http://x', { fetch }).resumeStream('s1.1', '3:0', (event) => events.push(event))).toEqual(run);
    expect(events).toEqual([]);
  });

  it('is no break where the run waits for a person: the stream ends with the question', async () => {
    const approval = {
      id: 's1.abc',
      tool: 'kubectl',
      command: 'kubectl scale',
      effect: 'write',
      traits: [],
      reasons: [],
      expires_at: '2026-01-01T00:00:00Z',
    } as const;
    const { fetch, seen } = fakeServer([stream(wire('3:0', { status: 'awaiting_approval', approval })), stream(last('9:0', 'Done.'))]);
    const client = new KubectlAIClient('http://x', { fetch, reconnect });
    let cursor: Parameters<typeof client.resumeStream>[1] = null;
    const question = await client.streamChat('x', (_, after) => (cursor = after ?? null));
    expect([question.status, question.approval?.id]).toEqual(['awaiting_approval', 's1.abc']);
    expect((await client.resumeStream('s1.1', cursor, () => {})).response).toBe('Done.');
    expect(seen[1]?.headers.get('last-event-id')).toBe('3:0');
  });
});

describe('a session that is followed', () => {
  it('gives each run with its own end and goes on, over questions and over connections that end or break', async () => {
    const { fetch, seen } = fakeServer([
      stream(wire('1:2', { delta: 'He' }) + wire('3:0', { status: 'awaiting_approval' }), { breaks: true }),
      stream(last('4:0', 'Hello')),
      stream(''),
      failure(503, 'draining'),
      stream(wire('5:0', { run_id: 's1.2' }) + last('6:0', 'Bye')),
      failure(404, 'unknown-session'),
    ]);
    const cursors: (string | undefined)[] = [];
    const following = async (): Promise<void> => {
      const client = createClient('http://x', { fetch, reconnect: { ...reconnect, attempts: 2 } });
      for await (const { cursor } of client.followSession('s1', { cursor: '1:0' })) cursors.push(cursor);
    };
    expect((await errorOf(following())).code).toBe('unknown-session');
    expect(cursors).toEqual(['1:2', '3:0', '4:0', '5:0', '6:0']);
    expect(seen.map(({ url, headers }) => [url, headers.get('last-event-id')])).toEqual(
      ['1:0', '3:0', '4:0', '4:0', '4:0', '6:0'].map((id) => ['http://x/api/v1/sessions/s1/events', id]),
    );
  });

  it('may be taken by a function, too', async () => {
    const { fetch, seen } = fakeServer([stream(wire('4:2', { delta: 'He' })), failure(404, 'unknown-session')]);
    const told: (string | undefined)[] = [];
    const client = new KubectlAIClient('http://x', { fetch, reconnect });
    const error = await errorOf(client.followSession('s1', '4:0', ({ delta }, cursor) => told.push(delta, cursor)));
    expect([error.code, told, seen[0]?.headers.get('last-event-id')]).toEqual(['unknown-session', ['He', '4:2'], '4:0']);
  });

  it('is not followed for ever where the server is gone; the error says how to go on', async () => {
    const { fetch, seen } = fakeServer([stream(wire('1:2', {})), ...Array.from({ length: 9 }, () => failure(503, 'draining'))]);
    const following = async (): Promise<void> => {
      const client = createClient('http://x', { fetch, reconnect: { ...reconnect, attempts: 3 } });
      for await (const _ of client.followSession('s1'));
    };
    const error = await errorOf(following());
    expect([error.code, seen.length]).toEqual(['stream-broken', 4]);
    expect(error.message).toContain("followSession(id, { cursor: '1:2' })");
  });

  it('is left by an abort, also while nothing happens', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const { fetch } = fakeServer([stream(wire('1:2', {}))]);
    const following = async (): Promise<void> => {
      const client = createClient('http://x', { fetch, reconnect: { delayMs: 60_000 } });
      for await (const _ of client.followSession('s1', { signal: controller.signal })) controller.abort(reason);
    };
    await expect(following()).rejects.toBe(reason);
  });
});

describe('failures', () => {
  it('carry the status, the code and how long to wait', async () => {
    const { fetch } = fakeServer([failure(503, 'too-many-turns', { 'retry-after': '2' })]);
    const error = await errorOf(createClient('http://x', { fetch }).ask('x'));
    expect([error.status, error.code, error.retryAfterMs, error.message]).toEqual([
      503,
      'too-many-turns',
      2000,
      'it is too-many-turns (HTTP 503)',
    ]);
  });

  it('of something that is not this API are told as such', async () => {
    const { fetch } = fakeServer([new Response('<html>502 Bad Gateway</html>', { status: 502 }), new Response('<html>Welcome</html>')]);
    const client = createClient('http://x', { fetch });
    expect((await errorOf(client.getHealth())).code).toBe('http-error');
    expect((await errorOf(client.getHealth())).code).toBe('not-an-api');
  });

  it('of the network name the server and the way out', async () => {
    const { fetch } = fakeServer([
      () => {
        throw new TypeError('fetch failed');
      },
    ]);
    const error = await errorOf(createClient('http://localhost:8888', { fetch }).ask('x'));
    expect(error.code).toBe('connection-failed');
    expect(error.message).toContain('http://localhost:8888');
  });

  it('an abort is thrown as its own reason, whether the client was made with it or the call', async () => {
    const reason = new Error('enough');
    const { fetch } = fakeServer([Response.json({}), Response.json({}), stream(wire('1:0', {}))]);
    await expect(createClient('http://x', { fetch, signal: AbortSignal.abort(reason) }).ask('x')).rejects.toBe(reason);
    await expect(createClient('http://x', { fetch }).ask('x', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const streaming = new KubectlAIClient('http://x', { fetch, reconnect: { delayMs: 60_000 } }).streamChat(
      'x',
      () => controller.abort(reason),
      null,
      { signal: controller.signal },
    );
    await expect(streaming).rejects.toBe(reason);
  });
});
