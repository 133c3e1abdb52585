import { fakeTool } from '@kw/agent/testing';
import { createClient, isKubectlAIError, KubectlAIClient } from '@kw/sdk-js';
import { describe, expect, it } from 'vitest';
import { bookOf } from './book.ts';
import { host, type Scene, scene } from './scene.ts';

// The client on the API, without a network between them.
function fetchOf({ fetch }: Scene): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    return fetch(`${pathname}${search}`, {
      method: request.method,
      headers: request.headers,
      ...(request.method === 'POST' && { body: await request.text() }),
    });
  };
}

const base = `http://${host}`;
const write = { text: 'I will.', toolCalls: [{ name: 'change', arguments: { text: 'web to 3' } }] };

describe('the JavaScript client on this API', () => {
  it('asks, streams, and reads health and models', async () => {
    const client = new KubectlAIClient(base, { fetch: fetchOf(scene({ turns: () => ({ text: ['Hel', 'lo'] }) })) });
    expect(await client.chat('x', 's1')).toMatchObject({ response: 'Hello', session_id: 's1', status: 'completed' });
    let text = '';
    const end = await client.streamChat('x', ({ delta }) => (text += delta ?? ''));
    expect([text, end.response, end.done]).toEqual(['Hello', 'Hello', true]);
    expect((await client.getHealth()).status).toBe('healthy');
    expect((await client.getModels()).models).toContain('qwen-plus');
  });

  it('approves what was asked, and reads on', async () => {
    const change = fakeTool({ name: 'change', effect: 'write' });
    const client = new KubectlAIClient(base, { fetch: fetchOf(scene({ turns: [write, { text: 'Done.' }], tools: [change] })) });
    let cursor: Parameters<typeof client.resumeStream>[1] = null;
    const question = await client.streamChat('scale', (_, after) => (cursor = after ?? null), 's1');
    expect(question.approval?.command).toBe('change web to 3');
    expect(await client.approve(question.approval?.id ?? '')).toMatchObject({ status: 'accepted', run_id: 's1.1' });
    expect((await client.resumeStream('s1.1', cursor, () => {})).response).toBe('Done.');
    expect(change.ran).toEqual(['web to 3']);
    expect(await client.getRun('s1.1')).toMatchObject({ done: true, response: 'Done.' });
  });

  it('approves while the stream is open, and the stream goes on', async () => {
    const change = fakeTool({ name: 'change', effect: 'write' });
    const client = createClient(base, {
      fetch: fetchOf(scene({ turns: [write, { text: 'Done.' }], tools: [change], approvalWaitMs: 10_000 })),
    });
    let response: string | undefined;
    for await (const { event } of client.stream('scale', { sessionId: 's1' })) {
      if (event.approval !== undefined) await client.approve(event.approval.id);
      response = event.response;
    }
    expect([response, change.ran]).toEqual(['Done.', ['web to 3']]);
  });

  it('ends at once where the end was seen before', async () => {
    const client = createClient(base, { fetch: fetchOf(scene({ turns: [{ text: 'Hello' }] })) });
    let cursor: Parameters<typeof client.resume>[1] = {};
    for await (const { cursor: after } of client.stream('x', { sessionId: 's1' })) cursor = after === undefined ? {} : { cursor: after };
    let events = 0;
    for await (const _ of client.resume('s1.1', cursor)) events += 1;
    expect(events).toBe(0);
  });

  it('follows a session over its runs, and those that somebody else asks for', async () => {
    const runs: string[] = [];
    const here = scene({ turns: [{ text: 'one' }, { text: 'two' }, { text: 'three' }], parts: { sessionsOf: () => bookOf(runs) } });
    const client = createClient(base, { fetch: fetchOf(here) });
    const ask = async (): Promise<void> => {
      const asking = here.post('/api/v1/chat', { query: 'x', session_id: 's1' });
      runs.push(`s1.${runs.length + 1}`);
      await asking;
    };
    await ask();
    const told: (string | undefined)[] = [];
    for await (const { event } of client.followSession('s1')) {
      if (!event.done) continue;
      told.push(event.response);
      if (told.length === 3) break;
      await ask();
    }
    expect(told).toEqual(['one', 'two', 'three']);
  });

  it('gets errors with their status and code', async () => {
    const client = createClient(base, { fetch: fetchOf(scene()) });
    const error: unknown = await client.getRun('nobody.1').then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(isKubectlAIError(error) && [error.status, error.code]).toEqual([404, 'unknown-run']);
  });

  it('refuses an answer that comes too late or twice', async () => {
    const client = createClient(base, {
      fetch: fetchOf(scene({ turns: [write, { text: 'Done.' }], tools: [fakeTool({ name: 'change', effect: 'write' })] })),
    });
    const { approval } = await client.ask('scale', { sessionId: 's1' });
    await client.deny(approval?.id ?? '', { reason: 'no' });
    await expect(client.approve(approval?.id ?? '')).rejects.toMatchObject({ status: 409, code: 'already-answered' });
  });
});
