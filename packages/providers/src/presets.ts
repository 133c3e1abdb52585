import type { Quirks } from './quirks.ts';

/** A provider as data: where it is, how it is paid and what it is called. */
export interface Preset {
  readonly id: string;
  /** Other names under which it is known. */
  readonly aliases: readonly string[];
  /** The vendor's name for people. */
  readonly title: string;
  /** The vendor's own base URL; absent where only the user knows it. */
  readonly baseURL?: string;
  /** Path that is added to `id://host`. */
  readonly path: string;
  /** Variables that override the base URL; the first that is set wins. */
  readonly endpointVariables: readonly string[];
  /** Variables that hold the key; the first that is set wins. */
  readonly keyVariables: readonly string[];
  readonly keyRequired: boolean;
  /** Variables that name the default model; they win over `defaultModel`. */
  readonly modelVariables: readonly string[];
  readonly defaultModel?: string;
  /** Where neither a model nor a default is given, the first of the live list is taken. */
  readonly firstListedModel?: boolean;
  /** Models to list where the vendor's live list cannot be had. */
  readonly models: readonly string[];
  /** Short names and what they are sent as. */
  readonly modelAliases: readonly (readonly [alias: string, model: string])[];
  /** Model names that belong to this provider where none is named. */
  readonly modelPattern?: RegExp;
  readonly quirks?: Partial<Quirks>;
}

const openAIVariables = ['OPENAI_ENDPOINT', 'OPENAI_API_BASE'];

/** The providers that are known without configuration; the first is the default. */
export const presets: readonly Preset[] = [
  {
    id: 'deepseek',
    aliases: [],
    title: 'DeepSeek',
    baseURL: 'https://api.deepseek.com',
    path: '',
    endpointVariables: ['DEEPSEEK_ENDPOINT'],
    keyVariables: ['DEEPSEEK_API_KEY'],
    keyRequired: true,
    modelVariables: [],
    defaultModel: 'deepseek-chat',
    models: ['deepseek-chat', 'deepseek-coder', 'deepseek-reasoner'],
    modelAliases: [],
    modelPattern: /^deepseek-/,
  },
  {
    id: 'openai',
    aliases: [],
    title: 'OpenAI',
    baseURL: 'https://api.openai.com/v1',
    path: '/v1',
    endpointVariables: openAIVariables,
    keyVariables: ['OPENAI_API_KEY'],
    keyRequired: true,
    modelVariables: ['OPENAI_MODEL'],
    defaultModel: 'gpt-5.4-mini',
    models: ['gpt-5.4-mini', 'gpt-5.4', 'gpt-5.4-nano'],
    modelAliases: [],
    modelPattern: /^(gpt-|chatgpt-|o[1-9]\b)/,
    quirks: { maxTokensField: 'max_completion_tokens', vendorFields: false },
  },
  {
    id: 'openai-compatible',
    aliases: ['custom-openai', 'openai-api'],
    title: 'OpenAI-compatible server',
    path: '/v1',
    endpointVariables: openAIVariables,
    keyVariables: ['OPENAI_API_KEY'],
    keyRequired: false,
    modelVariables: [],
    models: [],
    modelAliases: [],
  },
  {
    id: 'vllm',
    aliases: [],
    title: 'vLLM',
    path: '/v1',
    endpointVariables: openAIVariables,
    keyVariables: ['OPENAI_API_KEY'],
    keyRequired: false,
    modelVariables: [],
    firstListedModel: true,
    models: [],
    modelAliases: [],
  },
  {
    id: 'qwen',
    aliases: ['dashscope'],
    title: 'Qwen (DashScope)',
    baseURL: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    path: '/compatible-mode/v1',
    endpointVariables: ['DASHSCOPE_ENDPOINT'],
    keyVariables: ['DASHSCOPE_API_KEY', 'QWEN_API_KEY'],
    keyRequired: true,
    modelVariables: [],
    defaultModel: 'qwen-plus',
    models: ['qwen-plus', 'qwen-turbo', 'qwen-max', 'qwen2.5-72b-instruct', 'qwen2.5-coder-32b-instruct', 'qwen2.5-math-72b-instruct'],
    modelAliases: [
      ['qwen2.5-72b', 'qwen2.5-72b-instruct'],
      ['qwen2.5-coder-32b', 'qwen2.5-coder-32b-instruct'],
      ['qwen2.5-math-72b', 'qwen2.5-math-72b-instruct'],
    ],
    modelPattern: /^(qwen|qwq)/,
  },
  {
    id: 'doubao',
    aliases: ['volces'],
    title: 'Doubao (Volcengine Ark)',
    baseURL: 'https://ark.cn-beijing.volces.com/api/v3',
    path: '/api/v3',
    endpointVariables: ['VOLCES_ENDPOINT'],
    keyVariables: ['VOLCES_API_KEY', 'DOUBAO_API_KEY'],
    keyRequired: true,
    modelVariables: [],
    defaultModel: 'doubao-pro-4k',
    models: ['doubao-pro-4k', 'doubao-pro-32k', 'doubao-pro-128k', 'doubao-lite-4k', 'doubao-pro-vision', 'doubao-pro-search'],
    modelAliases: [],
    modelPattern: /^(doubao-|ep-\d)/,
  },
];

/** Finds a preset by its id or one of its aliases, in upper or lower case. */
export function findPreset(id: string, known: readonly Preset[] = presets): Preset | undefined {
  const wanted = id.toLowerCase();
  return known.find((preset) => preset.id === wanted || preset.aliases.includes(wanted));
}

/** The provider whose model names look like this one; undefined where none does. */
export function inferProvider(model: string, known: readonly Preset[] = presets): string | undefined {
  return known.find((preset) => preset.modelPattern?.test(model.toLowerCase()) === true)?.id;
}
