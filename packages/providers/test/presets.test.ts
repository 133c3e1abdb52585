import { describe, expect, it } from 'vitest';
import {
  createChatModel,
  findPreset,
  inferProvider,
  presets,
  resolveProvider,
  type ResolvedProvider,
  type Variables,
} from '../src/index.ts';
import { collect } from '../src/testing/index.ts';
import { events, json, serveBytes } from './byte-server.ts';
import { hello } from './support.ts';

const answer = events(
  'data: {"choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":null}]}\n\ndata: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
);

describe('the presets of every provider', () => {
  it('have ids and aliases of their own, and are marked as experimental where no real stream was recorded', () => {
    const names = presets.flatMap(({ id, aliases }) => [id, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    expect(presets.filter(({ experimental }) => experimental === true).map(({ id }) => id)).toEqual([
      'ollama',
      'gemini',
      'anthropic',
      'grok',
      'azopenai',
      'bedrock',
      'vertexai',
    ]);
  });

  it.each([
    ['gemini', { GEMINI_API_KEY: 'k' }, 'https://generativelanguage.googleapis.com/v1beta/openai', 'gemini-3.8-flash'],
    ['anthropic', { ANTHROPIC_API_KEY: 'k' }, 'https://api.anthropic.com/v1', 'claude-sonnet-5-5'],
    ['grok', { GROK_API_KEY: 'k' }, 'https://api.x.ai/v1', 'grok-4.7'],
    ['grok', { GROK_API_KEY: 'k', GROK_ENDPOINT: 'https://gateway/v1' }, 'https://gateway/v1', 'grok-4.7'],
    ['ollama', {}, 'http://127.0.0.1:11434/v1', 'm'],
    ['ollama', { OLLAMA_HOST: '10.0.0.7:11434' }, 'http://10.0.0.7:11434/v1', 'm'],
    ['ollama', { OLLAMA_HOST: '10.0.0.7' }, 'http://10.0.0.7:11434/v1', 'm'],
    ['ollama', { OLLAMA_HOST: '0.0.0.0:8888' }, 'http://127.0.0.1:8888/v1', 'm'],
    ['ollama', { OLLAMA_HOST: 'https://ollama.example' }, 'https://ollama.example/v1', 'm'],
    ['ollama', { OLLAMA_HOST: 'http://gateway/ollama/v1/' }, 'http://gateway/ollama/v1', 'm'],
    ['ollama', { OLLAMA_HOST: '[::1]' }, 'http://[::1]:11434/v1', 'm'],
    ['llamacpp', {}, 'http://127.0.0.1:8080/v1', 'm'],
    ['llamacpp', { LLAMACPP_HOST: 'http://gpu:9000' }, 'http://gpu:9000/v1', 'm'],
    [
      'bedrock',
      { AWS_BEARER_TOKEN_BEDROCK: 'k', AWS_REGION: 'us-west-2', BEDROCK_MODEL: 'openai.gpt-oss-120b-1:0' },
      'https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1',
      'openai.gpt-oss-120b-1:0',
    ],
    [
      'vertexai',
      { GOOGLE_ACCESS_TOKEN: 'k', GOOGLE_CLOUD_PROJECT: 'p-1' },
      'https://aiplatform.googleapis.com/v1/projects/p-1/locations/global/endpoints/openapi',
      'm',
    ],
    [
      'vertexai',
      { GOOGLE_ACCESS_TOKEN: 'k', GOOGLE_CLOUD_PROJECT: 'p-1', GOOGLE_CLOUD_LOCATION: 'europe-west4' },
      'https://europe-west4-aiplatform.googleapis.com/v1/projects/p-1/locations/europe-west4/endpoints/openapi',
      'm',
    ],
    [
      'azopenai',
      { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: 'https://res.openai.azure.com/' },
      'https://res.openai.azure.com/openai?api-version=2024-10-21',
      'm',
    ],
    [
      'azopenai',
      { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: 'https://res.openai.azure.com/openai/v1/' },
      'https://res.openai.azure.com/openai/v1',
      'm',
    ],
  ] satisfies [string, Variables, string, string][])('%s with %j is at %s', (id, variables, baseURL, model) => {
    const named = findPreset(id)?.defaultModel === undefined && !('BEDROCK_MODEL' in variables) ? { model: 'm' } : {};
    expect(resolveProvider(id, variables, named)).toMatchObject({ baseURL, model: id === 'llamacpp' ? 'm' : model });
  });

  it.each([
    ['bedrock', { AWS_BEARER_TOKEN_BEDROCK: 'k' }, 'set AWS_REGION or AWS_DEFAULT_REGION'],
    ['bedrock', { AWS_BEARER_TOKEN_BEDROCK: 'k', AWS_REGION: 'us/evil' }, 'AWS_REGION or AWS_DEFAULT_REGION is "us/evil"'],
    ['vertexai', { GOOGLE_ACCESS_TOKEN: 'k' }, 'set GOOGLE_CLOUD_PROJECT'],
    ['azopenai', { AZURE_OPENAI_API_KEY: 'k' }, 'set AZURE_OPENAI_ENDPOINT'],
    ['vertexai', { GOOGLE_CLOUD_PROJECT: 'p' }, '`gcloud auth print-access-token` prints one'],
    ['azopenai', { AZURE_OPENAI_API_KEY: 'k', AZURE_OPENAI_ENDPOINT: 'https://a' }, 'name one with --model or AZURE_OPENAI_DEPLOYMENT'],
  ] satisfies [string, Variables, string][])('%s with %j says what is missing', (id, variables, message) => {
    expect(() => resolveProvider(id, variables)).toThrow(message);
  });

  it.each([
    ['gemini-3.8-flash', 'gemini'],
    ['google/gemini-3.8-flash', 'vertexai'],
    ['claude-sonnet-5-5', 'anthropic'],
    ['grok-4.7', 'grok'],
    ['openai.gpt-oss-20b-1:0', 'bedrock'],
    ['us.anthropic.claude-sonnet-5-v1:0', 'bedrock'],
    ['gpt-6-luna', 'openai'],
    ['gpt-oss-20b', undefined],
  ])('%s belongs to %s', (model, provider) => {
    expect(inferProvider(model)).toBe(provider);
  });

  it.each([
    ['S154', 'qwen-turbo', 'qwen'],
    ['S158', 'doubao-lite-4k', 'doubao'],
    ['S159', 'qwen-turbo', 'qwen'],
    ['S160', 'deepseek-coder', 'deepseek'],
    ['S161', 'qwen-max', 'qwen'],
    ['S162', 'doubao-pro-128k', 'doubao'],
  ])('%s: %s without a provider goes to %s', (_row, model, provider) => {
    expect(inferProvider(model)).toBe(provider);
  });

  it('S156: ollama gets the name with its tag on its /v1, with no more than its own window', async () => {
    const server = await serveBytes(answer);
    const resolved = resolveProvider('ollama', { OLLAMA_HOST: new URL(server.origin).host }, { model: 'gemma3:latest' });
    const model = createChatModel(resolved);
    await collect(model.stream(hello));
    expect(server.seen).toMatchObject([{ target: '/v1/chat/completions', body: { model: 'gemma3:latest' } }]);
    expect(server.seen[0]?.headers['authorization']).toBeUndefined();
    expect(model.limits).toEqual({ contextWindow: 4_096, maxOutputTokens: 1_024 });
    const wider = resolveProvider('ollama', { OLLAMA_CONTEXT_LENGTH: '32768' }, { model: 'gemma3:latest' });
    expect(createChatModel(wider).limits.contextWindow).toBe(32_768);
  });
});

describe('Azure', () => {
  const variables = (origin: string): Variables => ({ AZURE_OPENAI_API_KEY: 'azure-key-1', AZURE_OPENAI_ENDPOINT: origin });

  it('has the deployment in the path, the version in the query and the key in its own header', async () => {
    const server = await serveBytes(answer);
    await collect(createChatModel(resolveProvider('azopenai', variables(server.origin), { model: 'my deployment' })).stream(hello));
    expect(server.seen[0]).toMatchObject({
      target: '/openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21',
      headers: { 'api-key': 'azure-key-1' },
    });
    expect(server.seen[0]?.headers['authorization']).toBeUndefined();
  });

  it('has neither on the undated path', async () => {
    const server = await serveBytes(answer);
    await collect(createChatModel(resolveProvider('azopenai', variables(`${server.origin}/openai/v1`), { model: 'dep' })).stream(hello));
    expect(server.seen[0]).toMatchObject({ target: '/openai/v1/chat/completions', body: { model: 'dep' } });
  });

  it('takes a token of Entra as a bearer', async () => {
    const server = await serveBytes(answer);
    const resolved = resolveProvider(
      'azopenai',
      { AZURE_OPENAI_ENDPOINT: server.origin },
      { model: 'dep', accessToken: () => Promise.resolve('entra-token') },
    );
    await collect(createChatModel(resolved).stream(hello));
    expect(server.seen[0]?.headers).toMatchObject({ authorization: 'Bearer entra-token' });
    expect(server.seen[0]?.headers['api-key']).toBeUndefined();
  });
});

describe('a short-lived token', () => {
  const vertex = (origin: string, accessToken: () => Promise<string>): ResolvedProvider =>
    resolveProvider('vertexai', {}, { model: 'google/gemini-3.8-flash', baseURL: `${origin}/v1`, accessToken });

  it('is asked for once, and once more where the server does not accept it', async () => {
    const refused = json({ error: { message: 'token expired', status: 'UNAUTHENTICATED' } }, 401);
    const server = await serveBytes(answer, answer, refused, answer);
    let asked = 0;
    const model = createChatModel(vertex(server.origin, () => Promise.resolve(`token-${++asked}\n`)));
    for (let turn = 0; turn < 3; turn++) await collect(model.stream(hello));
    expect(server.seen.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('that is refused twice is an error that names the ways to get one, and is not shown', async () => {
    const server = await serveBytes(json({ error: { message: 'bad token-secret-123', code: 401 } }, 401));
    const failed = collect(createChatModel(vertex(server.origin, () => Promise.resolve('token-secret-123'))).stream(hello));
    await expect(failed).rejects.toMatchObject({
      code: 'authentication-failed',
      message: expect.stringMatching(/^(?!.*secret-123).*GOOGLE_ACCESS_TOKEN/),
    });
    expect(server.seen).toHaveLength(2);
  });

  it.each([
    ['a tool that is not there', (): Promise<string> => Promise.reject(new Error('gcloud: not found'))],
    ['an empty one', (): Promise<string> => Promise.resolve(' ')],
  ])('that cannot be had is an error before anything is sent: %s', async (_form, accessToken) => {
    const server = await serveBytes(answer);
    await expect(collect(createChatModel(vertex(server.origin, accessToken)).stream(hello))).rejects.toMatchObject({
      code: 'api-key-not-found',
    });
    expect(server.seen).toEqual([]);
  });

  it('is waited for no longer than the signal lets', async () => {
    const server = await serveBytes(answer);
    const model = createChatModel(vertex(server.origin, () => new Promise(() => {})));
    const reason = { why: 'enough' };
    await expect(collect(model.stream(hello, { signal: AbortSignal.any([AbortSignal.abort(reason)]) }))).rejects.toBe(reason);
    const leaving = new AbortController();
    const pending = collect(model.stream(hello, { signal: leaving.signal }));
    leaving.abort(reason);
    await expect(pending).rejects.toBe(reason);
  });
});
