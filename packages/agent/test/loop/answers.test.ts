import { KwError, type Retry } from '@kw/providers';
import { scriptedModel } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import { createAgent, type AgentEvent, createRedactor, memorySessionStore } from '../../src/index.ts';
import { collectEvents, eventOf, fakeTool, textOfEvents } from '../../src/testing/index.ts';
import { checkLog, entriesOf } from '../support.ts';

const store = memorySessionStore();
let sessions = 0;

async function run(
  model: ReturnType<typeof scriptedModel>,
  options: Partial<Parameters<typeof createAgent>[0]> = {},
  query = 'q',
): Promise<readonly AgentEvent[]> {
  const session = `s${++sessions}`;
  const events = await collectEvents(createAgent({ model, tools: [fakeTool()], store, ...options }).run(query, { session }));
  checkLog(await entriesOf(store, session));
  expect(events.filter((event) => event.type === 'run-end')).toHaveLength(1);
  return events;
}

const look = (text: string, id?: string): { name: string; arguments: { text: string }; id?: string } => ({
  name: 'look',
  arguments: { text },
  ...(id === undefined ? {} : { id }),
});
const retry: Omit<Retry, 'type'> = { attempt: 1, delayMs: 10, code: 'overloaded', message: 'busy', discarded: false };

describe('calls', () => {
  it('200 in one message: at most 8 at once, each once, answered in order', async () => {
    const tool = fakeTool({ output: async (text) => (await new Promise((resolve) => setTimeout(resolve, 5 + (Number(text) % 3))), text) });
    const model = scriptedModel([{ toolCalls: Array.from({ length: 200 }, (_, n) => look(`${n}`)) }, { text: 'done' }]);
    await run(model, { tools: [tool] });
    expect(tool.ran).toHaveLength(200);
    expect(tool.mostAtOnce()).toBe(8);
    expect(model.requests[1]?.messages.slice(-200).map((message) => message.content)).toEqual(
      Array.from({ length: 200 }, (_, n) => `${n}`),
    );
  });

  it('a write waits for the reads before it, and the reads after it for the write', async () => {
    const order: string[] = [];
    const make = (name: string, effect: 'read' | 'write'): ReturnType<typeof fakeTool> =>
      fakeTool({
        name,
        effect,
        output: async (text) => {
          order.push(`+${text}`);
          await new Promise((resolve) => setTimeout(resolve, 5));
          order.push(`-${text}`);
          return text;
        },
      });
    const calls = [look('1'), look('2'), { name: 'change', arguments: { text: 'w' } }, look('3')];
    await run(scriptedModel([{ toolCalls: calls }, { text: 'done' }]), {
      tools: [make('look', 'read'), make('change', 'write')],
      approve: () => true,
    });
    expect(order).toEqual(['+1', '+2', '-1', '-2', '+w', '-w', '+3', '-3']);
  });

  it('of unknown tools and with wrong arguments run nothing and say what there is', async () => {
    const tool = fakeTool();
    const calls = [
      { name: 'constructor', arguments: '{}' },
      { name: '', arguments: '{}' },
      { name: 'look', arguments: '{"text":' },
      { name: 'look', arguments: '\u0000' },
    ];
    const model = scriptedModel([{ toolCalls: calls }, { text: 'done' }]);
    await run(model, { tools: [tool] });
    expect(tool.ran).toEqual([]);
    const results = model.requests[1]?.messages.slice(-4).map((message) => message.content);
    expect(results?.[0]).toBe('not run: there is no tool "constructor"; the tools are: look, read_output');
    expect(results?.[2]).toMatch(/look takes/);
  });

  it('that stay wrong are corrected three times, then one last answer is asked for', async () => {
    const model = scriptedModel((request, index) =>
      request.tools === undefined ? { text: 'sorry' } : { toolCalls: [{ name: 'look', arguments: `{${index}` }] },
    );
    const events = await run(model);
    expect(model.requests).toHaveLength(5);
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'limit', limit: 'corrections', answer: 'sorry' });
  });

  it('whose ids come again get ids of their own', async () => {
    const model = scriptedModel([{ toolCalls: [look('1', 'same'), look('2', '')] }, { toolCalls: [look('3', 'same')] }, { text: 'done' }]);
    const tool = fakeTool();
    await run(model, { tools: [tool] });
    expect(tool.ran).toEqual(['1', '2', '3']);
  });

  it('that the output limit cut do not run, and the model is told', async () => {
    const tool = fakeTool();
    const model = scriptedModel([
      { text: 'I will look', reason: 'length', cutCalls: [{ name: 'look', arguments: '{"te' }] },
      { text: 'done' },
    ]);
    expect(eventOf(await run(model, { tools: [tool] }), 'run-end').outcome).toEqual({ type: 'completed', answer: 'done' });
    expect(tool.ran).toEqual([]);
    expect(model.requests[1]?.messages.at(-1)?.content).toMatch(/call of look was cut/);
  });

  it('written as text are not shown as an answer, not run, and said once', async () => {
    const tool = fakeTool();
    const text = '<tool_call>\n{"name": "look", "arguments": {"text": "a"}}\n</tool_call>';
    const model = scriptedModel([{ text: text.split('') }, { text: 'done' }]);
    const events = await run(model, { tools: [tool] });
    expect(tool.ran).toEqual([]);
    expect(events.some((event) => event.type === 'text-delta' && event.text.includes('tool_call'))).toBe(false);
    expect(eventOf(events, 'message-discarded').code).toBe('call-as-text');
    expect(model.requests[1]?.messages.at(-1)?.content).toMatch(/wrote a call of look as text/);
    expect(textOfEvents(events)).toBe('done');
  });

  it('beside text are run, and the text is kept', async () => {
    const events = await run(scriptedModel([{ text: 'First I look.', toolCalls: [look('a')] }, { text: 'done' }]));
    expect(textOfEvents(events)).toBe('First I look.done');
  });

  it('a tool that fails, throws or ends without a result is a result for the model', async () => {
    const failing = fakeTool({
      name: 'failing',
      output: () => {
        throw new Error('no such pod');
      },
    });
    const code = fakeTool({ name: 'code', end: { isError: true, exitCode: 3, note: 'try again' } });
    const model = scriptedModel([
      {
        toolCalls: [
          { name: 'failing', arguments: { text: 'a' } },
          { name: 'code', arguments: { text: 'b' } },
        ],
      },
      { text: 'done' },
    ]);
    const events = await run(model, { tools: [failing, code] });
    expect(model.requests[1]?.messages.slice(-2)).toMatchObject([
      { content: 'no such pod', isError: true },
      { content: 'code saw b\nexit code 3\ntry again', isError: true },
    ]);
    expect(events.filter((event) => event.type === 'tool-result').map((event) => [event.outcome, event.exitCode])).toEqual([
      ['failed', undefined],
      ['ran', 3],
    ]);
  });
});

describe('answers', () => {
  it('text of a request that was repeated is void', async () => {
    const model = scriptedModel([{ retries: [retry], text: 'Whole.' }]);
    const events = await run(model);
    expect(eventOf(events, 'retry')).toMatchObject({ attempt: 1, code: 'overloaded' });
    const discarding = {
      ...model,
      stream: async function* () {
        yield { type: 'text-delta', text: 'Half of it ' } as const;
        yield { type: 'retry', ...retry, discarded: true } as const;
        yield { type: 'text-delta', text: 'Whole.' } as const;
        yield {
          type: 'finish',
          reason: 'stop',
          message: { role: 'assistant', content: [{ type: 'text', text: 'Whole.' }] },
          usage: { inputTokens: 1, outputTokens: 1 },
        } as const;
      },
    };
    const again = await collectEvents(createAgent({ model: discarding, tools: [], store }).run('q'));
    expect(again.map((event) => event.type)).toContain('message-discarded');
    expect(textOfEvents(again)).toBe('Whole.');
  });

  it('a message that differs from what came in pieces is shown anew', async () => {
    const model = {
      ...scriptedModel([]),
      stream: async function* () {
        yield { type: 'text-delta', text: 'One thing ' } as const;
        yield {
          type: 'finish',
          reason: 'stop',
          message: { role: 'assistant', content: [{ type: 'text', text: 'Another' }] },
          usage: { inputTokens: 1, outputTokens: 1 },
        } as const;
      },
    };
    expect(textOfEvents(await collectEvents(createAgent({ model, tools: [], store }).run('q')))).toBe('Another');
  });

  it('nothing at all is asked for once more, then the run fails and says so', async () => {
    const model = scriptedModel(() => ({}));
    const events = await run(model);
    expect(model.requests).toHaveLength(2);
    expect(eventOf(events, 'run-end').outcome).toMatchObject({ type: 'failed', code: 'empty-answer' });
    expect(eventOf(await run(scriptedModel([{ reasoning: 'only thoughts' }, { text: 'words' }])), 'run-end').outcome).toEqual({
      type: 'completed',
      answer: 'words',
    });
  });

  it('an answer that was filtered away fails, one with text is kept', async () => {
    expect(eventOf(await run(scriptedModel([{ reason: 'content-filter' }])), 'run-end').outcome).toMatchObject({
      type: 'failed',
      code: 'content-filter',
    });
    expect(eventOf(await run(scriptedModel([{ text: 'some', reason: 'content-filter' }])), 'run-end').outcome).toEqual({
      type: 'completed',
      answer: 'some',
    });
  });

  it('an answer that broke off is kept, marked, and no success', async () => {
    const events = await run(scriptedModel([{ text: 'Half', partial: true }]));
    expect(eventOf(events, 'turn-end').partial).toBe(true);
    expect(eventOf(events, 'run-end').outcome).toMatchObject({ type: 'failed', code: 'answer-cut', answer: 'Half' });
  });

  it('a model that fails ends the run with its code; text that came is kept', async () => {
    const events = await run(scriptedModel([{ text: 'Half of it', error: new KwError('connection-reset', 'the line is dead') }]));
    expect(eventOf(events, 'run-end').outcome).toEqual({
      type: 'failed',
      code: 'connection-reset',
      message: 'the line is dead',
      answer: 'Half of it',
    });
    expect(textOfEvents(events)).toBe('Half of it');
    await expect(
      createAgent({ model: scriptedModel([{ error: new KwError('rate-limited', 'slow down') }]), tools: [] }).ask('q'),
    ).rejects.toMatchObject({ code: 'rate-limited' });
  });

  it('a model that fails after a tool ran leaves it run exactly once', async () => {
    const tool = fakeTool();
    await run(scriptedModel([{ toolCalls: [look('a')] }, { error: new KwError('server-error', 'oops') }]), { tools: [tool] });
    expect(tool.ran).toEqual(['a']);
  });

  it('a context that is too long is made shorter once', async () => {
    const long = { error: new KwError('context-length-exceeded', 'too long') };
    const model = scriptedModel([long, { text: 'ok' }]);
    expect(eventOf(await run(model), 'run-end').outcome).toEqual({ type: 'completed', answer: 'ok' });
    const twice = scriptedModel(() => long);
    expect(eventOf(await run(twice), 'run-end').outcome).toMatchObject({ type: 'failed', code: 'context-length-exceeded' });
    expect(twice.requests).toHaveLength(2);
  });

  it('the next run of a session sees what was said, and the prefix stays the same', async () => {
    const model = scriptedModel([{ text: 'one' }, { text: 'two' }]);
    const agent = createAgent({ model, tools: [] });
    await agent.ask('a', { session: 'both' });
    await agent.ask('b', { session: 'both' });
    expect(
      model.requests[1]?.messages
        .slice(1)
        .map((message) => ('content' in message && typeof message.content === 'string' ? message.content : 'one')),
    ).toEqual(['a', 'one', 'b']);
    expect(model.requests[1]?.messages.slice(0, 2)).toEqual(model.requests[0]?.messages);
    expect(model.requests[1]?.tools).toEqual(model.requests[0]?.tools);
  });

  it('opaque vendor data goes back byte for byte, arguments too', async () => {
    const vendor = { signature: 'c2ln+/==', list: [1, { a: null }] };
    const args = '{ "text" : "a" }';
    const model = scriptedModel([
      { reasoning: 'hm', reasoningVendor: vendor, toolCalls: [{ name: 'look', arguments: args, vendor }] },
      { text: 'done' },
    ]);
    await run(model);
    const sent = model.requests[1]?.messages.at(-2);
    expect(sent).toMatchObject({
      role: 'assistant',
      content: [
        { type: 'reasoning', vendor },
        { type: 'tool-call', arguments: args, vendor },
      ],
    });
  });
});

describe('secrets', () => {
  it('reach neither log nor model nor reader, wherever they come from', async () => {
    const secret = 'hunter2-hunter2-hunter2';
    const redactor = createRedactor({ secrets: [secret] });
    const tool = fakeTool({ output: () => `token ${secret}\n` });
    const pieces = ['It is ', 'hunter2-hun', 'ter2-hunter2', ' I think'];
    const model = scriptedModel([
      { reasoning: pieces, text: pieces, toolCalls: [look('a'), { name: secret, arguments: `{"x":"${secret}"}` }] },
      { text: pieces },
    ]);
    const events = await run(model, { redactor, tools: [tool] }, `what is ${secret}?`);
    const session = `s${sessions}`;
    expect(JSON.stringify(await entriesOf(store, session))).not.toContain(secret);
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(JSON.stringify(model.requests)).not.toContain(secret);
    const { outcome } = eventOf(events, 'run-end');
    expect(textOfEvents(events).endsWith(outcome.type === 'completed' ? outcome.answer : 'no')).toBe(true);
  });
});
