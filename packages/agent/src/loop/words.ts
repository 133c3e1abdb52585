import type { LimitName } from '../entry.ts';
import { languageOf } from '../prompt/language.ts';
import type { RunView } from '../log/view.ts';

/** What the program says in a run, in the user's language. */
export interface Words {
  lastAnswer(limit: LimitName): string;
  readonly plainAnswer: string;
  /** Said to people. */
  readonly noPrice: string;
  cutCall(names: readonly string[]): string;
  callAsText(name: string): string;
  /** The answer that the program gives where the model gave none. */
  noAnswer(limit: LimitName, findings: string): string;
}

/** The words for the language of a run: its setting, else that of the question. */
export function wordsFor({ start }: Pick<RunView, 'start'>): Words {
  const language = start.settings.language ?? languageOf(start.message.content);
  return language.toLowerCase().startsWith('zh') ? chinese : english;
}

const limits: Readonly<Record<LimitName, readonly [english: string, chinese: string]>> = {
  iterations: ['the limit of steps is reached', '已达到步骤上限'],
  tokens: ['the token budget is used up', '令牌预算已用完'],
  cost: ['the budget of money is used up', '费用预算已用完'],
  seconds: ['the time limit is reached', '已达到时间上限'],
  'equal-calls': ['the same call was repeated too often', '同一调用重复次数过多'],
  corrections: ['too many calls could not be understood', '无法理解的调用过多'],
};

const english: Words = {
  lastAnswer: (limit) =>
    `No more tools: ${limits[limit][0]}. Answer the question now, in plain words, from what you have found so far. Say what is still open and what to do next.`,
  noPrice: 'The price of this model is not known, so the budget of money cannot be held; set its price in the configuration.',
  plainAnswer: 'No tool can be called any more. Write the answer itself, in plain words.',
  cutCall: (names) =>
    `Your call of ${names.join(', ')} was cut by the output limit and did not run. Send a shorter call, or several small ones.`,
  callAsText: (name) =>
    `You wrote a call of ${name} as text, and it did not run. Use the tool interface to call a tool, or answer in plain words.`,
  noAnswer: (limit, findings) =>
    `Stopped: ${limits[limit][0]}, and the model gave no answer in words.${findings === '' ? '' : `\n\nWhat was found so far:\n\n${findings}`}`,
};

const chinese: Words = {
  lastAnswer: (limit) =>
    `不能再调用工具：${limits[limit][1]}。请根据目前已有的结果，用文字直接回答问题，并说明尚未确认的内容和下一步建议。`,
  noPrice: '该模型的价格未知，无法执行费用预算；请在配置中设置其价格。',
  plainAnswer: '已不能再调用任何工具。请直接用文字写出答案。',
  cutCall: (names) => `你对 ${names.join('、')} 的调用因输出长度限制被截断，没有执行。请发送更短的调用，或分成几个小调用。`,
  callAsText: (name) => `你把对 ${name} 的调用写成了文本，它没有执行。请通过工具接口调用，或直接用文字回答。`,
  noAnswer: (limit, findings) =>
    `已停止：${limits[limit][1]}，且模型没有给出文字答案。${findings === '' ? '' : `\n\n目前的结果：\n\n${findings}`}`,
};
