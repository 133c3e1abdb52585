import { describe, expect, it } from 'vitest';
import { loadModelList } from '../src/index.ts';
import { json, serveBytes } from './byte-server.ts';
import { serve } from './support.ts';

describe('the list of models', () => {
  it.each([
    ['S11', 'deepseek', ['deepseek-chat', 'deepseek-coder', 'deepseek-reasoner']],
    [
      'S18',
      'qwen',
      ['qwen-plus', 'qwen-turbo', 'qwen-max', 'qwen2.5-72b-instruct', 'qwen2.5-coder-32b-instruct', 'qwen2.5-math-72b-instruct'],
    ],
    ['S25', 'doubao', ['doubao-pro-4k', 'doubao-pro-32k', 'doubao-pro-128k', 'doubao-lite-4k', 'doubao-pro-vision', 'doubao-pro-search']],
  ])('%s: %s has the documented names, marked where the live list lacks them', async (_row, preset, names) => {
    const server = await serve({ models: ['live-one', names[0] ?? ''] });
    const { models, live, cause } = await loadModelList({ preset, apiKey: 'k', baseURL: server.url });
    expect([live, cause]).toEqual([true, undefined]);
    expect(models.slice(0, 2)).toEqual([{ id: 'live-one' }, { id: names[0] }]);
    expect(models.map(({ id }) => id)).toEqual(expect.arrayContaining(names));
    expect(models.find(({ id }) => id === names[1])).toEqual({ id: names[1], onlyDocumented: true });
  });

  it('is the documented one, with the cause, where the vendor cannot be asked', async () => {
    const server = await serve({ models: ['x'], apiKey: 'right' });
    const refused = await loadModelList({ preset: 'deepseek', apiKey: 'wrong', baseURL: server.url });
    expect(refused).toMatchObject({ live: false, cause: { code: 'authentication-failed' } });
    expect(refused.models.map(({ id }) => id)).toEqual(['deepseek-chat', 'deepseek-coder', 'deepseek-reasoner']);
    await server.close();
    expect(await loadModelList({ preset: 'deepseek', apiKey: 'k', baseURL: server.url })).toMatchObject({
      live: false,
      cause: { code: 'connection-refused' },
    });
    expect(await loadModelList({ preset: 'qwen', language: 'zh' })).toMatchObject({
      live: false,
      cause: { code: 'api-key-not-found', message: expect.stringContaining('DASHSCOPE_API_KEY') },
    });
    expect(await loadModelList({ preset: 'vllm' })).toMatchObject({ models: [], live: false, cause: { code: 'base-url-not-found' } });
  });

  it('is not asked for where the vendor has none', async () => {
    expect(await loadModelList({ preset: 'offline' })).toEqual({ models: [{ id: 'rules' }], live: false });
  });

  it('ends with the very reason of an abort', async () => {
    const server = await serve({});
    const reason = { why: 'enough' };
    await expect(loadModelList({ preset: 'vllm', baseURL: server.url, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('reads the window that llama.cpp was started with, not the one that its model was trained with', async () => {
    const server = await serveBytes(
      json({
        object: 'list',
        data: [{ id: 'm.gguf', object: 'model', owned_by: 'llamacpp', meta: { n_ctx: 2_048, n_ctx_train: 32_768 } }],
      }),
    );
    const { models } = await loadModelList({ preset: 'llamacpp', baseURL: `${server.origin}/v1` });
    expect(models).toEqual([{ id: 'm.gguf', contextWindow: 2_048 }]);
  });

  it('reads the lists of Google and Ark: names of resources, windows, models that were shut down', async () => {
    const server = await serveBytes(
      json({ object: 'list', data: [{ id: 'models/gemini-3.8-flash', object: 'model' }] }),
      json({
        object: 'list',
        data: [
          { id: 'doubao-pro-32k-241215', name: 'doubao-pro-32k', object: 'model', status: 'Shutdown' },
          { id: 'doubao-seed-2-1-lite-260915', object: 'model', token_limits: { context_window: 262_144 } },
        ],
      }),
    );
    const at = { apiKey: 'k', baseURL: `${server.origin}/v1` };
    expect((await loadModelList({ ...at, preset: 'gemini' })).models).toEqual([{ id: 'gemini-3.8-flash' }]);
    const { models } = await loadModelList({ ...at, preset: 'doubao' });
    expect(models[0]).toEqual({ id: 'doubao-seed-2-1-lite-260915', contextWindow: 262_144 });
    expect(models.map(({ id }) => id)).not.toContain('doubao-pro-32k-241215');
  });
});
