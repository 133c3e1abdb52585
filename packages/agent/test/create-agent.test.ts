import { scriptedModel } from '@kw/providers/testing';
import { expect, it } from 'vitest';
import { createAgent } from '../src/index.ts';
import { collectEvents, eventOf, fakeTool, textOfEvents } from '../src/testing/index.ts';

it('ask returns the answer of a model that used a tool', async () => {
  const look = fakeTool();
  const model = scriptedModel([
    { text: 'Let me look.', toolCalls: [{ name: 'look', arguments: { text: 'pods' } }] },
    { text: ['All', ' is ', 'well.'] },
  ]);
  const agent = createAgent({ model, tools: [look] });
  expect(await agent.ask('how are the pods?')).toBe('All is well.');
  expect(look.ran).toEqual(['pods']);
  expect(model.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', content: 'look saw pods', isError: false });
});

it('run gives the events of a run from its start to exactly one end', async () => {
  const model = scriptedModel([{ reasoning: 'hm', text: ['All', ' is ', 'well.'] }]);
  const events = await collectEvents(createAgent({ model, tools: [] }).run('hello'));
  expect(events.map((event) => event.type)).toEqual(expect.arrayContaining(['run-start', 'text-delta', 'turn-end', 'run-end']));
  expect(textOfEvents(events)).toBe('All is well.');
  expect(events.filter((event) => event.type === 'run-end')).toHaveLength(1);
  expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'completed', answer: 'All is well.' });
});

it('a write is not run where nobody can be asked, and the end says how many', async () => {
  const change = fakeTool({ name: 'change', effect: 'write' });
  const model = scriptedModel([{ toolCalls: [{ name: 'change', arguments: { text: 'scale' } }] }, { text: 'I could not.' }]);
  const events = await collectEvents(createAgent({ model, tools: [change] }).run('scale it'));
  expect(change.ran).toEqual([]);
  expect(eventOf(events, 'tool-result').outcome).toBe('denied');
  expect(eventOf(events, 'run-end').unanswered).toBe(1);
});

it('a write runs after the approver said yes, and only with the question asked', async () => {
  const change = fakeTool({ name: 'change', effect: 'write' });
  const asked: string[] = [];
  const model = scriptedModel([{ toolCalls: [{ name: 'change', arguments: { text: 'scale' } }] }, { text: 'Done.' }]);
  const agent = createAgent({ model, tools: [change], approve: (request) => asked.push(request.summary) > 0 });
  expect(await agent.ask('scale it')).toBe('Done.');
  expect(asked).toEqual(['change scale']);
  expect(change.ran).toEqual(['scale']);
});
