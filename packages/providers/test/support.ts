import { onTestFinished } from 'vitest';
import { type ChatModel, type ChatModelOptions, type ChatRequest, createChatModel } from '../src/index.ts';
import { type ScriptedServer, type ScriptedServerOptions, startScriptedServer } from '../src/testing/index.ts';

export const hello: ChatRequest = { messages: [{ role: 'user', content: 'hello' }] };

export const withTools: ChatRequest = {
  ...hello,
  tools: [{ name: 'kubectl', description: 'runs kubectl', parameters: { type: 'object', properties: { command: { type: 'string' } } } }],
};

/** A server that closes with its test. */
export async function serve(options: ScriptedServerOptions): Promise<ScriptedServer> {
  const server = await startScriptedServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** A model at a server, whose waits between attempts are kept and not waited. */
export function modelAt(
  server: ScriptedServer,
  options: Partial<ChatModelOptions> = {},
): ChatModel & { readonly waits: readonly number[] } {
  const waits: number[] = [];
  let slept = 0;
  const model = createChatModel({
    preset: 'openai-compatible',
    model: 'scripted-model',
    apiKey: 'sk-test-0123456789abcdef',
    baseURL: server.url,
    random: seeded(1),
    clock: { wall: () => Date.parse('2026-11-25T12:00:00Z') + slept, monotonic: () => performance.now() + slept },
    sleep: (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
      slept += ms;
      return Promise.resolve();
    },
    ...options,
  });
  return Object.defineProperty(model, 'waits', { value: waits }) as ChatModel & { readonly waits: readonly number[] }; // the line above adds it
}

/** Numbers in [0, 1) that are the same in each run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
