import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'All is well.' }, strict: true, models: ['local-model'] });
  place = await createPlace();
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

describe('vLLM and OpenAI-compatible services', () => {
  it('models needs no model', async () => {
    expect(await place.run(['models', '--llm-provider=openai-compatible'], { env: { OPENAI_ENDPOINT: model.url } })).toMatchObject({
      code: 0,
      stdout: 'local-model\n',
    });
    const unnamed = await place.run(['model', '--llm-provider=openai-compatible'], { env: { OPENAI_ENDPOINT: model.url } });
    expect(unnamed.code).toBe(2);
    expect(unnamed.stderr).toContain('--model');
  });

  it('S26: OPENAI_API_KEY is the bearer token', async () => {
    const env = { OPENAI_ENDPOINT: model.url, OPENAI_API_KEY: 'sk-openai-0123456789' };
    const { code, stdout } = await place.run(['--llm-provider=openai', '--model=gpt-x', 'test'], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'All is well.\n' });
    expect(model.chats()[0]?.headers['authorization']).toBe('Bearer sk-openai-0123456789');
  });

  it('S27: OPENAI_ENDPOINT is the address, path included', async () => {
    const { code } = await place.run(['--llm-provider=openai-compatible', '--model=custom-model', 'test'], {
      env: { OPENAI_ENDPOINT: model.url, OPENAI_API_KEY: 'sk-openai-0123456789' },
    });
    expect({ code, path: model.chats()[0]?.path, model: model.chats()[0]?.body['model'] }).toEqual({
      code: 0,
      path: '/v1/chat/completions',
      model: 'custom-model',
    });
  });

  it('S28: OPENAI_API_BASE is the address where only it is set', async () => {
    const { code } = await place.run(['--llm-provider=openai', '--model=gpt-x', 'test'], {
      env: { OPENAI_API_BASE: model.url, OPENAI_API_KEY: 'sk-openai-0123456789' },
    });
    expect({ code, path: model.chats()[0]?.path }).toEqual({ code: 0, path: '/v1/chat/completions' });
  });

  it('S30: vllm works with OPENAI_ENDPOINT and without a key', async () => {
    const { code, stdout } = await place.run(['--llm-provider=vllm', '--model=your-model', 'test'], {
      env: { OPENAI_ENDPOINT: model.url },
    });
    expect({ code, stdout, model: model.chats()[0]?.body['model'] }).toEqual({ code: 0, stdout: 'All is well.\n', model: 'your-model' });
  });

  it('S30: vllm without a model takes the first one that the server lists', async () => {
    const { code } = await place.run(['--llm-provider=vllm', 'test'], { env: { OPENAI_ENDPOINT: model.url } });
    expect({ code, model: model.chats()[0]?.body['model'] }).toEqual({ code: 0, model: 'local-model' });
  });
});
