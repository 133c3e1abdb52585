import { describe, expect, it } from 'vitest';
import type { JsonValue, Message, ToolCall } from '../src/index.ts';
import { toolCallsOf } from '../src/index.ts';
import { collect, type ServerCall } from '../src/testing/index.ts';
import { modelAt, serve, withTools } from './support.ts';

const pods = { command: 'get pods' };
const nodes = { command: 'get nodes' };

async function callsFrom(
  toolCalls: readonly ServerCall[],
  messages: readonly Message[] = withTools.messages,
): Promise<readonly ToolCall[]> {
  const server = await serve({ script: [{ toolCalls }] });
  const { events, finish } = await collect(modelAt(server).stream({ ...withTools, messages }));
  const calls = events.filter((event) => event.type === 'tool-call');
  expect(toolCallsOf(finish.message)).toEqual(calls);
  return calls;
}

async function callsFromChunks(fragments: readonly JsonValue[]): Promise<readonly ToolCall[]> {
  const chunks = fragments.map((fragment) => ({ choices: [{ index: 0, delta: { tool_calls: [fragment] } }] }));
  const server = await serve({ script: [{ chunks: [...chunks, { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }] }] });
  return toolCallsOf((await collect(modelAt(server).stream(withTools))).finish.message);
}

const answers = (calls: readonly ToolCall[]): readonly string[] => calls.map((call) => call.arguments);

describe('reliability 19: ids and indexes', () => {
  it('gives own ids where none came', async () => {
    const calls = await callsFrom([
      { id: null, name: 'kubectl', arguments: pods },
      { id: '', name: 'kubectl', arguments: nodes },
    ]);
    expect(answers(calls)).toEqual(['{"command":"get pods"}', '{"command":"get nodes"}']);
    expect(new Set(calls.map((call) => call.id)).size).toBe(2);
    for (const call of calls) expect(call.id).toMatch(/^call_[a-z0-9]{24}$/);
  });

  it('gives the second of two equal ids one of its own', async () => {
    const calls = await callsFrom([
      { id: 'same', name: 'kubectl', arguments: pods },
      { id: 'same', name: 'kubectl', arguments: nodes },
    ]);
    expect(answers(calls)).toEqual(['{"command":"get pods"}', '{"command":"get nodes"}']);
    expect(calls.map((call) => call.id === 'same')).toEqual([true, false]);
  });

  it('gives an id that the history has already one of its own', async () => {
    const call: ToolCall = { type: 'tool-call', id: 'call_0', name: 'kubectl', arguments: '{}' };
    const calls = await callsFrom(
      [{ id: 'call_0', name: 'kubectl', arguments: pods }],
      [
        ...withTools.messages,
        { role: 'assistant', content: [call] },
        { role: 'tool', callId: 'call_0', name: 'kubectl', content: 'ok', isError: false },
      ],
    );
    expect(calls[0]?.id).not.toBe('call_0');
  });

  it.each([
    [
      'equal indexes with ids',
      [
        { index: 0, id: 'a', name: 'kubectl', arguments: pods },
        { index: 0, id: 'b', name: 'kubectl', arguments: nodes },
      ],
    ],
    [
      'equal indexes without ids',
      [
        { index: 0, id: null, name: 'kubectl', arguments: pods },
        { index: 0, id: null, name: 'kubectl', arguments: nodes },
      ],
    ],
    [
      'no index',
      [
        { index: null, id: 'a', name: 'kubectl', arguments: pods },
        { index: null, id: 'b', name: 'kubectl', arguments: nodes },
      ],
    ],
    [
      'neither index nor id',
      [
        { index: null, id: null, name: 'kubectl', arguments: pods },
        { index: null, id: null, name: 'kubectl', arguments: nodes },
      ],
    ],
    [
      'indexes with holes',
      [
        { index: 3, id: 'a', name: 'kubectl', arguments: pods },
        { index: 7, id: 'b', name: 'kubectl', arguments: nodes },
      ],
    ],
  ] satisfies [string, ServerCall[]][])('tells two calls apart with %s', async (_form, toolCalls) => {
    expect(answers(await callsFrom(toolCalls))).toEqual(['{"command":"get pods"}', '{"command":"get nodes"}']);
  });

  it('puts interleaved fragments together by their index', async () => {
    const calls = await callsFromChunks([
      { index: 0, id: 'a', function: { name: 'kubectl', arguments: '{"command":' } },
      { index: 1, id: 'b', function: { name: 'kubectl', arguments: '{"command":' } },
      { index: 0, function: { arguments: '"get pods"}' } },
      { index: 1, function: { arguments: '"get nodes"}' } },
    ]);
    expect(answers(calls)).toEqual(['{"command":"get pods"}', '{"command":"get nodes"}']);
  });

  it('puts interleaved fragments without index together by their id', async () => {
    const calls = await callsFromChunks([
      { id: 'a', function: { name: 'kubectl', arguments: '{"command":' } },
      { id: 'b', function: { name: 'kubectl', arguments: '{"command":' } },
      { id: 'a', function: { arguments: '"get pods"}' } },
      { id: 'b', function: { arguments: '"get nodes"}' } },
    ]);
    expect(answers(calls)).toEqual(['{"command":"get pods"}', '{"command":"get nodes"}']);
  });

  it('takes a name that is repeated with each fragment, or comes in pieces, once', async () => {
    const repeated = [
      { index: 0, id: 'a', function: { name: 'kubectl', arguments: '{"a"' } },
      { index: 0, id: 'a', function: { name: 'kubectl', arguments: ':1}' } },
    ];
    const pieces = [
      { index: 0, id: 'a', function: { name: 'kube', arguments: '' } },
      { index: 0, function: { name: 'ctl', arguments: '{"a":1}' } },
    ];
    for (const form of [repeated, pieces]) expect(await callsFromChunks(form)).toMatchObject([{ name: 'kubectl', arguments: '{"a":1}' }]);
  });

  it('takes arguments that come as an object', async () => {
    expect(
      answers(await callsFromChunks([{ index: 0, id: 'a', function: { name: 'kubectl', arguments: { command: 'get pods' } } }])),
    ).toEqual(['{"command":"get pods"}']);
  });

  it('takes 200 parallel calls', async () => {
    const calls = await callsFrom(Array.from({ length: 200 }, (_, index) => ({ name: 'kubectl', arguments: { index }, fragments: 2 })));
    expect(answers(calls)).toEqual(Array.from({ length: 200 }, (_, index) => `{"index":${index}}`));
  });
});

describe('reliability 18: arguments', () => {
  it.each(['{"command":', '{"a":1}{"a":1}', '', 'null', '{"command":"a\u0000b"}', '{"command":"a\\u0000b"}'])(
    'passes %j on as it is: what it means is for the executor to say',
    async (text) => {
      expect(answers(await callsFrom([{ id: 'a', name: 'kubectl', arguments: text, fragments: [text] }]))).toEqual([text]);
    },
  );
});
