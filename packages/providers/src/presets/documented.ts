import type { Preset } from '../preset.ts';

/** Variables that address an OpenAI-compatible server. */
export const openAIVariables: readonly string[] = ['OPENAI_ENDPOINT', 'OPENAI_API_BASE'];

/** The three vendors of the quickstart; the first is the default. */
export const documentedPresets: readonly Preset[] = [
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
    keepDocumented: true,
    modelAliases: [],
    modelPattern: /^deepseek-/,
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
    keepDocumented: true,
    modelAliases: [
      ['qwen2.5-72b', 'qwen2.5-72b-instruct'],
      ['qwen2.5-coder-32b', 'qwen2.5-coder-32b-instruct'],
      ['qwen2.5-math-72b', 'qwen2.5-math-72b-instruct'],
    ],
    modelPattern: /^(qwen|qwq)/,
    keyHint: {
      en: 'Keys of Model Studio belong to one region: for the international one set DASHSCOPE_ENDPOINT to https://dashscope-intl.aliyuncs.com/compatible-mode/v1.',
      zh: '百炼的密钥只属于一个地域：国际站请把 DASHSCOPE_ENDPOINT 设为 https://dashscope-intl.aliyuncs.com/compatible-mode/v1。',
    },
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
    models: [
      'doubao-pro-4k',
      'doubao-pro-32k',
      'doubao-pro-128k',
      'doubao-lite-4k',
      'doubao-lite-32k',
      'doubao-pro-vision',
      'doubao-pro-search',
    ],
    keepDocumented: true,
    modelAliases: [],
    modelPattern: /^(doubao-|ep-\d)/,
    modelHint: {
      en: 'Activate the model in the Ark console first, or create an inference endpoint there and give its id (ep-...).',
      zh: '请先在火山方舟控制台开通该模型，或在那里创建推理接入点并使用其 ID（ep-...）。',
    },
  },
];
