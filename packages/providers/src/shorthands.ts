import type { ChatModel } from './chat-model.ts';
import { type ChatModelOptions, createChatModel } from './create-chat-model.ts';

/** Everything of {@link ChatModelOptions} but the preset. */
export type ProviderOptions = Omit<ChatModelOptions, 'preset'>;

/** A model of DeepSeek; default `deepseek-chat`. Throws KwError `api-key-not-found`. */
export function deepseek(options: ProviderOptions): ChatModel {
  return createChatModel({ ...options, preset: 'deepseek' });
}

/** A model of OpenAI; default is a current small one. Throws KwError `api-key-not-found`. */
export function openai(options: ProviderOptions): ChatModel {
  return createChatModel({ ...options, preset: 'openai' });
}

/** A model of any server that speaks Chat Completions; `baseURL` and `model` must be given. */
export function openaiCompatible(options: ProviderOptions): ChatModel {
  return createChatModel({ ...options, preset: 'openai-compatible' });
}

/** A model of a vLLM server; default is the first that it lists. `baseURL` must be given. */
export function vllm(options: ProviderOptions): ChatModel {
  return createChatModel({ ...options, preset: 'vllm' });
}
