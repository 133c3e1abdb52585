import { describe, expect, it } from 'vitest';
import { runCommand } from './run-command.ts';
import { gate, serve } from './scene.ts';
import { deltas, readAll, readStream } from './streams.ts';

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

describe('POST /api/v1/chat', () => {
  it('S53: the route exists for POST; GET is 405, an unknown path 404 JSON', async () => {
    const { url, post } = await serve();
    expect((await post('/api/v1/chat', { query: 'x' })).status).toBe(200);
    expect((await fetch(`${url}/api/v1/chat`)).status).toBe(405);
    const unknown = await fetch(`${url}/api/v1/unknown`);
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'application/json']);
    expect(await unknown.json()).toMatchObject({ status: 'error', error: { code: 'not-found' } });
  });

  it('S54: query is required', async () => {
    const { post } = await serve();
    for (const body of [{}, { query: '' }, { query: null }, { query: 5 }]) {
      const response = await post('/api/v1/chat', body);
      expect(response.status).toBe(400);
      expect((await response.json()).error.message).toContain('query');
    }
  });

  it('S55: session_id may be absent, null or a string', async () => {
    const { post } = await serve({ turns: () => ({ text: 'ok' }) });
    for (const body of [{ query: 'x' }, { query: 'x', session_id: null }, { query: 'x', session_id: 'abc' }]) {
      expect((await post('/api/v1/chat', body)).status).toBe(200);
    }
  });

  it('S56: context names namespace and cluster; an unknown cluster is 400 and named', async () => {
    const { post, model, runs } = await serve({ turns: () => ({ text: 'ok' }) });
    expect((await post('/api/v1/chat', { query: 'x', context: {} })).status).toBe(200);
    expect((await post('/api/v1/chat', { query: 'x', session_id: 's1', context: { namespace: 'payments', cluster: 'prod' } })).status).toBe(
      200,
    );
    const prompt = JSON.stringify(model.requests.at(-1));
    expect(prompt).toContain('prod');
    expect((await runs.state({ session: 's1', runId: 's1.1' }))?.target).toMatchObject({ context: 'prod', namespace: 'payments' });
    const unknown = await post('/api/v1/chat', { query: 'x', context: { cluster: 'moon' } });
    expect([unknown.status, (await unknown.json()).error.message]).toEqual([400, expect.stringContaining('moon')]);
  });

  it('S57: response is the final answer', async () => {
    const { post } = await serve({
      turns: [{ text: 'Looking.', toolCalls: [{ name: 'look', arguments: { text: 'pods' } }] }, { text: 'Three pods run.' }],
    });
    expect((await (await post('/api/v1/chat', { query: 'x' })).json()).response).toBe('Three pods run.');
  });

  it('S58: a given session_id is echoed, else one is made: session_<digits>', async () => {
    const { post } = await serve({ turns: () => ({ text: 'ok' }) });
    const ids: string[] = [];
    for (const body of [{ query: 'x' }, { query: 'x', session_id: null }])
      ids.push((await (await post('/api/v1/chat', body)).json()).session_id);
    for (const id of ids) expect(id).toMatch(/^session_\d+$/);
    expect(new Set(ids).size).toBe(2);
    expect((await (await post('/api/v1/chat', { query: 'x', session_id: 'mine' })).json()).session_id).toBe('mine');
  });

  it('S59: a session keeps its context over calls, another does not see it', async () => {
    const { post, model } = await serve({ turns: () => ({ text: 'the answer is 42' }) });
    await post('/api/v1/chat', { query: 'first question', session_id: 'a' });
    await post('/api/v1/chat', { query: 'second question', session_id: 'a' });
    const second = JSON.stringify(model.requests.at(-1));
    expect(second).toContain('first question');
    expect(second).toContain('the answer is 42');
    await post('/api/v1/chat', { query: 'third question', session_id: 'b' });
    expect(JSON.stringify(model.requests.at(-1))).not.toContain('first question');
  });

  it('S60: status is completed, or error with 5xx', async () => {
    const { post } = await serve({ turns: [{ text: 'ok' }] });
    expect((await (await post('/api/v1/chat', { query: 'x' })).json()).status).toBe('completed');
    const failed = await post('/api/v1/chat', { query: 'x' }); // beyond the script
    expect([failed.status >= 500, (await failed.json()).status]).toEqual([true, 'error']);
  });

  it('S61: metadata.query_length is a string of code points', async () => {
    const { post } = await serve({ turns: () => ({ text: 'ok' }) });
    for (const [query, length] of [
      ['list all pods', '13'],
      ['列出 pods 😀', '9'],
    ]) {
      expect((await (await post('/api/v1/chat', { query })).json()).metadata.query_length).toBe(length);
    }
  });

  it('S62, S63: processed_at and timestamp are RFC 3339 in UTC', async () => {
    const { post } = await serve();
    const body = await (await post('/api/v1/chat', { query: 'x' })).json();
    expect(body.metadata.processed_at).toMatch(rfc3339);
    expect(body.timestamp).toMatch(rfc3339);
  });

  it('S64: HTTP 200 with application/json', async () => {
    const { post } = await serve();
    const response = await post('/api/v1/chat', { query: 'x' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  });

  it('S65: the documented curl line works', async () => {
    const { url } = await serve();
    const body = '{"query": "list all pods in default namespace", "session_id": "my-session-123", "context": {"namespace": "default"}}';
    const output = await runCommand('curl', ['-s', '-X', 'POST', `${url}/api/v1/chat`, '-H', 'Content-Type: application/json', '-d', body]);
    expect(JSON.parse(output).session_id).toBe('my-session-123');
  });
});

describe('POST /api/v1/chat/stream', () => {
  it('S66, S70: the route exists and answers with an event stream, one data line an event', async () => {
    const { post } = await serve();
    const response = await post('/api/v1/chat/stream', { query: 'x' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect((await readAll(response)).length).toBeGreaterThan(2); // which reads strictly
  });

  it('S67: a missing query is 400 JSON before the stream starts', async () => {
    const { post } = await serve();
    const response = await post('/api/v1/chat/stream', { stream: true });
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/json']);
  });

  it('S68: session_id is in every event', async () => {
    const { post } = await serve();
    for (const { data } of await readAll(await post('/api/v1/chat/stream', { query: 'x', session_id: 'mine' })))
      expect(data['session_id']).toBe('mine');
  });

  it('S69: stream may be true, or absent', async () => {
    const { post } = await serve({ turns: () => ({ text: 'ok' }) });
    for (const body of [{ query: 'x', stream: true }, { query: 'x' }])
      expect((await readAll(await post('/api/v1/chat/stream', body))).at(-1)?.data['done']).toBe(true);
  });

  it('S71, S74: deltas come while the model writes', async () => {
    const half = gate();
    const turns = [
      { text: 'First ', toolCalls: [{ name: 'look', arguments: { text: 'x' } }] },
      { text: 'second', wait: () => half.opened },
    ];
    const { post } = await serve({ turns });
    let seen = '';
    for await (const { data } of readStream(await post('/api/v1/chat/stream', { query: 'x' }))) {
      if (data['done'] === true) break;
      expect(data).toMatchObject({ delta: expect.any(String), status: 'processing', done: false });
      seen += String(data['delta']);
      if (seen === 'First ') half.open(); // it arrived before the model went on
    }
    expect(seen).toBe('First second');
  });

  it('S72: the last event has the whole answer and done, exactly once; then the stream ends', async () => {
    const { post } = await serve({ turns: [{ text: ['All ', 'is ', 'well.'] }] });
    const text = await (await post('/api/v1/chat/stream', { query: 'x', session_id: 's1' })).text();
    expect(text).not.toContain('[DONE]');
    expect(text.match(/"done":true/g)).toHaveLength(1);
    const last = JSON.parse(text.trimEnd().split('\n').at(-1)?.slice('data: '.length) ?? '');
    expect(last).toMatchObject({ response: 'All is well.', session_id: 's1', status: 'completed', done: true });
  });

  it('S73: the documented curl line works', async () => {
    const { url } = await serve({ turns: [{ text: ['All ', 'is well.'] }] });
    const headers = ['-H', 'Content-Type: application/json', '-H', 'Accept: text/event-stream'];
    const output = await runCommand('curl', [
      '-sN',
      '-X',
      'POST',
      `${url}/api/v1/chat/stream`,
      ...headers,
      '-d',
      '{"query": "show cluster status", "stream": true}',
    ]);
    const events = output
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)));
    expect(events.at(-1)).toMatchObject({ response: 'All is well.', done: true });
    expect(deltas(events.map((data) => ({ id: '', at: 0, data })))).toBe('All is well.');
  });
});

describe('GET /api/v1/health and /models', () => {
  it('S75, S76, S77, S78: health says that it is healthy, its version and the time', async () => {
    const { url } = await serve();
    expect(JSON.parse(await runCommand('curl', ['-s', `${url}/api/v1/health`]))).toEqual({
      status: 'healthy',
      version: '1.2.3',
      timestamp: expect.stringMatching(rfc3339),
    });
  });

  it('S79-S85: models', async () => {
    const { url } = await serve();
    const response = await fetch(`${url}/api/v1/models`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      models: expect.arrayContaining(['deepseek-chat', 'deepseek-coder', 'qwen-plus', 'doubao-pro-4k']),
      current: 'deepseek-chat',
      provider: 'deepseek',
      metadata: { default_provider: 'deepseek', supports_tools: 'true' },
      timestamp: expect.stringMatching(rfc3339),
    });
  });
});
