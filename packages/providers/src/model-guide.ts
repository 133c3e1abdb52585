import type { Bilingual } from './language.ts';

/** How a model compares with the others of the guide. */
export interface ModelAdvice {
  readonly provider: string;
  readonly model: string;
  readonly speed: 'fast' | 'medium' | 'slow';
  readonly quality: 'good' | 'high' | 'highest';
  readonly cost: 'low' | 'medium' | 'high';
  /** What it is best for. */
  readonly use: Bilingual;
}

/** Which model for what: advice, not measurements. */
export const modelGuide: readonly ModelAdvice[] = [
  {
    provider: 'qwen',
    model: 'qwen-turbo',
    speed: 'fast',
    quality: 'good',
    cost: 'low',
    use: { en: 'quick questions, lists, overviews', zh: '快速查询、列表、概览' },
  },
  {
    provider: 'deepseek',
    model: 'deepseek-chat',
    speed: 'medium',
    quality: 'high',
    cost: 'low',
    use: { en: 'everyday work and diagnosis', zh: '日常操作与故障诊断' },
  },
  {
    provider: 'deepseek',
    model: 'deepseek-coder',
    speed: 'medium',
    quality: 'high',
    cost: 'low',
    use: { en: 'manifests, charts, scripts', zh: '编写清单、Chart 和脚本' },
  },
  {
    provider: 'deepseek',
    model: 'deepseek-reasoner',
    speed: 'slow',
    quality: 'highest',
    cost: 'low',
    use: { en: 'hard causes across several objects', zh: '跨多个对象的疑难原因分析' },
  },
  {
    provider: 'qwen',
    model: 'qwen-plus',
    speed: 'medium',
    quality: 'high',
    cost: 'low',
    use: { en: 'a balance of speed, quality and cost', zh: '速度、质量与成本均衡' },
  },
  {
    provider: 'qwen',
    model: 'qwen-max',
    speed: 'slow',
    quality: 'highest',
    cost: 'high',
    use: { en: 'complex analysis, several steps', zh: '复杂、多步骤的分析' },
  },
  {
    provider: 'doubao',
    model: 'doubao-lite-4k',
    speed: 'fast',
    quality: 'good',
    cost: 'low',
    use: { en: 'short questions; a window of 4,096 tokens', zh: '简短问题；上下文窗口仅 4,096 个 token' },
  },
  {
    provider: 'doubao',
    model: 'doubao-pro-128k',
    speed: 'medium',
    quality: 'high',
    cost: 'high',
    use: { en: 'long logs and large outputs', zh: '长日志与大量输出' },
  },
];
