import { describe, expect, it } from 'vitest';
import {
  createChatModel,
  deepseek,
  findPreset,
  inferProvider,
  isKwError,
  openai,
  openaiCompatible,
  presets,
  resolveProvider,
  type Variables,
  vllm,
} from '../src/index.ts';
import { collect } from '../src/testing/index.ts';
import { hello, modelAt, serve } from './support.ts';

/** Resolves, asks and gives what the server saw. */
async function askThrough(
  id: string,
  variables: (url: string) => Variables,
  model?: string,
): Promise<{ path: string; authorization: string | undefined; model: unknown }> {
  const server = await serve({ fallback: { text: 'ok' }, models: ['served-model', 'another'] });
  const resolved = resolveProvider(id, variables(server.url), model === undefined ? {} : { model });
  await collect(createChatModel({ ...resolved }).stream(hello));
  const request = server.chats()[0];
  return { path: request?.path ?? '', authorization: request?.headers['authorization'], model: request?.body['model'] };
}

describe('the presets', () => {
  it('S2: DeepSeek comes first', () => {
    expect(presets[0]?.id).toBe('deepseek');
  });

  it('S3: the default model of DeepSeek is deepseek-chat', async () => {
    expect(await askThrough('deepseek', (url) => ({ DEEPSEEK_API_KEY: 'k', DEEPSEEK_ENDPOINT: url }))).toMatchObject({
      model: 'deepseek-chat',
    });
  });

  it('S4: DEEPSEEK_API_KEY is the bearer token', async () => {
    expect(await askThrough('deepseek', (url) => ({ DEEPSEEK_API_KEY: 'k-4', DEEPSEEK_ENDPOINT: url }))).toMatchObject({
      authorization: 'Bearer k-4',
    });
  });

  it('S7: deepseek-reasoner is sent as given, and only its content is the answer', async () => {
    const server = await serve({ script: [{ reasoning: 'let me see', text: 'four' }] });
    const { text, reasoning } = await collect(modelAt(server, { preset: 'deepseek', model: 'deepseek-reasoner' }).stream(hello));
    expect([text, reasoning, server.chats()[0]?.body['model']]).toEqual(['four', 'let me see', 'deepseek-reasoner']);
  });

  it('S11: DeepSeek lists deepseek-chat, deepseek-coder and deepseek-reasoner', () => {
    expect(findPreset('deepseek')?.models).toEqual(['deepseek-chat', 'deepseek-coder', 'deepseek-reasoner']);
  });

  it('S9, S12: qwen is DashScope, under either name', () => {
    for (const id of ['qwen', 'dashscope', 'QWEN'])
      expect(resolveProvider(id, { DASHSCOPE_API_KEY: 'k' }).baseURL).toBe('https://dashscope.aliyuncs.com/compatible-mode/v1');
  });

  it('S13, S14: DASHSCOPE_API_KEY comes before QWEN_API_KEY, and either does', () => {
    expect(resolveProvider('qwen', { DASHSCOPE_API_KEY: 'a', QWEN_API_KEY: 'b' }).apiKey).toBe('a');
    expect(resolveProvider('qwen', { DASHSCOPE_API_KEY: ' ', QWEN_API_KEY: 'b' }).apiKey).toBe('b');
  });

  it('S17: qwen2.5-coder-32b is sent as qwen2.5-coder-32b-instruct', async () => {
    expect(await askThrough('qwen', (url) => ({ QWEN_API_KEY: 'k', DASHSCOPE_ENDPOINT: url }), 'qwen2.5-coder-32b')).toMatchObject({
      model: 'qwen2.5-coder-32b-instruct',
    });
  });

  it('S19 to S23: doubao is Ark, takes either key and any model', async () => {
    expect(resolveProvider('doubao', { VOLCES_API_KEY: 'a' }).baseURL).toBe('https://ark.cn-beijing.volces.com/api/v3');
    expect(await askThrough('volces', (url) => ({ DOUBAO_API_KEY: 'b', VOLCES_ENDPOINT: url }), 'doubao-lite-32k')).toMatchObject({
      model: 'doubao-lite-32k',
      authorization: 'Bearer b',
    });
  });

  it('S26: OPENAI_API_KEY is the bearer token', async () => {
    expect(await askThrough('openai', (url) => ({ OPENAI_API_KEY: 'k-26', OPENAI_ENDPOINT: url }))).toMatchObject({
      authorization: 'Bearer k-26',
    });
  });

  it('S27: OPENAI_ENDPOINT is where the request goes', async () => {
    expect(await askThrough('openai', (url) => ({ OPENAI_API_KEY: 'k', OPENAI_ENDPOINT: url }))).toMatchObject({
      path: '/v1/chat/completions',
    });
  });

  it('S28: OPENAI_API_BASE does the same, and OPENAI_ENDPOINT wins over it', async () => {
    expect(await askThrough('openai', (url) => ({ OPENAI_API_KEY: 'k', OPENAI_API_BASE: `${url}/` }))).toMatchObject({
      path: '/v1/chat/completions',
    });
    expect(resolveProvider('openai', { OPENAI_API_KEY: 'k', OPENAI_API_BASE: 'http://b/v1', OPENAI_ENDPOINT: 'http://a/v1' }).baseURL).toBe(
      'http://a/v1',
    );
  });

  it('S29: vllm://host:port is http://host:port/v1', async () => {
    const server = await serve({ fallback: { text: 'ok' } });
    const resolved = resolveProvider(server.origin.replace('http:', 'vllm:'), {}, { model: 'your-model' });
    await collect(createChatModel({ ...resolved }).stream(hello));
    expect(server.chats()).toMatchObject([{ path: '/v1/chat/completions', body: { model: 'your-model' } }]);
  });

  it('S30: vllm works with OPENAI_ENDPOINT and without a key, and takes the first model that is served', async () => {
    expect(await askThrough('vllm', (url) => ({ OPENAI_ENDPOINT: url }))).toEqual({
      path: '/v1/chat/completions',
      authorization: undefined,
      model: 'served-model',
    });
  });

  it.each(['openai-compatible', 'custom-openai', 'openai-api'])('S31: %s passes any model on', async (id) => {
    expect(await askThrough(id, (url) => ({ OPENAI_ENDPOINT: url }), 'custom-model')).toMatchObject({ model: 'custom-model' });
  });

  it('takes OPENAI_MODEL for the default model of openai', async () => {
    expect(await askThrough('openai', (url) => ({ OPENAI_API_KEY: 'k', OPENAI_ENDPOINT: url, OPENAI_MODEL: 'mine' }))).toMatchObject({
      model: 'mine',
    });
  });

  it.each([
    ['deepseek://127.0.0.1:81', 'http://127.0.0.1:81'],
    ['deepseek://gateway.example', 'https://gateway.example'],
    ['openai://gateway.example/llm/v1/', 'https://gateway.example/llm/v1'],
    ['vllm://10.0.0.7:8000/v1', 'http://10.0.0.7:8000/v1'],
    ['vllm://[::1]:8000', 'http://[::1]:8000/v1'],
  ])('%s is %s', (url, baseURL) => {
    expect(resolveProvider(url, {}, { apiKey: 'k', model: 'm' }).baseURL).toBe(baseURL);
  });
});

describe('what is missing', () => {
  it.each([
    ['deepseek', 'DEEPSEEK_API_KEY'],
    ['openai', 'OPENAI_API_KEY'],
    ['qwen', 'DASHSCOPE_API_KEY or QWEN_API_KEY'],
    ['doubao', 'VOLCES_API_KEY or DOUBAO_API_KEY'],
  ])('S134: a missing key of %s is "API key not found" and names %s', (id, variables) => {
    const wanted = expect.objectContaining({
      code: 'api-key-not-found',
      message: expect.stringContaining(`API key not found: set ${variables}`),
    });
    expect(() => resolveProvider(id, {})).toThrow(wanted);
    expect(() => createChatModel({ preset: id })).toThrow(wanted);
  });

  it('S135: the key in the variable is all that it takes', () => {
    expect(resolveProvider('deepseek', { DEEPSEEK_API_KEY: 'k' })).toMatchObject({
      baseURL: 'https://api.deepseek.com',
      apiKey: 'k',
      model: 'deepseek-chat',
    });
  });

  it('an address that only the user knows is asked for', () => {
    expect(() => resolveProvider('vllm', {})).toThrow(
      expect.objectContaining({ code: 'base-url-not-found', message: expect.stringContaining('OPENAI_ENDPOINT') }),
    );
  });

  it('a model that only the user knows is asked for', () => {
    expect(() => resolveProvider('openai-compatible', { OPENAI_ENDPOINT: 'http://a/v1' })).toThrow(
      expect.objectContaining({ code: 'model-not-set' }),
    );
  });

  it('an unknown provider is an error that names near ones', () => {
    expect(() => resolveProvider('depseek', {})).toThrow(
      expect.objectContaining({ code: 'unknown-provider', message: expect.stringContaining('did you mean deepseek?') }),
    );
    expect(() => resolveProvider('constructor', {})).toThrow(expect.objectContaining({ code: 'unknown-provider' }));
  });

  it('an address that is none, or holds a password, is refused and the password is not shown', () => {
    for (const url of ['nonsense', 'ftp://a/v1', 'http://me:secret@a/v1']) {
      const attempt = (): unknown => resolveProvider('openai', { OPENAI_API_KEY: 'k', OPENAI_ENDPOINT: url });
      expect(attempt).toThrow(expect.objectContaining({ code: 'invalid-base-url', message: expect.not.stringContaining('secret') }));
    }
  });

  it('is an error that its brand tells', () => {
    expect(() => deepseek({ apiKey: undefined })).toThrow(expect.toSatisfy(isKwError));
  });
});

describe('a model without a provider', () => {
  it.each([
    ['qwen-turbo', 'qwen'],
    ['qwen2.5-coder-32b', 'qwen'],
    ['doubao-lite-4k', 'doubao'],
    ['ep-20250504112638-zjqvx', 'doubao'],
    ['deepseek-coder', 'deepseek'],
    ['gpt-5.4-mini', 'openai'],
    ['o3', 'openai'],
    ['your-model', undefined],
  ])('%s belongs to %s', (model, provider) => {
    expect(inferProvider(model)).toBe(provider);
  });
});

describe('the shorthands', () => {
  it('make models of their presets', async () => {
    const server = await serve({ fallback: { text: 'ok' }, models: [{ id: 'served', max_model_len: 4_096 }] });
    const at = { apiKey: 'k', baseURL: server.url };
    const served = vllm(at);
    const models = [deepseek(at), openai(at), openaiCompatible({ ...at, model: 'mine' }), served];
    for (const model of models) await collect(model.stream(hello));
    expect(models.map((model) => [model.provider, model.id])).toEqual([
      ['deepseek', 'deepseek-chat'],
      ['openai', 'gpt-5.4-mini'],
      ['openai-compatible', 'mine'],
      ['vllm', 'served'],
    ]);
    expect(served.limits.contextWindow).toBe(4_096);
  });
});
