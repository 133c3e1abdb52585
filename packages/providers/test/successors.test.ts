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

  const gone = {
    error: { code: 'InvalidEndpointOrModel.NotFound', message: 'The model or endpoint x does not exist or you do not have access to it.' },
  };
  const closed = {
    error: {
      code: 'ModelNotOpen',
      message: 'Your account 21 has not activated the model x. Please activate the model service in the Ark Console.',
    },
  };

  it.each([
    [
      'qwen',
      'qwen-turbo',
      ['qwen-plus', 'qwen3.6-flash'],
      'Qwen (DashScope) retired qwen-turbo on 2026-10-10: going on with qwen3.6-flash',
      { enable_thinking: false },
    ],
    [
      'doubao',
      'doubao-pro-4k',
      ['doubao-seed-2-1-pro-260628'],
      'retired doubao-pro-4k on 2025-02-27: going on with doubao-seed-2-1-pro-260628',
      { thinking: { type: 'disabled' } },
    ],
    [
      'doubao',
      'doubao-pro-128k',
      ['doubao-seed-2-1-pro-260628'],
      'retired doubao-pro-128k: going on with doubao-seed-2-1-pro-260628',
      { thinking: { type: 'disabled' } },
    ],
    [
      'doubao',
      'doubao-lite-32k',
      ['doubao-seed-2-1-lite-260915'],
      'retired doubao-lite-32k on 2025-02-27: going on with doubao-seed-2-1-lite-260915',
      { thinking: { type: 'disabled' } },
    ],
  ])('of %s: %s goes on with one of %j that the vendor lists', async (preset, model, models, message, body) => {
    const server = await serve({ script: [{ fault: { type: 'status', status: 404, body: gone } }, { text: 'done' }], models });
    const { events, text } = await collect(modelAt(server, { preset, model }).stream(hello));
    expect(text).toBe('done');
    expect(events[0]).toMatchObject({ message: expect.stringContaining(message) });
    expect(server.chats()[1]?.body).toMatchObject(body);
  });

  it('that the account has only not activated is not replaced, but told how to open', async () => {
    const server = await serve({
      script: () => ({ fault: { type: 'status', status: 404, body: closed } }),
      models: ['doubao-seed-2-1-pro-260628'],
    });
    await expect(collect(modelAt(server, { preset: 'doubao', model: 'doubao-pro-4k' }).stream(hello))).rejects.toMatchObject({
      message: expect.stringMatching(/Near names: doubao-seed-2-1-pro-260628.*Activate the model in the Ark console/),
    });
    expect(server.chats()).toHaveLength(1);
  });

  it('of which the vendor lists no successor is an error that names its family', async () => {
    const server = await serve({
      script: () => ({ fault: { type: 'status', status: 404, body: gone } }),
      models: ['glm-4-7', 'doubao-seed-3-pro-270101', 'doubao-seed-3-lite-270101'],
    });
    await expect(collect(modelAt(server, { preset: 'doubao', model: 'doubao-lite-4k' }).stream(hello))).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining('Near names: doubao-seed-3-lite-270101, doubao-seed-3-pro-270101.'),
    });
  });
});
