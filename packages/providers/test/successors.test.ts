import { describe, expect, it } from 'vitest';
import { collect, type ScriptedServer } from '../src/testing/index.ts';
import { hello, modelAt, serve } from './support.ts';

const sentModels = (server: ScriptedServer): unknown[] => server.chats().map((request) => request.body['model']);

describe('a retired name', () => {
  it('is sent as given first, then its successor answers: once said, with its name in the finish', async () => {
    const names = ['deepseek-v4-pro', 'deepseek-flash'];
    const server = await serve({ fallback: { text: 'done' }, models: names, strict: { models: names } });
    const model = modelAt(server, { preset: 'deepseek', model: 'deepseek-chat' });
    const first = await collect(model.stream(hello));
    const second = await collect(model.stream(hello));
    expect(sentModels(server)).toEqual(['deepseek-chat', 'deepseek-flash', 'deepseek-flash']);
    expect(first.events[0]).toMatchObject({
      type: 'retry',
      code: 'model-not-found',
      delayMs: 0,
      discarded: false,
      message: 'DeepSeek retired deepseek-chat on 2026-07-24: going on with deepseek-flash',
    });
    expect([first.finish.modelUsed, second.finish.modelUsed, model.id]).toEqual(['deepseek-flash', 'deepseek-flash', 'deepseek-flash']);
    expect(second.events.filter((event) => event.type === 'retry')).toEqual([]);
    expect(model.limits.contextWindow).toBe(1_000_000);
  });

  it.each([
    ['deepseek-chat', 'disabled'],
    ['deepseek-coder', 'disabled'],
    ['deepseek-reasoner', 'enabled'],
  ])('%s goes on with thinking %s, as it was', async (name, type) => {
    const server = await serve({ fallback: { text: 'done' }, models: ['deepseek-v4-flash'], strict: { models: ['deepseek-v4-flash'] } });
    await collect(modelAt(server, { preset: 'deepseek', model: name }).stream(hello));
    expect(server.chats()[1]?.body).toMatchObject({ model: 'deepseek-v4-flash', thinking: { type } });
    expect(server.chats()[0]?.body).not.toHaveProperty('thinking');
  });

  it("goes on by the vendor's own words where it has no list", async () => {
    const server = await serve({ fallback: { text: 'done' }, models: false, strict: { models: ['deepseek-v4-pro', 'deepseek-v4-flash'] } });
    expect((await collect(modelAt(server, { preset: 'deepseek', model: 'deepseek-chat' }).stream(hello))).finish.modelUsed).toBe(
      'deepseek-v4-flash',
    );
  });

  it('is an error where the vendor has no successor of the table', async () => {
    const server = await serve({ fallback: { text: 'done' }, models: ['deepseek-v9'], strict: { models: ['deepseek-v9'] } });
    await expect(collect(modelAt(server, { preset: 'deepseek', model: 'deepseek-chat' }).stream(hello))).rejects.toMatchObject({
      code: 'model-not-found',
    });
    expect(sentModels(server)).toEqual(['deepseek-chat']);
  });

  it('is switched once: a successor that is refused too is an error', async () => {
    const server = await serve({ models: ['deepseek-flash'], strict: { models: [] } });
    await expect(collect(modelAt(server, { preset: 'deepseek', model: 'deepseek-chat' }).stream(hello))).rejects.toMatchObject({
      code: 'model-not-found',
    });
    expect(sentModels(server)).toEqual(['deepseek-chat', 'deepseek-flash']);
  });

  it('of another provider, or a name that never was, is never replaced', async () => {
    const server = await serve({ models: ['deepseek-flash'], strict: { models: ['deepseek-flash'] } });
    for (const options of [{ model: 'deepseek-chat' }, { preset: 'deepseek', model: 'deepseek-chatt' }]) {
      await expect(collect(modelAt(server, options).stream(hello))).rejects.toMatchObject({ code: 'model-not-found' });
    }
    expect(sentModels(server)).toEqual(['deepseek-chat', 'deepseek-chatt']);
  });
});
