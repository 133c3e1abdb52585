import { scriptedModel } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import { createAgent, type AgentEvent, memorySessionStore, systemClock } from '../../src/index.ts';
import { collectEvents, eventOf, fakeTool, hang, shiftedClock, textOfEvents } from '../../src/testing/index.ts';
import { checkLog, entriesOf } from '../support.ts';

const look = (text: string): { name: string; arguments: { text: string } } => ({ name: 'look', arguments: { text } });

async function run(
  model: ReturnType<typeof scriptedModel>,
  options: Partial<Parameters<typeof createAgent>[0]> = {},
  query = 'q',
): Promise<readonly AgentEvent[]> {
  const store = memorySessionStore();
  const events = await collectEvents(createAgent({ model, tools: [fakeTool()], store, ...options }).run(query, { session: 's' }));
  checkLog(await entriesOf(store, 's'));
  expect(events.filter((event) => event.type === 'run-end')).toHaveLength(1);
  return events;
}

describe('the limit of iterations', () => {
  it('S155: is the exact number of model requests; the last one has no tools and asks for the answer', async () => {
    const model = scriptedModel((request, index) =>
      request.tools === undefined ? { text: 'the best I know' } : { toolCalls: [look(`${index}`)] },
    );
    const events = await run(model, { limits: { iterations: 5 } });
    expect(model.requests).toHaveLength(5);
    expect(model.requests.map((request) => request.tools !== undefined)).toEqual([true, true, true, true, false]);
    expect(model.requests[4]?.messages.at(-1)).toMatchObject({ role: 'user', origin: 'program' });
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'limit', limit: 'iterations', answer: 'the best I know' });
  });

  it('a model that calls tools even then is not asked again, and its calls do not run', async () => {
    const tool = fakeTool();
    const model = scriptedModel((_, index) => ({ text: `Step ${index}.`, toolCalls: [look(`${index}`)] }));
    const events = await run(model, { limits: { iterations: 3 }, tools: [tool] });
    expect(model.requests).toHaveLength(3);
    expect(tool.ran).toEqual(['0', '1']);
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'limit', limit: 'iterations', answer: 'Step 2.' });
  });

  it('a model that says nothing then gets its findings told, in the language of the question', async () => {
    const model = scriptedModel((_, index) => ({ toolCalls: [look(`${index}`)] }));
    const { outcome } = eventOf(await run(model, { limits: { iterations: 2 } }, '为什么 pod 失败？'), 'run-end');
    expect(outcome).toMatchObject({ type: 'limit', limit: 'iterations' });
    expect(outcome.type === 'limit' && outcome.answer).toMatch(/已停止[\s\S]*look saw 0/);
    expect(model.requests[1]?.messages.at(-1)?.role === 'user' && model.requests[1].messages.at(-1)).toMatchObject({
      content: expect.stringMatching(/不能再调用工具/),
    });
  });

  it('of one asks once, without tools', async () => {
    const model = scriptedModel([{ text: 'ok' }]);
    expect(eventOf(await run(model, { limits: { iterations: 1 } }), 'run-end').outcome).toMatchObject({ type: 'limit', answer: 'ok' });
    expect(model.requests[0]?.tools).toBeUndefined();
  });
});

describe('equal calls', () => {
  it('stop the run after five, with one last answer', async () => {
    const tool = fakeTool();
    const model = scriptedModel((request) => (request.tools === undefined ? { text: 'stuck' } : { toolCalls: [look('same')] }));
    const events = await run(model, { tools: [tool] });
    expect(tool.ran).toHaveLength(5);
    expect(model.requests).toHaveLength(6);
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'limit', limit: 'equal-calls', answer: 'stuck' });
  });

  it('a model that writes a call as text in its last answer is asked once more in plain words', async () => {
    const text = '```json\n{"name": "look", "arguments": {"text": "same"}}\n```';
    const model = scriptedModel((request, index) =>
      request.tools !== undefined ? { toolCalls: [look('same')] } : index === 5 ? { text: text.split('') } : { text: 'in words' },
    );
    const events = await run(model);
    expect(model.requests).toHaveLength(7);
    expect(textOfEvents(events)).toBe('in words');
    expect(
      events
        .filter((event) => event.type === 'text-delta')
        .map((event) => event.text)
        .join(''),
    ).toBe('in words');
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'limit', limit: 'equal-calls', answer: 'in words' });
  });

  it('one that does it again gets its best findings told', async () => {
    const model = scriptedModel((request) =>
      request.tools !== undefined ? { toolCalls: [look('same')] } : { text: '{"name":"look","arguments":{"text":"same"}}' },
    );
    const events = await run(model);
    expect(model.requests).toHaveLength(7);
    const { outcome } = eventOf(events, 'run-end');
    expect(outcome.type === 'limit' && outcome.answer).toMatch(/same call was repeated[\s\S]*look saw same/);
  });

  it('count from the last change on, and once a message', async () => {
    const change = fakeTool({ name: 'change', effect: 'write' });
    const turns = 'llllclll'.split('').map((kind) => ({
      toolCalls: kind === 'c' ? [{ name: 'change', arguments: { text: 'x' } }] : [look('same'), look('same'), look('same')],
    }));
    const model = scriptedModel([...turns, { text: 'fine' }]);
    const events = await run(model, { tools: [fakeTool(), change], approve: () => true });
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'completed', answer: 'fine' });
  });
});

describe('other limits', () => {
  it('tokens: the request after the budget is used up is the last', async () => {
    const model = scriptedModel((request, index) =>
      request.tools === undefined ? { text: 'sum' } : { toolCalls: [look(`${index}`)], usage: { inputTokens: 400, outputTokens: 100 } },
    );
    const events = await run(model, { limits: { tokens: 1_000 } });
    expect(model.requests).toHaveLength(3);
    expect(eventOf(events, 'run-end')).toMatchObject({ outcome: { type: 'limit', limit: 'tokens', answer: 'sum' }, turns: 3 });
  });

  it('seconds: a tool that is under way is stopped, and one last answer is asked for', async () => {
    const tool = fakeTool({ output: async (_, { signal }) => hang(signal) });
    const model = scriptedModel((request) => (request.tools === undefined ? { text: 'late' } : { toolCalls: [look('x')] }));
    const events = await run(model, { limits: { seconds: 0.2 }, tools: [tool] });
    expect(eventOf(events, 'tool-result').outcome).toBe('timeout');
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'limit', limit: 'seconds', answer: 'late' });
  });

  it('seconds: a model that is under way is stopped, and its text is kept', async () => {
    const model = scriptedModel((request) =>
      request.tools === undefined
        ? { text: 'late' }
        : { text: ['Half ', 'x'], wait: (signal) => (model.requests.length > 0 && waits++ > 0 ? hang(signal) : Promise.resolve()) },
    );
    let waits = 0;
    const events = await run(model, { limits: { seconds: 0.2 } });
    expect(textOfEvents(events)).toBe('Half late');
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'limit', limit: 'seconds', answer: 'late' });
  });

  it('seconds do not run while a person is asked', async () => {
    const clock = shiftedClock();
    const change = fakeTool({ name: 'change', effect: 'write' });
    const model = scriptedModel([{ toolCalls: [{ name: 'change', arguments: { text: 'x' } }] }, { text: 'done' }]);
    const approve = async (): Promise<boolean> => {
      clock.advance(120_000);
      await systemClock.sleep(1);
      return true;
    };
    const events = await run(model, { limits: { seconds: 60 }, tools: [change], approve, clock, leaseTtlMs: 1_000_000 });
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'completed', answer: 'done' });
  });
});
