import type { Inspector } from '@kw/runtime';

type Advice = ReturnType<Inspector['modelAdvice']>[number];

/** What `models` says. */
export interface ModelMessages {
  readonly heading: (title: string) => string;
  readonly experimental: string;
  readonly live: string;
  readonly documented: string;
  readonly noList: (reason: string) => string;
  readonly current: string;
  readonly window: (text: string) => string;
  readonly price: (input: string, output: string) => string;
  readonly upTo: string;
  readonly retired: (successor: string, since: string) => string;
  readonly unlisted: string;
  readonly guide: string;
  readonly guideColumns: readonly [string, string, string, string, string];
  readonly words: Readonly<Record<Advice['speed'] | Advice['quality'] | Advice['cost'], string>>;
  readonly choose: string;
}

const english: ModelMessages = {
  heading: (title) => `Models of ${title}`,
  experimental: 'experimental',
  live: 'from the service itself',
  documented: 'the documented ones',
  noList: (reason) => `The service was not asked for its list: ${reason}`,
  current: 'in use',
  window: (text) => `${text} tokens`,
  price: (input, output) => `${input} in, ${output} out`,
  upTo: 'up to',
  retired: (successor, since) => `now ${successor} (${since})`,
  unlisted: 'not in its list',
  guide: 'Which model for what (prices above are per million tokens):',
  guideColumns: ['model', 'speed', 'quality', 'cost', 'good for'],
  words: { fast: 'fast', medium: 'medium', slow: 'slow', good: 'good', high: 'high', highest: 'highest', low: 'low' },
  choose: 'Choose one: --model=NAME, or the key model of the configuration file.',
};

const chinese: ModelMessages = {
  heading: (title) => `${title} 的模型`,
  experimental: '实验性',
  live: '来自服务本身',
  documented: '来自文档',
  noList: (reason) => `未能向服务查询模型列表：${reason}`,
  current: '当前使用',
  window: (text) => `${text} token`,
  price: (input, output) => `输入 ${input}，输出 ${output}`,
  upTo: '最高',
  retired: (successor, since) => `现为 ${successor}（${since}）`,
  unlisted: '不在其列表中',
  guide: '如何选择模型（以上价格按每百万 token 计）：',
  guideColumns: ['模型', '速度', '质量', '成本', '适用于'],
  words: { fast: '快', medium: '中', slow: '慢', good: '良好', high: '高', highest: '最高', low: '低' },
  choose: '选择模型：--model=名称，或配置文件中的 model。',
};

/** The sentences of a language. */
export function modelMessagesIn(language: 'en' | 'zh'): ModelMessages {
  return language === 'zh' ? chinese : english;
}
