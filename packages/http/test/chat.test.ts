import { fakeTool } from '@kw/agent/testing';
import { describe, expect, it } from 'vitest';
import { deltas, receive, scene } from './scene.ts';

const write = { text: 'I will.', toolCalls: [{ name: 'change', arguments: { text: 'web to 3' } }] };

describe('POST /api/v1/chat', () => {
  it('answers with the response, the session and the metadata', async () => {
    const { post } = scene({ turns: [{ text: 'Three pods run.' }] });
    const response = await post('/api/v1/chat', { query: 'list the pods 😀', session_id: 'my-session-123', context: {} });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      response: 'Three pods run.',
      session_id: 'my-session-123',
      run_id: 'my-session-123.1',
      status: 'completed',
      metadata: { query_length: '15', processed_at: expect.stringMatching(/Z$/), model_used: 'scripted' },
      cursor: expect.stringMatching(/^\d+:0$/),
    });
  });

  it('returns an open question at once; the answer runs nothing by itself, and what follows is read from the run', async () => {
    const change = fakeTool({ name: 'change', effect: 'write' });
    const { post, fetch } = scene({ turns: [write, { text: 'Done.' }], tools: [change] });
    const asked = await (await post('/api/v1/chat', { query: 'scale web', session_id: 's1' })).json();
    expect(asked).toMatchObject({
      status: 'awaiting_approval',
      response: '',
      approval: { tool: 'change', command: 'change web to 3', effect: 'write' },
    });
    expect(change.ran).toEqual([]);
    const answered = await post(`/api/v1/approvals/${asked.approval.id}`, { decision: 'approve' });
    expect([answered.status, await answered.json()]).toEqual([200, { status: 'accepted', run_id: 's1.1', session_id: 's1' }]);
    const run = await (await fetch('/api/v1/runs/s1.1?wait=30s')).json();
    expect(run).toMatchObject({ status: 'completed', done: true, response: 'Done.', metadata: { query_length: '9' } });
    expect(change.ran).toEqual(['web to 3']);
    const again = await post(`/api/v1/approvals/${asked.approval.id}`, { decision: 'deny' });
    expect([again.status, (await again.json()).status]).toEqual([409, 'already-answered']);
  });

  it('tells the model why something was declined', async () => {
    const change = fakeTool({ name: 'change', effect: 'write' });
    const { post, fetch, model } = scene({ turns: [write, { text: 'Then not.' }], tools: [change] });
    const asked = await (await post('/api/v1/chat', { query: 'scale web', session_id: 's1' })).json();
    await post(`/api/v1/approvals/${asked.approval.id}`, { decision: 'deny', reason: 'too late in the day' });
    expect(await (await fetch('/api/v1/runs/s1.1?wait=30')).json()).toMatchObject({ status: 'completed', response: 'Then not.' });
    expect(change.ran).toEqual([]);
    expect(JSON.stringify(model.requests.at(-1))).toContain('too late in the day');
  });

  it('a new message to a session that waits is 409; supersede declines the question', async () => {
    const change = fakeTool({ name: 'change', effect: 'write' });
    const { post, fetch } = scene({ turns: [write, { text: 'Hello.' }], tools: [change] });
    await post('/api/v1/chat', { query: 'scale web', session_id: 's1' });
    await (await fetch('/api/v1/runs/s1.1/stream')).text(); // parked
    const busy = await post('/api/v1/chat', { query: 'hello', session_id: 's1' });
    expect([busy.status, (await busy.json()).error.code]).toEqual([409, 'session-busy']);
    const superseding = await (await post('/api/v1/chat', { query: 'hello', session_id: 's1', supersede: true })).json();
    expect(superseding).toMatchObject({ status: 'completed', response: 'Hello.', run_id: 's1.2' });
    expect(await (await fetch('/api/v1/runs/s1.1')).json()).toMatchObject({ status: 'cancelled', done: true });
    expect(change.ran).toEqual([]);
  });

  it('a failed run is 5xx with its code, and its run says the same', async () => {
    const { post, fetch } = scene({ turns: [{ error: Object.assign(new Error('the key is wrong'), {}) }] });
    const response = await post('/api/v1/chat', { query: 'x', session_id: 's1' });
    expect(response.status).toBeGreaterThanOrEqual(500);
    expect(await response.json()).toMatchObject({
      status: 'error',
      error: { code: expect.any(String), message: expect.any(String) },
      session_id: 's1',
    });
    expect(await (await fetch('/api/v1/runs/s1.1')).json()).toMatchObject({ status: 'error', done: true });
  });

  it('too many turns at once are 503 with Retry-After; places come back with the runs', async () => {
    let go: () => void = () => {};
    const wait = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { post } = scene({ turns: () => ({ text: 'ok', wait: () => wait }), limits: { turnsAtOnce: 2 } });
    const first = [post('/api/v1/chat', { query: '1' }), post('/api/v1/chat', { query: '2' })];
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const refused = await post('/api/v1/chat', { query: '3' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    go();
    for (const answer of first) expect((await answer).status).toBe(200);
    expect((await post('/api/v1/chat', { query: '4' })).status).toBe(200);
  });

  it('a server that stops refuses new questions and says so in its health', async () => {
    const draining = AbortSignal.abort();
    const { post, fetch } = scene({ draining });
    const refused = await post('/api/v1/chat', { query: 'x' });
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([503, true]);
    expect((await fetch('/readyz')).status).toBe(503);
    expect((await fetch('/livez')).status).toBe(200);
    expect((await (await fetch('/api/v1/health')).json()).status).toBe('draining');
  });
});

describe('a stream', () => {
  it('has deltas, activities with an empty delta, and one last event with the whole answer', async () => {
    const { post } = scene({
      turns: [
        { reasoning: 'hm', text: ['Look', 'ing. '], toolCalls: [{ name: 'look', arguments: { text: 'pods' } }] },
        { text: ['All ', 'is ', 'well.'] },
      ],
    });
    const response = await post('/api/v1/chat/stream', { query: 'how is it?', session_id: 's1' });
    expect(response.headers.get('content-location')).toBe('/api/v1/runs/s1.1');
    const events = await receive(response);
    expect(deltas(events)).toBe('Looking. All is well.');
    expect(events.filter(({ data }) => data['done'] === true)).toHaveLength(1);
    expect(events.at(-1)?.data).toMatchObject({
      response: 'All is well.',
      status: 'completed',
      done: true,
      session_id: 's1',
      run_id: 's1.1',
    });
    expect(events.at(-1)?.data).not.toHaveProperty('delta');
    for (const { data } of events.slice(0, -1))
      expect(data).toMatchObject({ delta: expect.any(String), status: 'processing', done: false, session_id: 's1' });
    const kinds = events.map(({ data }) => (data['activity'] as { type?: string } | undefined)?.type);
    expect(kinds).toEqual(expect.arrayContaining(['run-start', 'reasoning-delta', 'turn-end', 'tool-call', 'tool-start', 'tool-result']));
  });

  it('every cursor takes it up without gap or double', async () => {
    const answer = 'Zürich 😀 '.repeat(40);
    const { post, fetch } = scene({
      turns: [
        { text: [answer.slice(0, 100), answer.slice(100)], toolCalls: [{ name: 'look', arguments: { text: 'x' } }] },
        { text: 'End.' },
      ],
    });
    const events = await receive(await post('/api/v1/chat/stream', { query: 'x', session_id: 's1' }));
    for (const [index, { id }] of events.entries()) {
      const init = index % 2 === 0 ? { headers: { 'last-event-id': id } } : {};
      const rest = await receive(await fetch(`/api/v1/runs/s1.1/stream${index % 2 === 0 ? '' : `?cursor=${id}`}`, init));
      const before = events.slice(0, index + 1);
      expect(deltas(before) + deltas(rest)).toBe(deltas(events));
      const kinds = (all: typeof events): unknown[] =>
        all.map(({ data }) => data['activity'] ?? data['response']).filter((kind) => kind !== undefined);
      expect([...kinds(before), ...kinds(rest)]).toEqual(kinds(events));
    }
  });

  it('who has seen the end gets 204, so that an EventSource stops; a cursor beyond a run that goes on is 400', async () => {
    const { post, fetch } = scene({
      turns: [
        { text: 'Hello.' },
        { text: 'never', wait: (signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))) },
      ],
    });
    const events = await receive(await post('/api/v1/chat/stream', { query: 'x', session_id: 's1' }));
    for (const cursor of [events.at(-1)?.id ?? '', '999999:0', '4:99999']) {
      expect((await fetch('/api/v1/runs/s1.1/stream', { headers: { 'last-event-id': cursor } })).status).toBe(204);
    }
    const going = await post('/api/v1/chat/stream', { query: 'y', session_id: 's1' });
    expect((await fetch('/api/v1/runs/s1.2/stream?cursor=999999:0')).status).toBe(400);
    await post('/api/v1/runs/s1.2/cancel', {});
    await going.text();
  });

  it('a cursor that is the id of no event is 400 with the way out, in the language of the reader, before anything is sent', async () => {
    const { post, fetch } = scene({
      turns: [{ text: 'Hello.', toolCalls: [{ name: 'look', arguments: { text: 'x' } }] }, { text: 'A longer answer than that.' }],
    });
    await (await post('/api/v1/chat/stream', { query: 'x', session_id: 's1' })).text();
    for (const cursor of ['0:99999', '1:99999', '1:8']) {
      const refused = await fetch('/api/v1/runs/s1.1/stream', { headers: { 'last-event-id': cursor } });
      expect([cursor, refused.status]).toEqual([cursor, 400]);
      const { error } = await refused.json();
      expect(error).toEqual({ code: 'bad-cursor', message: expect.stringContaining('Leave Last-Event-ID (or the cursor) out') });
    }
    const { error } = await (await fetch('/api/v1/runs/s1.1/stream?cursor=1:99999', { headers: { 'accept-language': 'zh' } })).json();
    expect(error.message).toContain('不带 Last-Event-ID');
    expect((await fetch('/api/v1/runs/s1.1/stream?cursor=1:7')).status).toBe(200); // after the call
  });

  it('too many readers at once are 503 with Retry-After', async () => {
    const { post, fetch } = scene({
      turns: [
        { text: 'never', wait: (signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))) },
      ],
      limits: { readersAtOnce: 1 },
    });
    const going = await post('/api/v1/chat/stream', { query: 'x', session_id: 's1' });
    const reader = await fetch('/api/v1/runs/s1.1/stream');
    for (const path of ['/api/v1/runs/s1.1/stream', '/api/v1/runs/s1.1?wait=20s']) {
      const refused = await fetch(path);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    }
    await post('/api/v1/runs/s1.1/cancel', {});
    await Promise.all([going.text(), reader.text()]);
    expect((await fetch('/api/v1/runs/s1.1/stream')).status).toBe(200);
  });

  it('a reader in the middle of a long delta goes on inside it', async () => {
    const long = 'abc😀'.repeat(5_000);
    const { post, fetch } = scene({ turns: [{ text: long }] });
    const events = await receive(await post('/api/v1/chat/stream', { query: 'x', session_id: 's1' }));
    const pieces = events.filter(({ data }) => data['delta'] !== '' && data['delta'] !== undefined);
    expect(pieces.length).toBeGreaterThan(5);
    for (const { data } of pieces) expect(String(data['delta']).isWellFormed()).toBe(true);
    for (const piece of pieces.slice(0, 4)) {
      const at = events.indexOf(piece);
      const rest = await receive(await fetch('/api/v1/runs/s1.1/stream', { headers: { 'last-event-id': piece.id } }));
      expect(deltas(events.slice(0, at + 1)) + deltas(rest)).toBe(long);
    }
  });

  it('sends the question, ends when the run is parked, and goes on from its cursor after the answer', async () => {
    const change = fakeTool({ name: 'change', effect: 'write' });
    const { post, fetch } = scene({ turns: [write, { text: 'Done.' }], tools: [change] });
    const asked = await receive(await post('/api/v1/chat/stream', { query: 'scale', session_id: 's1' }));
    expect(asked.some(({ data }) => data['done'] === true)).toBe(false);
    const last = asked.at(-1);
    expect(last?.data).toMatchObject({ status: 'awaiting_approval', delta: '', approval: { command: 'change web to 3' } });
    const onceMore = await receive(await fetch('/api/v1/runs/s1.1/stream', { headers: { 'last-event-id': last?.id ?? '' } }));
    expect(onceMore).toHaveLength(1);
    expect(onceMore[0]).toMatchObject({ id: last?.id, data: { status: 'awaiting_approval', approval: { command: 'change web to 3' } } });
    const approval = last?.data['approval'] as { id: string } | undefined;
    await post(`/api/v1/approvals/${approval?.id}`, { decision: 'approve' });
    for (const { id: cursor } of [asked[2], last].filter((event) => event !== undefined)) {
      const rest = await receive(await fetch('/api/v1/runs/s1.1/stream', { headers: { 'last-event-id': cursor } }));
      expect(rest.at(-1)?.data).toMatchObject({ done: true, response: 'Done.' });
    }
    expect(change.ran).toEqual(['web to 3']);
  });

  it('a reader who leaves stops nothing', async () => {
    let go: () => void = () => {};
    const wait = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { post, fetch } = scene({ turns: [{ text: 'later', wait: () => wait }], limits: { turnsAtOnce: 1 } });
    const response = await post('/api/v1/chat/stream', { query: 'x', session_id: 's1' });
    await response.body?.cancel();
    go();
    expect(await (await fetch('/api/v1/runs/s1.1?wait=20s')).json()).toMatchObject({ status: 'completed', response: 'later' });
    expect((await post('/api/v1/chat', { query: 'y', session_id: 's2' })).status).toBe(502); // the script has ended; the place was given back
  });

  it('heartbeats are comments and stand alone', async () => {
    let go: () => void = () => {};
    const wait = new Promise<void>((resolve) => {
      go = resolve;
    });
    const { post } = scene({ turns: [{ text: 'late', wait: () => wait }], limits: { heartbeatMs: 5 } });
    const response = await post('/api/v1/chat/stream', { query: 'x' });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let beats = 0;
    for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read()) {
      expect(chunk.value).toMatch(/^(:|id: \d+:\d+\ndata: \{.*\})\n\n$/);
      if (chunk.value === ':\n\n') beats += 1;
      if (beats === 3) go();
    }
    expect(beats).toBeGreaterThanOrEqual(3);
  });

  it('a reader that does not read holds a bounded queue and is disconnected', async () => {
    const { post, runs } = scene({
      turns: [{ text: Array.from({ length: 400 }, () => 'x'.repeat(1000)) }],
      limits: { maxQueueBytes: 10_000, stallMs: 20 },
    });
    const response = await post('/api/v1/chat/stream', { query: 'x', session_id: 's1' });
    for await (const _ of runs.follow({ session: 's1', runId: 's1.1' }));
    await new Promise((resolve) => {
      setTimeout(resolve, 60);
    });
    await expect(response.text()).rejects.toThrow('too slow');
  });
});

describe('GET /api/v1/runs/:id', () => {
  it('tells a run under way, waits for its end, and cancels it', async () => {
    const { post, fetch } = scene({
      turns: [
        { text: 'never', wait: (signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))) },
      ],
    });
    const response = await post('/api/v1/chat/stream', { query: 'x', session_id: 's1' });
    expect(await (await fetch('/api/v1/runs/s1.1')).json()).toMatchObject({ status: 'processing', done: false, response: '' });
    const waiting = fetch('/api/v1/runs/s1.1?wait=20s');
    expect([200, 202]).toContain((await post('/api/v1/runs/s1.1/cancel', '')).status);
    expect(await (await waiting).json()).toMatchObject({ status: 'cancelled', done: true });
    expect((await receive(response)).at(-1)?.data).toMatchObject({ status: 'cancelled', done: true });
  });

  it('unknown runs and questions are 404, a broken wait or cursor 400', async () => {
    const { post, fetch } = scene();
    await post('/api/v1/chat', { query: 'x', session_id: 's1' });
    for (const path of ['/api/v1/runs/s1.99', '/api/v1/runs/nobody.1', '/api/v1/runs/x', '/api/v1/runs/s1.99/stream'])
      expect([path, (await fetch(path)).status]).toEqual([path, 404]);
    for (const id of ['s1.0123', 'nobody.0123', 'x'])
      expect((await post(`/api/v1/approvals/${id}`, { decision: 'deny' })).status).toBe(404);
    expect((await fetch('/api/v1/runs/s1.1?wait=soon')).status).toBe(400);
    expect((await fetch('/api/v1/runs/s1.1/stream?cursor=abc')).status).toBe(400);
  });
});
