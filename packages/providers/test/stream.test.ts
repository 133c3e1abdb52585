import { describe, expect, it } from 'vitest';
import { collect } from '../src/testing/index.ts';
import { hello, modelAt, serve, withTools } from './support.ts';

describe('a streamed answer', () => {
  it('gives text and reasoning as deltas of their own, in order, and one finish with the message and the usage', async () => {
    const server = await serve({ script: [{ reasoning: ['let me ', 'think'], text: ['All ', 'pods ', 'run.'] }] });
    const { events, text, reasoning, finish } = await collect(modelAt(server).stream(hello));
    expect(events.slice(0, -1)).toEqual([
      { type: 'reasoning-delta', text: 'let me ' },
      { type: 'reasoning-delta', text: 'think' },
      { type: 'text-delta', text: 'All ' },
      { type: 'text-delta', text: 'pods ' },
      { type: 'text-delta', text: 'run.' },
    ]);
    expect([text, reasoning]).toEqual(['All pods run.', 'let me think']);
    expect(finish).toEqual({
      type: 'finish',
      reason: 'stop',
      message: {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'let me think' },
          { type: 'text', text: 'All pods run.' },
        ],
      },
      usage: { inputTokens: 11, outputTokens: 7 },
    });
  });

  it('reads reasoning by its other name', async () => {
    const server = await serve({ script: [{ reasoning: 'hm', reasoningField: 'reasoning', text: 'yes' }] });
    expect((await collect(modelAt(server).stream(hello))).reasoning).toBe('hm');
  });

  it.each([
    ['whole', ['<think>\nhm </thin>k\n</think>\n\nThe answer: <think> is a tag.']],
    ['in pieces', '<think>\nhm </thin>k\n</think>\n\nThe answer: <think> is a tag.'.split('')],
  ])('tells thought from answer where a server writes both into the content, %s', async (_form, pieces) => {
    const server = await serve({ script: [{ text: pieces }] });
    const { text, reasoning } = await collect(modelAt(server).stream(hello));
    expect([text, reasoning]).toEqual(['The answer: <think> is a tag.', '\nhm </thin>k\n']);
  });

  it.each([
    ['whole', ['<reasoning>hm </reasoning>', '<reasoning>so</reasoning>', 'The answer', ' <reasoning> is a tag.']],
    ['in pieces', '<reasoning>hm </reasoning><reasoning>so</reasoning>The answer <reasoning> is a tag.'.split('')],
  ])('joins thoughts that come in one tag after another, %s', async (_form, pieces) => {
    const server = await serve({ script: [{ text: pieces }] });
    const { text, reasoning } = await collect(modelAt(server).stream(hello));
    expect([text, reasoning]).toEqual(['The answer <reasoning> is a tag.', 'hm so']);
  });

  it.each(['<thing>', '<', ' \n<thi', '\n x <think>y</think>'])('leaves %j as it is', async (content) => {
    const server = await serve({ script: [{ text: content.split('') }] });
    expect((await collect(modelAt(server).stream(hello))).text).toBe(content);
  });

  it('gives each tool call once, complete, with the exact bytes of its arguments', async () => {
    const bytes = '{ "command" :  "get pods",\t"n":1.0, "u":"\\u00e9é" }';
    const server = await serve({
      script: [
        {
          text: 'Looking.',
          toolCalls: [
            { id: 'a', name: 'kubectl', arguments: bytes, fragments: 7 },
            { id: 'b', name: 'kubectl', arguments: { command: 'get nodes' } },
          ],
        },
      ],
    });
    const { events, finish } = await collect(modelAt(server).stream(withTools));
    const calls = [
      { type: 'tool-call', id: 'a', name: 'kubectl', arguments: bytes },
      { type: 'tool-call', id: 'b', name: 'kubectl', arguments: '{"command":"get nodes"}' },
    ];
    expect(events.filter((event) => event.type === 'tool-call')).toEqual(calls);
    expect(finish.reason).toBe('tool-calls');
    expect(finish.message.content).toEqual([{ type: 'text', text: 'Looking.' }, ...calls]);
  });

  it('estimates the usage where the vendor sends none, and says so', async () => {
    const server = await serve({ script: [{ text: 'yes', usage: false }] });
    const { finish } = await collect(modelAt(server).stream(hello));
    expect(finish.usage).toEqual({ inputTokens: 6, outputTokens: 5, estimated: true });
  });
});
