import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { configure } from './configure.ts';

let model: ScriptedServer;
let place: Place;

const keys = {
  DEEPSEEK_API_KEY: 'sk-deepseek-0123456789',
  DASHSCOPE_API_KEY: 'sk-dashscope-0123456789',
  VOLCES_API_KEY: 'sk-volces-0123456789',
};

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'All is well.' }, strict: true, models: ['another-model'] });
  place = await createPlace({ ...keys, DEEPSEEK_ENDPOINT: model.url, DASHSCOPE_ENDPOINT: model.url, VOLCES_ENDPOINT: model.url });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

/** What arrived at the only vendor that was asked. */
function sent(): { readonly model: unknown; readonly key: string | undefined; readonly prompt: string } {
  const [chat] = model.chats();
  return { model: chat?.body['model'], key: chat?.headers['authorization'], prompt: JSON.stringify(chat?.body['messages']) };
}

describe('Qwen and Doubao', () => {
  it.each([
    ['S15', 'qwen', 'qwen-plus', 'check pod status', 'qwen-plus'],
    ['S16', 'qwen', 'qwen-turbo', 'quick cluster overview', 'qwen-turbo'],
    ['S17', 'qwen', 'qwen2.5-coder-32b', 'generate helm chart', 'qwen2.5-coder-32b-instruct'],
    ['S22', 'doubao', 'doubao-pro-4k', 'analyze logs', 'doubao-pro-4k'],
    ['S23', 'doubao', 'doubao-lite-32k', 'long context analysis', 'doubao-lite-32k'],
    ['S24', 'doubao', 'doubao-pro-vision', 'describe cluster topology', 'doubao-pro-vision'],
  ])('%s: --llm-provider=%s --model=%s', async (_, provider, name, question, asked) => {
    const { code, stdout, stderr } = await place.run([`--llm-provider=${provider}`, `--model=${name}`, question]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'All is well.\n', stderr: '' });
    expect(sent()).toMatchObject({ model: asked, key: `Bearer ${provider === 'qwen' ? keys.DASHSCOPE_API_KEY : keys.VOLCES_API_KEY}` });
    expect(sent().prompt).toContain(question);
  });

  it.each([
    ['S20', 'VOLCES_API_KEY'],
    ['S21', 'DOUBAO_API_KEY'],
  ])('%s: %s alone is the bearer token of Doubao', async (_, name) => {
    const env = { VOLCES_API_KEY: undefined, [name]: 'sk-of-doubao-0123456789' };
    expect(await place.run(['--llm-provider=doubao', 'analyze logs'], { env })).toMatchObject({ code: 0, stdout: 'All is well.\n' });
    expect(sent()).toMatchObject({ model: 'doubao-pro-4k', key: 'Bearer sk-of-doubao-0123456789' });
  });

  it.each([
    ['S11', 'deepseek', ['deepseek-chat', 'deepseek-coder', 'deepseek-reasoner']],
    [
      'S18',
      'qwen',
      ['qwen-plus', 'qwen-turbo', 'qwen-max', 'qwen2.5-72b-instruct', 'qwen2.5-coder-32b-instruct', 'qwen2.5-math-72b-instruct'],
    ],
    ['S25', 'doubao', ['doubao-pro-4k', 'doubao-pro-32k', 'doubao-pro-128k', 'doubao-lite-4k', 'doubao-pro-vision', 'doubao-pro-search']],
  ])('%s: the documented models of %s are in its list, with a key and without', async (_, provider, names) => {
    for (const env of [{}, { DEEPSEEK_API_KEY: undefined, DASHSCOPE_API_KEY: undefined, VOLCES_API_KEY: undefined }]) {
      const { code, stdout } = await place.run([`--llm-provider=${provider}`, '--quiet', 'models'], { env });
      expect(code).toBe(0);
      expect(stdout.split('\n')).toEqual(expect.arrayContaining(names));
    }
  });
});

describe('a model without a provider', () => {
  it.each([
    ['S154', 'qwen-turbo', 'quick query', 'DASHSCOPE_API_KEY'],
    ['S158', 'doubao-lite-4k', 'query', 'VOLCES_API_KEY'],
    ['S159', 'qwen-turbo', 'list pods', 'DASHSCOPE_API_KEY'],
    ['S160', 'deepseek-coder', 'generate deployment yaml', 'DEEPSEEK_API_KEY'],
    ['S161', 'qwen-max', 'analyze cluster performance', 'DASHSCOPE_API_KEY'],
    ['S162', 'doubao-pro-128k', 'analyze large log file', 'VOLCES_API_KEY'],
  ] as const)('%s: --model=%s goes to its vendor', async (_, name, question, key) => {
    const { code } = await place.run([`--model=${name}`, question]);
    expect(code).toBe(0);
    expect(sent()).toMatchObject({ model: name, key: `Bearer ${keys[key]}` });
  });

  it('S156: --llm-provider=ollama --model=gemma3:latest, at OLLAMA_HOST and without a key', async () => {
    const { code } = await place.run(['--llm-provider=ollama', '--model=gemma3:latest', 'query'], {
      env: { OLLAMA_HOST: new URL(model.url).host },
    });
    expect({ code, ...sent() }).toMatchObject({ code: 0, model: 'gemma3:latest' });
    expect(model.chats()[0]?.path).toBe('/v1/chat/completions');
  });

  it('S163: models compares the five models of the guide', async () => {
    const { code, stdout } = await place.run(['models', '--json']);
    expect(code).toBe(0);
    const { guide }: { guide: unknown } = JSON.parse(stdout);
    for (const name of ['qwen-turbo', 'deepseek-chat', 'deepseek-coder', 'qwen-max', 'doubao-pro-128k']) {
      expect(guide).toContainEqual(
        expect.objectContaining({ model: name, speed: expect.any(String), quality: expect.any(String), cost: expect.any(String) }),
      );
    }
  });
});

describe('an endpoint as the positional argument', () => {
  it('S29: the endpoint is where the question of standard input goes, flag after positional', async () => {
    const { host } = new URL(model.url);
    const { code, stdout } = await place.run(['--llm-provider=vllm', `vllm://${host}`, '--model=your-model'], {
      input: 'list the nodes\n',
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'All is well.\n' });
    expect(model.chats()[0]?.path).toBe('/v1/chat/completions');
    expect(sent()).toMatchObject({ model: 'your-model', key: undefined });
    expect(sent().prompt).toContain('list the nodes');
    expect(sent().prompt).not.toContain('vllm://');
  });

  it('S29: a provider of the configuration file is a scheme, too', async () => {
    await configure(place, 'providers:\n  gateway: {base-url: "http://127.0.0.1:9/v1", default-model: m}\n');
    const { code } = await place.run([`gateway://${new URL(model.url).host}`], { input: 'list the nodes\n' });
    expect({ code, model: sent().model }).toEqual({ code: 0, model: 'm' });
  });
});
