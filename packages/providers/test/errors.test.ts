import { describe, expect, it } from 'vitest';
import { collect, startScriptedServer } from '../src/testing/index.ts';
import { hello, modelAt, serve } from './support.ts';

const key = 'sk-live-9f8e7d6c5b4a39281706f5e4';

describe('reliability 4: errors that no retry heals', () => {
  it.each([
    [401, 'authentication-failed'],
    [403, 'authentication-failed'],
    [413, 'payload-too-large'],
    [400, 'bad-request'],
    [422, 'bad-request'],
  ])('HTTP %i is %s after one request; provider, model and address are named', async (status, code) => {
    const server = await serve({ script: () => ({ fault: { type: 'status', status, body: { error: { message: 'no' } } } }) });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`openai-compatible, model scripted-model, ${server.url}`)),
      details: { provider: 'openai-compatible', model: 'scripted-model', url: server.url, status },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('names the variable of the key that was not accepted', async () => {
    const server = await serve({ apiKey: 'another' });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({
      code: 'authentication-failed',
      message: expect.stringContaining('OPENAI_API_KEY'),
    });
  });

  const tail = key.slice(-12);
  it.each([
    ['plain', `Incorrect API key provided: ${key}.`],
    ['in base64', `Authorization ${btoa(`Bearer ${key}`)} refused`],
    ['in base64 behind a user name', `Authorization Basic ${btoa(`me:${key}`)} refused`],
    ['its beginning', `key ${key.slice(0, 14)}... refused`],
    ['its end', `key ...${tail} refused`],
    ['masked by the vendor', `Incorrect API key provided: sk-live-********f5e4.`],
  ])('never shows the key where the server echoes it: %s', async (_form, message) => {
    const server = await serve({ script: [{ fault: { type: 'status', status: 401, body: { error: { message } } } }] });
    const failed: unknown = await collect(modelAt(server, { apiKey: key }).stream(hello)).catch((error: unknown) => error);
    const shown = `${String(failed)} ${JSON.stringify(failed)} ${JSON.stringify(failed instanceof Error ? (failed.cause ?? '') : '')}`;
    for (let at = 0; at + 8 <= key.length; at++) expect(shown).not.toContain(key.slice(at, at + 8));
    for (const form of [btoa(key), btoa(`Bearer ${key}`), btoa(`me:${key}`)]) expect(shown).not.toContain(form.slice(12, -4));
    expect(shown).not.toContain('f5e4');
    expect(failed).toMatchObject({ code: 'authentication-failed', message: expect.stringContaining('***') });
  });

  it.each([
    ['deepseek', 400, { error: { message: 'Model Not Exist', type: 'invalid_request_error', param: null, code: 'invalid_request_error' } }],
    [
      'deepseek',
      400,
      {
        error: {
          message: 'The supported API model names are deepseek-v4-pro or deepseek-flash, but you passed nonsense.',
          type: 'invalid_request_error',
        },
      },
    ],
    [
      'openai',
      404,
      {
        error: {
          message: 'The model `nonsense` does not exist or you do not have access to it.',
          type: 'invalid_request_error',
          param: null,
          code: 'model_not_found',
        },
      },
    ],
    [
      'qwen',
      404,
      {
        error: {
          message: 'The model `nonsense` does not exist or you do not have access to it.',
          type: 'invalid_request_error',
          code: 'model_not_found',
        },
        request_id: 'r1',
      },
    ],
    ['qwen', 400, { error: { code: 'invalid_parameter_error', message: 'Model not exist.', type: 'invalid_request_error' } }],
    [
      'doubao',
      404,
      {
        error: {
          code: 'InvalidEndpointOrModel.NotFound',
          message: 'The model or endpoint nonsense does not exist or you do not have access to it. Request id: 02',
          param: '',
          type: 'NotFound',
        },
      },
    ],
    [
      'doubao',
      404,
      {
        error: {
          code: 'ModelNotOpen',
          message: 'Your account 21 has not activated the model nonsense. Please activate the model service in the Ark Console.',
          param: '',
          type: 'NotFound',
        },
      },
    ],
    [
      'doubao',
      404,
      {
        error: {
          code: 'InvalidEndpoint.NotFound',
          message: 'The request targeted an endpoint that does not exist or is invalid.',
          param: '',
          type: 'NotFound',
        },
      },
    ],
    ['vllm', 404, { object: 'error', message: 'The model `nonsense` does not exist.', type: 'NotFoundError', param: null, code: 404 }],
    ['openai-compatible', 404, ''],
  ])(
    'S142: the unknown model of %s (HTTP %i) is "model not found" in English or Chinese, after one request',
    async (preset, status, body) => {
      const server = await serve({ script: () => ({ fault: { type: 'status', status, body } }), models: false });
      await expect(collect(modelAt(server, { preset, model: 'nonsense' }).stream(hello))).rejects.toMatchObject({
        code: 'model-not-found',
        message: expect.stringMatching(/^model not found: [^\u3400-\u9fff]*"nonsense"[^\u3400-\u9fff]*`models`/),
      });
      expect(server.chats()).toHaveLength(1);
      await expect(collect(modelAt(server, { preset, model: 'nonsense', language: 'zh' }).stream(hello))).rejects.toMatchObject({
        code: 'model-not-found',
        message: expect.stringMatching(/^model not found，模型不存在.*"nonsense".*请用 `models`.*--model 指定/),
      });
    },
  );

  it('names the names that are near to the unknown one, from the live list', async () => {
    const server = await serve({
      script: [{ fault: { type: 'status', status: 404, body: { error: { message: 'no such model' } } } }],
      models: ['llama-3.3-70b', 'qwen3-32b', 'gemma3'],
    });
    await expect(collect(modelAt(server, { model: 'qwen3-23b' }).stream(hello))).rejects.toMatchObject({
      message: expect.stringContaining('Near names: qwen3-32b.'),
    });
  });
});

describe('reliability 5: context length', () => {
  it.each([
    { error: { message: "This model's maximum context length is 4096 tokens.", code: 'context_length_exceeded' } },
    { error: { message: 'Range of input length should be [1, 30720]', code: 'invalid_parameter_error' } },
    { error: { message: 'Total tokens of image and text exceed max message tokens.', code: 'InvalidParameter' } },
    {
      error: {
        message: 'the request exceeds the available context size (4096 tokens), try increasing it',
        type: 'exceed_context_size_error',
        code: 400,
      },
    },
  ])('is an error of its own, after one request: %j', async (body) => {
    const server = await serve({ script: () => ({ fault: { type: 'status', status: 400, body } }) });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({ code: 'context-length-exceeded' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('reliability 6: redirects', () => {
  it('does not follow a redirect to another origin, and sends the key nowhere', async () => {
    const other = await serve({ fallback: { text: 'gotcha' } });
    const server = await serve({ script: () => ({ fault: { type: 'redirect', location: `${other.url}/chat/completions?k=1` } }) });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({
      code: 'redirected',
      message: expect.stringContaining(other.origin),
    });
    expect(other.requests).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it('follows a redirect on the same origin with the same request', async () => {
    const server = await startScriptedServer({
      script: [{ fault: { type: 'redirect', location: '/proxy/chat/completions', status: 308 } }, { text: 'done' }],
    });
    expect((await collect(modelAt(server).stream(hello))).text).toBe('done');
    expect(server.requests.map((request) => request.path)).toEqual(['/v1/chat/completions', '/proxy/chat/completions']);
    expect(server.requests[1]?.text).toBe(server.requests[0]?.text);
    await server.close();
  });

  it('stops a redirect that goes in circles', async () => {
    const server = await serve({ script: () => ({ fault: { type: 'redirect', location: '/v1/chat/completions' } }) });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({ code: 'redirected' });
    expect(server.requests.length).toBeLessThan(6);
  });
});

describe('reliability 7: success that is none', () => {
  it('a web page is "not a model API" and names the variable', async () => {
    const server = await serve({ script: () => ({ fault: { type: 'html' } }) });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({
      code: 'not-an-api',
      message: expect.stringMatching(/OPENAI_ENDPOINT.*Welcome/),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('an error body with status 200 is that error', async () => {
    const server = await serve({ script: () => ({ fault: { type: 'json', body: { error: { message: 'Invalid API key', code: 401 } } } }) });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({ code: 'authentication-failed' });
  });

  it('a whole JSON answer where a stream was asked for is the answer', async () => {
    const server = await serve({
      script: [
        {
          reasoning: 'hm',
          text: 'yes',
          toolCalls: [{ id: 'a', name: 'kubectl', arguments: { command: 'get pods' } }],
          fault: { type: 'json-answer' },
        },
      ],
    });
    const { text, reasoning, finish } = await collect(modelAt(server).stream(hello));
    expect([text, reasoning, finish.reason]).toEqual(['yes', 'hm', 'tool-calls']);
    expect(finish.message.content).toContainEqual({ type: 'tool-call', id: 'a', name: 'kubectl', arguments: '{"command":"get pods"}' });
  });

  it('JSON that is neither answer nor error is "not a model API"', async () => {
    const server = await serve({ script: () => ({ fault: { type: 'json', body: { hello: 'world' } } }) });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({ code: 'not-an-api' });
  });

  it('a path that does not exist is "not a model API"', async () => {
    const server = await serve({ script: () => ({ fault: { type: 'html', status: 404 } }) });
    await expect(collect(modelAt(server).stream(hello))).rejects.toMatchObject({ code: 'not-an-api' });
  });
});
