import { describe, expect, it } from 'vitest';
import { createChatModel, findPreset, inferProvider, presetsFrom, resolveProvider } from '../src/index.ts';
import { collect } from '../src/testing/index.ts';
import { events, serveBytes } from './byte-server.ts';
import { hello, serve, withTools } from './support.ts';

describe('providers of the configuration', () => {
  it('a new one talks to its address with its key, model, headers and quirks', async () => {
    const server = await serveBytes(events('data: {"choices":[{"index":0,"delta":{"content":"ok"}}]}\n\ndata: [DONE]\n\n'));
    const custom = presetsFrom({
      gateway: {
        'base-url': `${server.origin}/v1?tenant=blue`,
        'api-key-env': 'GATEWAY_KEY',
        models: ['house-model', 'small'],
        headers: { 'X-Team': 'platform' },
        quirks: { 'stream-usage': false, 'tool-choice': false, 'max-tokens-field': 'max_completion_tokens', body: { seed: 7 } },
        prices: { '*': { input: 1, output: 2, 'cached-input': 0.5 }, small: { input: 0.1, output: 0.2, currency: 'CNY' } },
        'context-window': 16_384,
      },
    });
    const resolved = resolveProvider('gateway', { GATEWAY_KEY: 'k-1' }, { presets: custom });
    const model = createChatModel(resolved);
    await collect(model.stream({ ...withTools, maxOutputTokens: 50 }));
    expect(server.seen).toMatchObject([
      {
        target: '/v1/chat/completions?tenant=blue',
        headers: { authorization: 'Bearer k-1', 'x-team': 'platform' },
        body: { model: 'house-model', seed: 7, max_completion_tokens: 50 },
      },
    ]);
    expect(server.seen[0]?.body).not.toHaveProperty('stream_options');
    expect(server.seen[0]?.body).not.toHaveProperty('tool_choice');
    expect(model).toMatchObject({
      provider: 'gateway',
      id: 'house-model',
      limits: { contextWindow: 16_384, maxOutputTokens: 2_048 },
      price: { input: 1, output: 2, cachedInput: 0.5, currency: 'USD' },
    });
    expect(createChatModel({ ...resolved, model: 'small' }).price).toEqual({ input: 0.1, output: 0.2, currency: 'CNY' });
    expect(inferProvider('small', custom)).toBe('gateway');
  });

  it('changes a built-in one and keeps the rest of it', () => {
    const custom = presetsFrom({ deepseek: { baseUrl: 'https://proxy.example/deepseek/', default_model: 'deepseek-flash' } });
    const own = resolveProvider('deepseek', { DEEPSEEK_API_KEY: 'k' }, { presets: custom });
    expect(own).toMatchObject({ baseURL: 'https://proxy.example/deepseek', model: 'deepseek-flash', apiKey: 'k' });
    expect(own.preset).toMatchObject({ title: 'DeepSeek', models: findPreset('deepseek')?.models });
    const fromEnvironment = resolveProvider('deepseek', { DEEPSEEK_API_KEY: 'k', DEEPSEEK_ENDPOINT: 'http://a/v1' }, { presets: custom });
    expect(fromEnvironment.baseURL).toBe('http://a/v1');
  });

  it('takes what another provider is, where it extends it', async () => {
    const [own] = presetsFrom({ 'team-azure': { extends: 'azure', 'base-url': 'https://team.example/openai?api-version=2025-01-01' } });
    expect(own).toMatchObject({ id: 'team-azure', keyHeader: 'api-key', title: 'team-azure', endpointVariables: [], keyRequired: false });
  });

  it('sends no key of another vendor to an address of its own', () => {
    const custom = presetsFrom({ mine: { 'base-url': 'http://10.0.0.1/v1', models: ['m'] } });
    const resolved = resolveProvider('mine', { OPENAI_API_KEY: 'sk-secret', OPENAI_ENDPOINT: 'http://other/v1' }, { presets: custom });
    expect(resolved).toMatchObject({ baseURL: 'http://10.0.0.1/v1', model: 'm' });
    expect(resolved).not.toHaveProperty('apiKey');
  });

  it('names the key of the configuration where its server is not there', async () => {
    const server = await serve({});
    await server.close();
    const custom = presetsFrom({ mine: { 'base-url': server.url, models: ['m'] } });
    await expect(
      collect(
        createChatModel({
          ...resolveProvider('mine', {}, { presets: custom }),
          retry: { connection: { attempts: 1, budgetMs: 0 } },
        }).stream(hello),
      ),
    ).rejects.toMatchObject({ code: 'connection-refused', message: expect.stringContaining('providers.mine.base-url') });
  });

  it('says which variable the missing key of a new one belongs in', () => {
    const custom = presetsFrom({ mine: { 'base-url': 'http://a/v1', 'api-key-env': ['MY_KEY', 'OTHER_KEY'], models: ['m'] } });
    expect(() => resolveProvider('mine', {}, { presets: custom })).toThrow('API key not found: set MY_KEY or OTHER_KEY (provider mine)');
    expect(() => resolveProvider('mine', {}, { presets: custom, language: 'zh' })).toThrow('请设置环境变量 MY_KEY 或 OTHER_KEY');
  });

  it.each([
    [{ a: 1 }, 'providers.a: 1 is not a map'],
    [[], 'providers: a list is not a map'],
    [{ 'a b': {} }, "providers.a b: a provider's name is letters"],
    [{ a: { 'base-ur': 'x' } }, 'providers.a.base-ur: no such key; did you mean base-url?'],
    [{ a: { 'base-url': 'ftp://x' } }, 'providers.a.base-url: "ftp://x" is not an address'],
    [{ a: { 'base-url': 'http://u:secret@x/v1' } }, 'http://***@x/v1'],
    [{ a: { models: ['x', 3] } }, 'providers.a.models[1]: 3 is not a text'],
    [{ a: { 'context-window': '8k' } }, 'providers.a.context-window: "8k" is not a number from 1024'],
    [{ a: { 'api-key-env': 'sk-live-secret' } }, 'providers.a.api-key-env: "***" is not the name of an environment variable'],
    [{ a: { extends: 'nobody' } }, 'providers.a.extends: "nobody" is not a known provider: deepseek'],
    [{ a: { quirks: { reasoning: 'sometimes' } } }, 'providers.a.quirks.reasoning: "sometimes" is not one of never, within-turn, always'],
    [{ a: { quirks: { temprature: false } } }, 'providers.a.quirks.temprature: no such key; did you mean temperature?'],
    [{ a: { prices: { x: { input: 1 } } } }, 'providers.a.prices.x.output: nothing is not a price'],
    [{ a: { prices: { x: { input: 1, output: 2, currency: 'EUR' } } } }, 'providers.a.prices.x.currency: "EUR" is not one of USD, CNY'],
    [{ a: { headers: { 'bad header': 'x' } } }, 'is not the name of a header'],
  ])('%j is refused with the key: %s', (value, message) => {
    expect(() => presetsFrom(value)).toThrow(
      expect.objectContaining({ code: 'bad-configuration', message: expect.stringContaining(message) }),
    );
  });

  it('an absent map is none', () => {
    expect(presetsFrom(undefined)).toEqual([]);
  });
});
