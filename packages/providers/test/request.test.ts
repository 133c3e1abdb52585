import { afterEach, describe, expect, it, vi } from 'vitest';
import { listModels, resolveProvider } from '../src/index.ts';
import { collect, startScriptedServer } from '../src/testing/index.ts';
import { hello, modelAt, serve, withTools } from './support.ts';

afterEach(() => vi.unstubAllEnvs());

describe('a request', () => {
  it('has the model, the messages, the tools and asks for usage', async () => {
    const server = await serve({ fallback: { text: 'ok' } });
    await collect(modelAt(server).stream({ ...withTools, toolChoice: 'none', maxOutputTokens: 99, temperature: 0 }));
    expect(server.chats()[0]?.body).toEqual({
      model: 'scripted-model',
      messages: [{ role: 'user', content: 'hello' }],
      stream: true,
      stream_options: { include_usage: true },
      tools: [{ type: 'function', function: withTools.tools?.[0] }],
      tool_choice: 'none',
      max_tokens: 99,
      temperature: 0,
    });
  });

  it('names the limit of the answer as OpenAI does', async () => {
    const server = await serve({ fallback: { text: 'ok' } });
    await collect(modelAt(server, { preset: 'openai', model: 'gpt-5.4-mini' }).stream({ ...hello, maxOutputTokens: 9, temperature: 0 }));
    expect(server.chats()[0]?.body).toMatchObject({ max_completion_tokens: 9 });
    expect(server.chats()[0]?.body).not.toHaveProperty('temperature');
  });

  it('is the same, byte for byte, for the same request', async () => {
    const server = await serve({ fallback: { text: 'ok' } });
    const model = modelAt(server);
    await collect(model.stream(withTools));
    await collect(model.stream(withTools));
    expect(server.chats()[0]?.text).toBe(server.chats()[1]?.text);
  });

  it('takes nothing from the environment: no key, no organisation, no header, no address', async () => {
    const server = await serve({ fallback: { text: 'ok' } });
    const elsewhere = await serve({ fallback: { text: 'no' } });
    vi.stubEnv('OPENAI_API_KEY', 'sk-ambient-0000');
    vi.stubEnv('OPENAI_ORG_ID', 'org-ambient');
    vi.stubEnv('OPENAI_PROJECT_ID', 'proj-ambient');
    vi.stubEnv('OPENAI_BASE_URL', elsewhere.url);
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-ambient: yes');
    await collect(modelAt(server, { apiKey: undefined }).stream(hello));
    const headers = server.chats()[0]?.headers ?? {};
    expect(JSON.stringify(headers)).not.toMatch(/ambient|stainless/);
    expect(headers).not.toHaveProperty('authorization');
    expect(elsewhere.requests).toEqual([]);
  });

  it('sends the headers of the configuration', async () => {
    const server = await serve({ fallback: { text: 'ok' } });
    await collect(modelAt(server, { headers: { 'x-team': 'platform' } }).stream(hello));
    expect(server.chats()[0]?.headers).toMatchObject({ 'x-team': 'platform', authorization: 'Bearer sk-test-0123456789abcdef' });
  });
});

describe('the live list of models', () => {
  it('has names, and windows where the server says them', async () => {
    const server = await serve({ models: ['a', { id: 'b', max_model_len: 4_096 }, { name: 'c', context_length: 8_192 }] });
    const { preset, baseURL } = resolveProvider('vllm', { OPENAI_ENDPOINT: server.url });
    expect(await listModels({ preset, baseURL })).toEqual([
      { id: 'a' },
      { id: 'b', contextWindow: 4_096 },
      { id: 'c', contextWindow: 8_192 },
    ]);
  });

  it('fails with a typed error, and with the very reason of an abort', async () => {
    const server = await startScriptedServer({ models: false });
    const at = { preset: 'deepseek', apiKey: 'k', baseURL: server.url };
    await expect(listModels(at)).rejects.toMatchObject({ message: expect.stringContaining(server.url) });
    const reason = { why: 'enough' };
    await expect(listModels({ ...at, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await server.close();
    await expect(listModels(at)).rejects.toMatchObject({ code: 'connection-refused' });
  });
});
