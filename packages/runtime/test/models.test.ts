import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Flags } from '../src/config/given.ts';
import type { Models } from '../src/models.ts';
import { createModels } from '../src/models.ts';
import { createPlace } from './support.ts';
import type { Place } from './support.ts';

let server: ScriptedServer;
const places: Place[] = [];
const made: Models[] = [];

beforeEach(async () => {
  server = await startScriptedServer({ fallback: { text: 'All is well.' }, models: ['one', 'two'] });
});

afterEach(async () => {
  for (const models of made.splice(0)) await models.close();
  for (const place of places.splice(0)) await place.remove();
  await server.close();
});

async function models(env: Record<string, string>, flags: Flags = {}, file?: string): Promise<Models> {
  const place = await createPlace(env);
  places.push(place);
  const models = createModels(await place.config(flags, file), place.host);
  made.push(models);
  return models;
}

async function say(models: Models, ref = models.current): Promise<string> {
  let text = '';
  for await (const event of models.lookup(ref).stream({ messages: [{ role: 'user', content: 'hello' }] })) {
    if (event.type === 'text-delta') text += event.text;
  }
  return text;
}

const gateway = (): string => `providers:
  gateway:
    base-url: ${server.url}
    api-key-env: GATEWAY_KEY
    models: [house-large, house-small]
    context-window: 16384
    prices: {house-large: {input: 1, output: 2}}
llm-provider: gateway
`;

describe('createModels', () => {
  it('a provider of the file answers, with its key, its first model, its window and its prices', async () => {
    const own = await models({ GATEWAY_KEY: 'gateway-key-0123' }, {}, gateway());
    expect(own.current).toEqual({ provider: 'gateway', id: 'house-large' });
    expect(await say(own)).toBe('All is well.');
    expect(server.chats()[0]?.headers['authorization']).toBe('Bearer gateway-key-0123');
    const { limits, price } = own.lookup(own.current);
    expect({ window: limits.contextWindow, price: price?.output }).toEqual({ window: 16_384, price: 2 });
    expect(own.secrets).toContain('gateway-key-0123');
  });

  it('names the variable of the file where its key is missing', async () => {
    const own = await models({}, {}, gateway());
    expect(() => own.check()).toThrow('GATEWAY_KEY');
  });

  it('S144: the model of an explicit provider is passed through', async () => {
    const own = await models(
      { DEEPSEEK_ENDPOINT: server.url, DEEPSEEK_API_KEY: 'k' },
      { 'llm-provider': 'deepseek', model: 'deepseek-chat' },
    );
    await say(own);
    expect(server.chats()[0]?.body['model']).toBe('deepseek-chat');
  });

  it('S29: vllm://host is the address; another model of it is found, too', async () => {
    const address = server.url.replace(/^http:/, 'vllm:').replace(/\/v1$/, '');
    const own = await models({}, { 'llm-provider': address, model: 'your-model' });
    await say(own);
    await say(own, { provider: 'vllm', id: 'other' });
    expect(server.chats().map(({ path, body }) => [path, body['model']])).toEqual([
      ['/v1/chat/completions', 'your-model'],
      ['/v1/chat/completions', 'other'],
    ]);
  });

  it('an address given by an alias is kept for the name that is logged', async () => {
    const address = server.url.replace(/^http:/, 'dashscope:');
    const own = await models({ QWEN_API_KEY: 'k' }, { 'llm-provider': address });
    expect(own.current).toEqual({ provider: 'qwen', id: 'qwen-plus' });
    await say(own);
    expect(server.chats()).toHaveLength(1);
  });

  it.each([
    [{ provider: 'deepseek', id: 'deepseek-chat' }, 'qwen-turbo', { provider: 'qwen', id: 'qwen-turbo' }],
    [{ provider: 'deepseek', id: 'deepseek-chat' }, 'new-model', { provider: 'deepseek', id: 'new-model' }],
    [{ provider: 'deepseek', id: 'deepseek-chat' }, 'qwen/qwen-max', { provider: 'qwen', id: 'qwen-max' }],
    [{ provider: 'openai-compatible', id: 'x' }, 'qwen-turbo', { provider: 'openai-compatible', id: 'qwen-turbo' }],
    [{ provider: 'openai-compatible', id: 'x' }, 'qwen/qwen-max', { provider: 'openai-compatible', id: 'qwen/qwen-max' }],
  ])('with %j in use, "%s" means %j', async (inUse, name, meant) => {
    const own = await models({ DEEPSEEK_API_KEY: 'k', QWEN_API_KEY: 'k', OPENAI_ENDPOINT: server.url });
    expect(own.choose(name, inUse)).toEqual(meant);
  });

  it('refuses to choose a model whose key is missing', async () => {
    const own = await models({ DEEPSEEK_API_KEY: 'k' });
    expect(() => own.choose('qwen-turbo')).toThrow('DASHSCOPE_API_KEY');
  });

  it('lists what the server has, or the documented names with the cause', async () => {
    const live = await models({ OPENAI_ENDPOINT: server.url }, { 'llm-provider': 'openai-compatible' });
    expect(await live.loadList()).toMatchObject({ live: true, models: [{ id: 'one' }, { id: 'two' }] });
    expect(await live.list()).toEqual(['one', 'two']);
    const keyless = await models({});
    const listed = await keyless.loadList();
    expect(listed).toMatchObject({ live: false, cause: { code: 'api-key-not-found' } });
    expect(listed.models.map(({ id }) => id)).toContain('deepseek-chat');
    await expect(keyless.list()).rejects.toMatchObject({ code: 'api-key-not-found' });
  });

  it('says where the service is, which variable holds its key and which proxy leads to it', async () => {
    const own = await models({ QWEN_API_KEY: 'k', HTTPS_PROXY: 'http://ann:secret@proxy.example:3128' }, { 'llm-provider': 'qwen' });
    expect(own.endpoint()).toMatchObject({
      baseURL: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
      keyFrom: 'QWEN_API_KEY',
      proxy: { shown: 'http://proxy.example:3128', variable: 'HTTPS_PROXY' },
      verifiesCertificates: true,
    });
  });

  it('warns by name of certificates that are not checked', async () => {
    const own = await models({ QWEN_API_KEY: 'k', LLM_SKIP_VERIFY_SSL: '1' }, { 'llm-provider': 'qwen' });
    expect(own.warnings).toEqual([expect.stringContaining('qwen are not verified (https://dashscope.aliyuncs.com)')]);
    expect((await models({ DEEPSEEK_API_KEY: 'k' })).warnings).toEqual([]);
  });

  it('tools are taught by the prompt with enable-tool-use-shim', async () => {
    const flags = { 'llm-provider': 'openai-compatible', model: 'm', 'enable-tool-use-shim': true } as const;
    const own = await models({ OPENAI_ENDPOINT: server.url }, flags);
    const tools = [{ name: 'kubectl', description: 'runs kubectl', parameters: { type: 'object' } }];
    for await (const event of own.lookup(own.current).stream({ messages: [{ role: 'user', content: 'hello' }], tools })) void event;
    expect(server.chats()[0]?.body['tools']).toBeUndefined();
    expect(JSON.stringify(server.chats()[0]?.body['messages'])).toContain('kubectl');
  });
});
