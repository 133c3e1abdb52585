import { describe, expect, it } from 'vitest';
import { KwError } from '../src/index.ts';
import { collect, scriptedModel } from '../src/testing/index.ts';
import { hello } from './support.ts';

describe('a scripted model', () => {
  it('plays its turns in order and keeps the requests', async () => {
    const model = scriptedModel([
      { reasoning: 'hm', text: ['a', 'b'], toolCalls: [{ name: 'kubectl', arguments: { command: 'get pods' } }] },
      { text: 'done' },
    ]);
    const first = await collect(model.stream(hello));
    expect(first.events.map((event) => event.type)).toEqual(['reasoning-delta', 'text-delta', 'text-delta', 'tool-call', 'finish']);
    expect(first.finish).toMatchObject({
      reason: 'tool-calls',
      message: {
        content: [
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: 'ab' },
          { type: 'tool-call', id: 'call_1', arguments: '{"command":"get pods"}' },
        ],
      },
      usage: { estimated: true },
    });
    const messages = [
      ...hello.messages,
      first.finish.message,
      { role: 'tool', callId: 'call_1', name: 'kubectl', content: 'ok', isError: false } as const,
    ];
    expect((await collect(model.stream({ messages }))).text).toBe('done');
    expect(model.requests.map((request) => request.messages.length)).toEqual([1, 3]);
  });

  it('answers by a function of the request', async () => {
    const model = scriptedModel((request, index) => ({ text: `${index}: ${request.messages.length}` }));
    await collect(model.stream(hello));
    expect((await collect(model.stream(hello))).text).toBe('1: 1');
  });

  it('refuses a history that a vendor would refuse, and a request beyond its script', async () => {
    const model = scriptedModel([{ text: 'x' }]);
    await expect(
      collect(model.stream({ messages: [...hello.messages, { role: 'tool', callId: 'a', name: 'x', content: '', isError: false }] })),
    ).rejects.toMatchObject({ code: 'invalid-history' });
    await collect(model.stream(hello));
    await expect(collect(model.stream(hello))).rejects.toMatchObject({ code: 'script-exhausted' });
  });

  it('throws what it is told to, after its text', async () => {
    const model = scriptedModel([{ text: 'half', error: new KwError('server-error', 'down') }]);
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const event of model.stream(hello)) seen.push(event.type);
    };
    await expect(read()).rejects.toMatchObject({ code: 'server-error' });
    expect(seen).toEqual(['text-delta']);
  });

  it('ends by the reason of its signal', async () => {
    const controller = new AbortController();
    const model = scriptedModel([
      { text: ['a', 'b'], wait: (signal) => new Promise((resolve, reject) => (signal.aborted ? reject(signal.reason) : resolve())) },
    ]);
    const iterator = model.stream(hello, { signal: controller.signal })[Symbol.asyncIterator]();
    await iterator.next();
    controller.abort('enough');
    await expect(iterator.next()).rejects.toBe('enough');
  });
});
