import type { SessionSummary } from '@kw/runtime';

/** What `sessions` and `export` say. */
export interface SessionMessages {
  readonly none: string;
  readonly noneFound: (words: string) => string;
  readonly status: Readonly<Record<SessionSummary['status'], string>>;
  readonly renamed: (id: string, title: string) => string;
  readonly deleted: (id: string) => string;
  readonly confirm: (lines: readonly string[]) => string;
  readonly kept: string;
  readonly which: (subcommand: string) => string;
  readonly noTitle: string;
  readonly cluster: string;
  readonly model: string;
  readonly noAnswer: string;
  readonly hint: string;
}

const english: SessionMessages = {
  none: 'There are no sessions yet.',
  noneFound: (words) => `No session has ${JSON.stringify(words)} in its name or first question.`,
  status: { idle: '', open: 'open', waiting: 'waits for you' },
  renamed: (id, title) => `${id} is now called ${JSON.stringify(title)}.`,
  deleted: (id) => `Deleted ${id}.`,
  confirm: (lines) =>
    `Delete ${lines.length === 1 ? 'this session' : `these ${lines.length} sessions`} with all outputs?\n${lines.map((line) => `  ${line}\n`).join('')}y = delete, n = keep: `,
  kept: 'Nothing was deleted.',
  which: (subcommand) =>
    `which session? kubelet-wuhrai sessions ${subcommand} SESSION (kubelet-wuhrai sessions lists them; latest is the last one)`,
  noTitle: 'give the new name: kubelet-wuhrai sessions rename SESSION "NEW NAME"',
  cluster: 'cluster',
  model: 'model',
  noAnswer: '(no answer yet)',
  hint: 'Go on in one: kubelet-wuhrai --resume-session ID. More: kubelet-wuhrai sessions show ID',
};

const chinese: SessionMessages = {
  none: '还没有任何会话。',
  noneFound: (words) => `没有名称或首个问题包含 ${JSON.stringify(words)} 的会话。`,
  status: { idle: '', open: '未完成', waiting: '等待您答复' },
  renamed: (id, title) => `${id} 现在名为 ${JSON.stringify(title)}。`,
  deleted: (id) => `已删除 ${id}。`,
  confirm: (lines) => `删除以下 ${lines.length} 个会话及其全部输出吗？\n${lines.map((line) => `  ${line}\n`).join('')}y = 删除，n = 保留：`,
  kept: '没有删除任何内容。',
  which: (subcommand) => `请指明会话：kubelet-wuhrai sessions ${subcommand} 会话（kubelet-wuhrai sessions 可列出；latest 表示最近一个）`,
  noTitle: '请给出新名称：kubelet-wuhrai sessions rename 会话 "新名称"',
  cluster: '集群',
  model: '模型',
  noAnswer: '（尚无回答）',
  hint: '继续某个会话：kubelet-wuhrai --resume-session 编号。详情：kubelet-wuhrai sessions show 编号',
};

/** The sentences of a language. */
export function sessionMessagesIn(language: 'en' | 'zh'): SessionMessages {
  return language === 'zh' ? chinese : english;
}
