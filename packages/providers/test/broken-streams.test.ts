import { describe, expect, it } from 'vitest';
import { collect, type ServerTurn } from '../src/testing/index.ts';
import { hello, modelAt, serve, withTools } from './support.ts';

const short = { headersMs: 120, firstContentMs: 120, idleMs: 120, endMs: 120 };
const call = { id: 'a', name: 'kubectl', arguments: { command: 'delete pod web-0' } };

describe('reliability 9: hangs and stalls', () => {
  it('gives up where no headers come', async () => {
    const server = await serve({ script: () => ({ fault: { type: 'hang' } }) });
    await expect(collect(modelAt(server, { timeouts: short }).stream(hello))).rejects.toMatchObject({
      code: 'stalled',
      message: expect.stringContaining('no answer within 120 ms'),
    });
  });

  it('gives up where only comments come', async () => {
    const server = await serve({ script: () => ({ fault: { type: 'stall', after: 0, heartbeatMs: 10 } }) });
    await expect(collect(modelAt(server, { timeouts: short }).stream(hello))).rejects.toMatchObject({
      code: 'stalled',
      message: expect.stringContaining('no first word'),
    });
  });

  it.each([undefined, 10])('keeps and marks the partial text of an answer that stalls (comments each %s ms)', async (heartbeatMs) => {
    const server = await serve({
      script: [
        { text: ['half ', 'an ', 'answer'], fault: { type: 'stall', after: 3, ...(heartbeatMs === undefined ? {} : { heartbeatMs }) } },
      ],
    });
    const { text, finish } = await collect(modelAt(server, { timeouts: short }).stream(hello));
    expect(text).toBe('half an ');
    expect(finish).toMatchObject({
      partial: true,
      reason: 'unknown',
      message: { content: [{ type: 'text', text: 'half an ' }] },
      usage: { estimated: true },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('does not take a slow reader for a stalled model', async () => {
    const server = await serve({ script: [{ text: ['a', 'b', 'c'] }] });
    let text = '';
    for await (const event of modelAt(server, { timeouts: short }).stream(hello)) {
      if (event.type !== 'text-delta') continue;
      text += event.text;
      await new Promise((resolve) => setTimeout(resolve, 300)); // longer than any phase may take
    }
    expect(text).toBe('abc');
  });

  it('waits as long as words keep coming', async () => {
    const server = await serve({ script: [{ text: ['a', 'b', 'c', 'd', 'e', 'f'], delayMs: 50 }] });
    expect((await collect(modelAt(server, { timeouts: short }).stream(hello))).text).toBe('abcdef');
  });
});

describe('reliability 10: the end', () => {
  it('ends at the end marker and closes the socket where the server keeps it open', async () => {
    const server = await serve({ script: [{ text: 'done', fault: { type: 'keep-open' } }] });
    expect((await collect(modelAt(server).stream(hello))).text).toBe('done');
    await expect.poll(() => server.answering()).toBe(0);
  });

  it('ends soon after the finish reason where no end marker comes', async () => {
    const server = await serve({ script: [{ text: 'done', usage: false, fault: { type: 'stall', after: 3 } }] });
    const { text, finish } = await collect(modelAt(server, { timeouts: { endMs: 60 } }).stream(hello));
    expect([text, finish.reason, finish.partial]).toEqual(['done', 'stop', undefined]);
  });

  it('takes an end marker without a finish reason, and a finish reason without an end marker', async () => {
    const server = await serve({
      script: [
        { text: 'one', finishReason: null },
        { text: 'two', fault: { type: 'no-done' } },
      ],
    });
    const model = modelAt(server);
    expect((await collect(model.stream(hello))).finish).toMatchObject({ reason: 'stop', message: { content: [{ text: 'one' }] } });
    expect((await collect(model.stream(hello))).finish).toMatchObject({ reason: 'stop', message: { content: [{ text: 'two' }] } });
  });

  it('uses the connection again for the next request', async () => {
    const server = await serve({ fallback: { text: 'done' } });
    const model = modelAt(server);
    for (let turn = 0; turn < 5; turn++) await collect(model.stream(hello));
    expect(await server.connections()).toBeLessThanOrEqual(2);
  });
});

describe('reliability 11: a reset in the text', () => {
  const broken: ServerTurn = { text: ['half ', 'an ', 'answer'], fault: { type: 'reset', after: 3 } };

  it('says that what came is void, retries once and never doubles the text', async () => {
    const server = await serve({ script: [broken, { text: ['a whole ', 'answer'] }] });
    const { events, text, finish } = await collect(modelAt(server).stream(hello));
    expect(events.filter((event) => event.type === 'retry')).toMatchObject([{ discarded: true, code: 'connection-reset' }]);
    expect(text).toBe('a whole answer');
    expect(finish).toMatchObject({ message: { content: [{ type: 'text', text: 'a whole answer' }] } });
    expect(finish.partial).toBeUndefined();
  });

  it('keeps and marks the partial text when it breaks again', async () => {
    const server = await serve({ script: () => broken });
    const { text, finish } = await collect(modelAt(server).stream(hello));
    expect(server.requests).toHaveLength(2);
    expect(text).toBe('half an ');
    expect(finish).toMatchObject({ partial: true, message: { content: [{ text: 'half an ' }] } });
  });

  it('keeps the first text where the second attempt brings none', async () => {
    const server = await serve({
      script: [
        broken,
        { fault: { type: 'status', status: 500 } },
        { fault: { type: 'status', status: 500 } },
        { fault: { type: 'status', status: 500 } },
        { fault: { type: 'status', status: 500 } },
        { fault: { type: 'status', status: 500 } },
      ],
    });
    const { text, finish } = await collect(modelAt(server).stream(hello));
    expect([text, finish.partial]).toEqual(['half an ', true]);
  });
});

describe('reliability 12: a break inside a tool call', () => {
  it.each(['reset', 'end'] as const)('runs nothing and retries after a %s', async (type) => {
    const server = await serve({ script: [{ toolCalls: [call], fault: { type, after: 'in-call' } }, { toolCalls: [call] }] });
    const { events, finish } = await collect(modelAt(server).stream(withTools));
    expect(events.map((event) => event.type)).toEqual(['retry', 'tool-call', 'finish']);
    expect(finish.reason).toBe('tool-calls');
  });

  it.each(['reset', 'end'] as const)('gives no call at all where each attempt breaks by a %s', async (type) => {
    const server = await serve({ script: () => ({ text: 'I will delete it.', toolCalls: [call], fault: { type, after: 'in-call' } }) });
    const { events, finish } = await collect(modelAt(server).stream(withTools));
    expect(events.filter((event) => event.type === 'tool-call')).toEqual([]);
    expect(finish).toMatchObject({ partial: true, message: { content: [{ type: 'text' }] }, cutCalls: [{ name: 'kubectl' }] });
    expect(server.requests).toHaveLength(2);
  });

  it('fails where there is no text to keep either', async () => {
    const server = await serve({ script: () => ({ toolCalls: [call], fault: { type: 'reset', after: 'in-call' } }) });
    await expect(collect(modelAt(server).stream(withTools))).rejects.toMatchObject({ code: 'connection-reset' });
  });

  it('does not trust a call with an unreadable piece', async () => {
    const server = await serve({ script: [{ toolCalls: [call], fault: { type: 'garbage', after: 3 } }, { toolCalls: [call] }] });
    const { finish } = await collect(modelAt(server).stream(withTools));
    expect(finish.message.content).toMatchObject([{ arguments: '{"command":"delete pod web-0"}' }]);
    expect(server.requests).toHaveLength(2);
  });
});

describe('reliability 13: streams that make no sense', () => {
  it('skips a chunk that is no JSON', async () => {
    const server = await serve({ script: [{ text: ['one ', 'two'], fault: { type: 'garbage', after: 2 } }] });
    expect((await collect(modelAt(server).stream(hello))).text).toBe('one two');
  });

  it.each([
    ['an empty stream', { fault: { type: 'empty' } }],
    ['empty choices', { chunks: [{ choices: [] }, { id: 'x' }] }],
    ['an empty answer', { text: '' }],
    ['blank text', { text: ' \n' }],
    ['reasoning only', { reasoning: 'hm' }],
  ] satisfies [string, ServerTurn][])('asks once more after %s, then says that the model returned nothing', async (_form, turn) => {
    const server = await serve({ script: () => turn });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({
      code: 'empty-answer',
      message: expect.stringContaining('the model returned nothing'),
    });
    expect(server.requests).toHaveLength(2);
  });

  it('goes on after one empty answer', async () => {
    const server = await serve({ script: [{ fault: { type: 'empty' } }, { text: 'done' }] });
    expect((await collect(modelAt(server).stream(hello))).text).toBe('done');
  });

  it('an error object before the text is retried by its kind', async () => {
    const server = await serve({
      script: [{ fault: { type: 'error-object', after: 0, error: { message: 'Overloaded', type: 'overloaded_error' } } }, { text: 'done' }],
    });
    const { events, text } = await collect(modelAt(server).stream(hello));
    expect([events[0], text]).toMatchObject([{ type: 'retry', code: 'overloaded' }, 'done']);
  });

  it('an error object for good is that error', async () => {
    const server = await serve({
      script: () => ({
        text: 'x',
        fault: { type: 'error-object', after: 1, error: { message: 'bad parameter', type: 'invalid_request_error' } },
      }),
    });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('bad parameter'),
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe('reliability 14: finish reasons', () => {
  it('marks text that became too long', async () => {
    const server = await serve({ script: [{ text: 'and so', finishReason: 'length' }] });
    expect((await collect(modelAt(server).stream(hello))).finish).toMatchObject({
      reason: 'length',
      message: { content: [{ text: 'and so' }] },
    });
  });

  it('says so where the thought alone took all the room', async () => {
    const server = await serve({ script: [{ reasoning: 'hm, hm', finishReason: 'length' }] });
    const { text, finish } = await collect(modelAt(server).stream(hello));
    expect([text, finish.reason, finish.message.content]).toEqual(['', 'length', [{ type: 'reasoning', text: 'hm, hm' }]]);
    expect(server.requests).toHaveLength(1);
  });

  it('keeps whole calls and lists the call that was cut', async () => {
    const server = await serve({
      script: [
        {
          toolCalls: [
            { id: 'a', name: 'kubectl', arguments: { command: 'get pods' } },
            { id: 'b', name: 'kubectl', arguments: '{"command":"delete p' },
          ],
          finishReason: 'length',
        },
      ],
    });
    const { events, finish } = await collect(modelAt(server).stream(withTools));
    expect(events.filter((event) => event.type === 'tool-call')).toMatchObject([{ id: 'a' }]);
    expect(finish).toMatchObject({ reason: 'length', cutCalls: [{ name: 'kubectl', arguments: '{"command":"delete p' }] });
    expect(finish.message.content).toHaveLength(1);
  });

  it('keeps the text of a filtered answer and runs none of its calls', async () => {
    const server = await serve({ script: [{ text: 'I ca', toolCalls: [call], finishReason: 'content_filter' }] });
    const { events, finish } = await collect(modelAt(server).stream(withTools));
    expect(events.filter((event) => event.type === 'tool-call')).toEqual([]);
    expect(finish).toMatchObject({ reason: 'content-filter', message: { content: [{ text: 'I ca' }] }, cutCalls: [{ name: 'kubectl' }] });
  });

  it('a refusal of the content filter is an error of its own', async () => {
    const server = await serve({
      script: () => ({
        fault: { type: 'status', status: 400, body: { error: { message: 'Content Exists Risk', type: 'invalid_request_error' } } },
      }),
    });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({ code: 'content-filter' });
  });

  it('keeps the text of an unknown finish', async () => {
    const server = await serve({ script: [{ text: 'so', finishReason: 'moon_phase' }] });
    expect((await collect(modelAt(server).stream(hello))).finish).toMatchObject({
      reason: 'unknown',
      message: { content: [{ text: 'so' }] },
    });
  });

  it('takes calls that finish with "stop" for calls', async () => {
    const server = await serve({ script: [{ toolCalls: [call], finishReason: 'stop' }] });
    expect((await collect(modelAt(server).stream(withTools))).finish.reason).toBe('tool-calls');
  });
});
