import { isJsonObject, stringOf } from '../parse-json.ts';
import type { RecordedRequest, ScriptedServerOptions, ServerScript } from './scripted-server.ts';
import type { ServerCall, ServerTurn } from './server-turn.ts';

/** A model server that refuses what one kind of vendor refuses. */
export interface StrictServer {
  readonly name: string;
  readonly title: string;
  /** A provider and a model to ask it with. */
  readonly provider: string;
  readonly model: string;
  readonly options: Omit<ScriptedServerOptions, 'script'>;
}

const flash = 'deepseek-v4-flash';

/** The strict model servers; each plays `investigation` to its end only for a client that keeps its rules. */
export const strictServers: readonly StrictServer[] = [
  {
    name: 'reasoning-required',
    title: 'reasoning must come back in tool turns (DeepSeek V4)',
    provider: 'deepseek',
    model: flash,
    options: { models: [flash], strict: { reasoning: 'required', models: [flash] } },
  },
  {
    name: 'reasoning-required-unknown',
    title: 'reasoning must come back, by a model that no table knows',
    provider: 'openai-compatible',
    model: 'house-thinker',
    options: { models: ['house-thinker'], strict: { reasoning: 'required' } },
  },
  {
    name: 'reasoning-forbidden',
    title: 'reasoning must not come back',
    provider: 'openai-compatible',
    model: 'deepseek-reasoner',
    options: { models: ['deepseek-reasoner'], strict: { reasoning: 'forbidden' } },
  },
  {
    name: 'signatures',
    title: 'each call must carry the signature that it came with (Gemini 3)',
    provider: 'openai-compatible',
    model: 'gemini-3-flash',
    options: { models: ['gemini-3-flash'], strict: { signatures: true } },
  },
  {
    name: 'unknown-model-400',
    title: 'a retired model, answered with 400 (DeepSeek)',
    provider: 'deepseek',
    model: 'deepseek-chat',
    options: { models: [flash], strict: { models: [flash] } },
  },
  {
    name: 'unknown-model-404',
    title: 'a retired model, answered with 404',
    provider: 'deepseek',
    model: 'deepseek-chat',
    options: { models: [flash], strict: { models: [flash], unknownModelStatus: 404 } },
  },
  {
    name: 'window-4096',
    title: 'a window of 4,096 tokens, known by the name of the model',
    provider: 'doubao',
    model: 'doubao-pro-4k',
    options: { models: ['doubao-pro-4k'], strict: { contextWindow: 4_096 } },
  },
  {
    name: 'window-4096-unknown',
    title: 'a window of 4,096 tokens that only the refusal tells',
    provider: 'openai-compatible',
    model: 'house-4k',
    options: { models: ['house-4k'], strict: { contextWindow: 4_096 } },
  },
  ...(['vllm', 'ollama', 'llama.cpp', 'router'] as const).map((words) => ({
    name: `no-tools-${words}`,
    title: `no tool calls, in the words of ${words}`,
    provider: 'openai-compatible',
    model: 'house-plain',
    options: { models: ['house-plain'], strict: { noTools: words }, callsAsText: 'tagged' } as const,
  })),
  {
    name: 'window-4096-no-tools',
    title: 'a window of 4,096 tokens and no tool calls',
    provider: 'openai-compatible',
    model: 'house-small',
    options: { models: ['house-small'], strict: { noTools: 'ollama', contextWindow: 4_096 }, callsAsText: 'tagged' },
  },
  {
    name: 'calls-as-text',
    title: 'tool calls come as fenced text',
    provider: 'openai-compatible',
    model: 'qwen2.5-coder-7b',
    options: { models: ['qwen2.5-coder-7b'], strict: true, callsAsText: 'fenced' },
  },
];

/** What the last turn of the investigation says. */
export const investigationAnswer = 'Checkout fails: the image of pod web-7 in namespace shop does not exist. Set an image that exists.';

function kubectl(command: string, step: number): ServerCall {
  return {
    id: `call_${step}`,
    name: 'kubectl',
    arguments: { command: `kubectl ${command}` },
    extra: { extra_content: { google: { thought_signature: `c2lnbmF0dXJl+${step}/==` } } },
  };
}

function look(step: number, ...commands: readonly string[]): ServerTurn {
  return {
    reasoning: [`Step ${step}: `, 'what is there?'],
    toolCalls: commands.map((command, at) => kubectl(command, step * 10 + at)),
  };
}

/** An investigation of four tool turns, one of them with three long outputs, and an answer. It looks into the namespace `shop`. */
export const investigation: readonly ServerTurn[] = [
  look(1, 'get namespaces', 'get pods -n shop -o wide'),
  look(2, 'get pods -n shop -o yaml', 'describe pods -n shop', 'get pods -n shop -o json'),
  look(3, 'describe pod web-7 -n shop'),
  look(4, 'get events -n shop -o json'),
  { reasoning: 'That is clear.', text: investigationAnswer.split(/(?<= )/) },
];

/**
 * Plays the investigation. A request with other instructions than the first one's (a client that sums up what it has) is
 * answered in plain words and takes no turn.
 */
export function playInvestigation(): ServerScript {
  let instructions: string | undefined;
  let step = 0;
  return (request) => {
    const own = instructionsOf(request);
    instructions ??= own;
    if (own !== instructions) return { text: 'The user asks why checkout fails. Pods of the namespace shop were looked at.' };
    return investigation[step++] ?? { text: investigationAnswer };
  };
}

/** The first words of the system's message: more of it may change from request to request. */
function instructionsOf({ body }: RecordedRequest): string {
  const first = Array.isArray(body['messages']) ? body['messages'][0] : undefined;
  return isJsonObject(first) ? stringOf(first['content']).slice(0, 40) : '';
}
