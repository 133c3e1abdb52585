import { describe, expect, it } from 'vitest';
import { checkHistory, type ChatRequest, type HistoryRule, type Message, type ToolCall } from '../src/index.ts';
import { encodeHistory } from '../src/encode-history.ts';
import { defaultQuirks } from '../src/quirks.ts';
import { collect } from '../src/testing/index.ts';
import { hello, modelAt, serve, withTools } from './support.ts';

const call = (id: string, text = '{}'): ToolCall => ({ type: 'tool-call', id, name: 'kubectl', arguments: text });
const result = (callId: string): Message => ({ role: 'tool', callId, name: 'kubectl', content: 'ok', isError: false });
const ask = (content: string): Message => ({ role: 'user', content });
const thought = (text: string, ...rest: ToolCall[]): Message => ({
  role: 'assistant',
  content: [{ type: 'reasoning', text: `think ${text}` }, { type: 'text', text }, ...rest],
});

describe('a history that a vendor would refuse', () => {
  it.each([
    ['no message', []],
    ['a call without an answer', [ask('x'), { role: 'assistant', content: [call('a')] }]],
    ['a call that is answered too late', [ask('x'), { role: 'assistant', content: [call('a')] }, ask('y'), result('a')]],
    ['a call that is answered twice', [ask('x'), { role: 'assistant', content: [call('a')] }, result('a'), result('a')]],
    ['an answer to no call', [ask('x'), result('a')]],
    ['an answer to another call', [ask('x'), { role: 'assistant', content: [call('a')] }, result('b')]],
    ['two calls with one id', [ask('x'), { role: 'assistant', content: [call('a'), call('a')] }, result('a')]],
    ['a call without an id', [ask('x'), { role: 'assistant', content: [call('')] }, result('')]],
  ] satisfies [string, Message[]][])('is refused before it is sent: %s', async (_form, messages) => {
    expect(() => checkHistory(messages)).toThrow(expect.objectContaining({ code: 'invalid-history' }));
    const server = await serve({ fallback: { text: 'x' } });
    await expect(collect(modelAt(server).stream({ messages }))).rejects.toMatchObject({ code: 'invalid-history' });
    expect(server.requests).toEqual([]);
  });
});

describe('the history of a vendor', () => {
  const messages: Message[] = [
    { role: 'system', content: 'be brief' },
    ask('one'),
    thought('first', call('a', '{"command":  "get pods"}')),
    result('a'),
    thought('second'),
    ask('two'),
    thought('third', call('b', '{broken')),
    result('b'),
  ];

  it.each([
    ['never', []],
    ['within-turn', ['third']],
    ['always', ['first', 'second', 'third']],
  ] satisfies [HistoryRule, string[]][])('has the reasoning that the rule %s asks for', (reasoning, expected) => {
    const sent = encodeHistory(messages, { ...defaultQuirks, reasoning });
    expect(sent.filter((message) => message['reasoning_content'] !== undefined).map((message) => message['content'])).toEqual(expected);
  });

  it('has the exact bytes of arguments, and {} for those that are no JSON', () => {
    const sent = JSON.stringify(encodeHistory(messages, defaultQuirks));
    expect(sent).toContain(JSON.stringify('{"command":  "get pods"}'));
    expect(sent).not.toContain('broken');
    expect(sent).toContain('"arguments":"{}"');
  });

  it('leaves out an answer that holds nothing but thought', () => {
    expect(
      encodeHistory([ask('x'), { role: 'assistant', content: [{ type: 'reasoning', text: 'hm' }] }, ask('y')], defaultQuirks),
    ).toHaveLength(2);
  });

  it.each([
    ['', 'unnamed'],
    ['kube.ctl', 'kube_ctl'],
    ['取', '_'],
    ['x'.repeat(99), 'x'.repeat(64)],
  ])('has a name that vendors accept where the model made up %j', (name, sent) => {
    const history = encodeHistory([ask('x'), { role: 'assistant', content: [{ ...call('a'), name }] }, result('a')], defaultQuirks);
    expect(history[1]).toMatchObject({ tool_calls: [{ function: { name: sent } }] });
  });
});

describe('reliability 17: families that forbid, ignore or require reasoning and signatures', () => {
  /** Two rounds of tools and one more question, through the model and back. */
  async function converse(model: ReturnType<typeof modelAt>): Promise<void> {
    let request: ChatRequest = withTools;
    for (let round = 0; round < 4; round++) {
      const { finish } = await collect(model.stream(request));
      const results = finish.message.content.flatMap((part) => (part.type === 'tool-call' ? [result(part.id)] : []));
      const more: Message[] = results.length > 0 ? results : [ask('and more?')];
      request = { ...request, messages: [...request.messages, finish.message, ...more] };
    }
  }
  const signature = { extra_content: { google: { thought_signature: 'c2lnbmF0dXJl+/==' } } };
  const script = (): { reasoning: string; text: string; toolCalls?: { name: string; arguments: object; extra: typeof signature }[] }[] => {
    const tools = { reasoning: 'hm', text: 'so', toolCalls: [{ name: 'kubectl', arguments: { command: 'get pods' }, extra: signature }] };
    return [tools, tools, { reasoning: 'hm', text: 'done' }, tools].map((turn) => ({ ...turn }));
  };

  it.each([
    ['deepseek-flash', { reasoning: 'required-always' }],
    ['deepseek-v4-pro', { reasoning: 'required' }],
    ['deepseek-reasoner', { reasoning: 'required' }],
    ['deepseek-r1', { reasoning: 'forbidden' }],
    ['qwen-plus', { reasoning: 'forbidden' }],
    ['gemini-3-flash', { signatures: true }],
    ['unknown-thinker', { reasoning: 'required-always' }],
    ['deepseek-reasoner', { reasoning: 'forbidden' }],
  ] as const)('%s works on a server with %j', async (name, rules) => {
    const server = await serve({ script: JSON.parse(JSON.stringify(script())), strict: rules });
    await converse(modelAt(server, { model: name }));
    expect(server.chats().length).toBeLessThanOrEqual(6);
  });

  it('sends opaque fields back byte for byte', async () => {
    const server = await serve({ script: JSON.parse(JSON.stringify(script())) });
    await converse(modelAt(server, { model: 'gemini-3-flash' }));
    const messages = server.chats()[1]?.body['messages'];
    expect(messages).toContainEqual(expect.objectContaining({ tool_calls: [expect.objectContaining(signature)] }));
  });

  it('gives calls of another model the signature that the vendor documents for them', async () => {
    const server = await serve({ fallback: { text: 'ok' }, strict: { signatures: true } });
    await collect(
      modelAt(server, { model: 'gemini-3-pro' }).stream({ messages: [ask('x'), { role: 'assistant', content: [call('a')] }, result('a')] }),
    );
    expect(server.chats()).toHaveLength(1);
  });

  it('keeps reasoning details of the message through the history', async () => {
    const delta = (fields: object): object => ({ choices: [{ index: 0, delta: fields }] });
    const details = [
      { type: 'reasoning.encrypted', data: 'AAAA' },
      { type: 'reasoning.encrypted', data: 'BBBB' },
    ];
    const chunks = [
      delta({ reasoning: 'hm', reasoning_details: [details[0]] }),
      delta({ reasoning_details: [details[1]] }),
      delta({ content: 'yes' }),
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ];
    const server = await serve({ script: [{ chunks: JSON.parse(JSON.stringify(chunks)) }, { text: 'ok' }] });
    const model = modelAt(server, { quirks: { reasoning: 'always' } });
    const { finish } = await collect(model.stream(hello));
    await collect(model.stream({ messages: [...hello.messages, finish.message, ask('y')] }));
    expect(server.chats()[1]?.body['messages']).toContainEqual({
      role: 'assistant',
      content: 'yes',
      reasoning_content: 'hm',
      reasoning_details: details,
    });
  });

  it('learns from a refusal which fields a server does not know', async () => {
    const server = await serve({
      script: [{ text: 'a', usage: false }, { text: 'b' }],
      strict: { refusedFields: ['stream_options', 'max_tokens', 'temperature'] },
    });
    const refusesTokens = modelAt(server);
    expect((await collect(refusesTokens.stream({ ...hello, temperature: 0 }))).text).toBe('a');
    expect((await collect(refusesTokens.stream({ ...hello, temperature: 0 }))).text).toBe('b');
    expect(server.chats()).toHaveLength(4);
  });
});
