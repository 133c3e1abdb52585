import { type ChatModel, KwError, type Usage } from '@kw/providers';
import { scriptedModel, type ScriptedTurn } from '@kw/providers/testing';
import { describe, expect, it } from 'vitest';
import { type AgentEvent, createAgent, type RunLimits } from '../../src/index.ts';
import { collectEvents, eventOf, fakeTool } from '../../src/testing/index.ts';

const usage: Usage = { inputTokens: 1_000_000, outputTokens: 500_000, cachedInputTokens: 250_000 };

function priced(turns: readonly ScriptedTurn[], price: ChatModel['price'] = { input: 2, output: 4, currency: 'USD' }): ChatModel {
  return { ...scriptedModel(turns), price };
}

function run(model: ChatModel, limits: Partial<RunLimits> = {}): Promise<readonly AgentEvent[]> {
  return collectEvents(createAgent({ model, tools: [fakeTool()], limits }).run('why?'));
}

const looks = (count: number): readonly ScriptedTurn[] =>
  Array.from({ length: count }, (_, at) => ({ toolCalls: [{ name: 'look', arguments: { text: `${at}` } }], usage }));

describe('what a run costs', () => {
  it('is the sum over its requests, and stands with each turn and at the end', async () => {
    const events = await run(priced([...looks(2), { text: 'done', usage }]));
    const turns = events.flatMap((event) => (event.type === 'turn-end' ? [event.cost?.amount] : []));
    expect(turns).toEqual([4, 4, 4]);
    expect(eventOf(events, 'run-end').cost).toEqual({ amount: 12, currency: 'USD' });
  });

  it('is marked where tokens were estimated', async () => {
    const events = await run(priced([...looks(1), { text: 'done', usage: { ...usage, estimated: true } }]));
    expect(eventOf(events, 'run-end').cost).toEqual({ amount: 8, currency: 'USD', estimated: true });
  });

  it('is not told where a price is not known', async () => {
    const { price: _, ...model } = priced([...looks(1), { text: 'done', usage }]);
    expect(eventOf(await run(model), 'run-end').cost).toBeUndefined();
  });

  it('counts void answers, too', async () => {
    const events = await run(
      priced([
        { text: '', usage },
        { text: 'done', usage },
      ]),
    );
    expect(eventOf(events, 'run-end').cost).toEqual({ amount: 8, currency: 'USD' });
  });

  it('is told of a run that fails', async () => {
    const events = await run(priced([...looks(1), { error: new KwError('unauthorized', 'no') }]));
    expect(eventOf(events, 'run-end')).toMatchObject({ outcome: { type: 'failed' }, cost: { amount: 4, currency: 'USD' } });
  });
});

describe('a budget of money', () => {
  it('ends in a last answer without tools', async () => {
    const events = await run(priced([...looks(3), { text: 'the best so far', usage }]), { cost: 10 });
    expect(eventOf(events, 'run-end').outcome).toEqual({ type: 'limit', limit: 'cost', answer: 'the best so far' });
  });

  it('that cannot be held is said once', async () => {
    const events = await run(scriptedModel([...looks(3), { text: 'done', usage }]), { cost: 1 });
    expect(events.filter((event) => event.type === 'notice')).toMatchObject([{ code: 'no-price' }]);
    expect(eventOf(events, 'run-end').outcome.type).toBe('completed');
  });
});

describe('how the window was used', () => {
  it('is told by role at the end, with the share that came from the cache', async () => {
    const { context } = eventOf(await run(priced([...looks(2), { text: 'done', usage }])), 'run-end');
    expect(context).toMatchObject({ window: 128_000, answerReserve: 8_192, cachedShare: 0.25 });
    for (const part of ['system', 'tools', 'history', 'results'] as const) expect(context?.[part]).toBeGreaterThan(0);
  });
});
