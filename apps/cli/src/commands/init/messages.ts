/** What `init` says. */
export interface InitMessages {
  readonly title: string;
  readonly language: string;
  readonly provider: string;
  readonly experimental: string;
  readonly address: (title: string) => string;
  readonly badAddress: string;
  readonly keyInVariable: (variable: string) => string;
  readonly keyInFile: string;
  readonly noKeyNeeded: (title: string) => string;
  readonly key: (title: string, variable: string) => string;
  readonly optionalKey: (title: string) => string;
  readonly badKey: string;
  readonly asking: (title: string) => string;
  readonly listed: (count: number) => string;
  readonly notListed: (reason: string) => string;
  readonly again: string;
  readonly model: string;
  readonly otherModel: string;
  readonly modelName: string;
  readonly noModel: string;
  readonly retired: (name: string, since: string) => string;
  readonly tryIt: string;
  readonly tried: (milliseconds: number) => string;
  readonly notTried: (reason: string) => string;
  readonly goOn: string;
  readonly context: string;
  readonly currentContext: string;
  readonly noContext: string;
  readonly changes: (path: string) => string;
  readonly overwrite: string;
  readonly unchanged: (path: string) => string;
  readonly written: (path: string) => string;
  readonly next: string;
  readonly nothingWritten: string;
  readonly noKeyYet: (variables: string) => string;
  readonly yes: string;
  readonly no: string;
}

const english: InitMessages = {
  title: 'kubelet-wuhrai: a few questions, then it is ready. Ctrl-C leaves everything as it is.',
  language: 'Language',
  provider: 'Which service answers?',
  experimental: 'experimental',
  address: (title) => `Address of ${title}`,
  badAddress: 'an address begins with http:// or https://, such as http://gpu-box:8000/v1',
  keyInVariable: (variable) => `The key in ${variable} is used; it is not written to the file.`,
  keyInFile: 'There is a key in the file. Keep it?',
  noKeyNeeded: (title) => `${title} needs no key.`,
  key: (title, variable) => `Key of ${title} (not shown; goes to the file, readable by you only; empty: set ${variable} later)`,
  optionalKey: (title) => `Key of ${title}, where it wants one (not shown; empty: none)`,
  badKey: 'a key has no spaces and no line breaks',
  asking: (title) => `Asking ${title} for its models ...`,
  listed: (count) => `The service answers and lists ${count} models.`,
  notListed: (reason) => `The list can not be had: ${reason}`,
  again: 'Give another key?',
  model: 'Which model? (type to search)',
  otherModel: 'another name ...',
  modelName: 'Name of the model',
  noModel: 'give a name',
  retired: (name, since) => `retired ${since}; ${name} is its successor`,
  tryIt: 'Try it with one small request?',
  tried: (milliseconds) => `The model answers (${(milliseconds / 1000).toFixed(1)} s).`,
  notTried: (reason) => `The model does not answer: ${reason}`,
  goOn: 'Write the settings all the same?',
  context: 'Which cluster?',
  currentContext: "the kubeconfig's current one",
  noContext: 'There is no kubeconfig yet; to try without a cluster: kubelet-wuhrai demo',
  changes: (path) => `Changes of ${path}:`,
  overwrite: 'Write them?',
  unchanged: (path) => `${path} says all this already.`,
  written: (path) => `Written: ${path}, readable by you only.`,
  next: 'Now ask: kubelet-wuhrai "what is wrong in my cluster?"   If something does not work: kubelet-wuhrai doctor',
  nothingWritten: 'Nothing was written.',
  noKeyYet: (variables) => `No key yet: set ${variables} before the first question.`,
  yes: 'Yes',
  no: 'No',
};

const chinese: InitMessages = {
  title: 'kubelet-wuhrai：回答几个问题即可开始使用。按 Ctrl-C 不会改动任何内容。',
  language: '语言',
  provider: '使用哪个模型服务？',
  experimental: '实验性',
  address: (title) => `${title} 的地址`,
  badAddress: '地址以 http:// 或 https:// 开头，例如 http://gpu-box:8000/v1',
  keyInVariable: (variable) => `使用环境变量 ${variable} 中的密钥，不写入文件。`,
  keyInFile: '文件中已有密钥，保留吗？',
  noKeyNeeded: (title) => `${title} 不需要密钥。`,
  key: (title, variable) => `${title} 的密钥（不显示；写入仅本人可读的文件；留空则稍后设置 ${variable}）`,
  optionalKey: (title) => `${title} 的密钥（如有需要；不显示；留空表示没有）`,
  badKey: '密钥中不能有空格和换行',
  asking: (title) => `正在向 ${title} 查询模型 ...`,
  listed: (count) => `服务可用，列出了 ${count} 个模型。`,
  notListed: (reason) => `无法获取模型列表：${reason}`,
  again: '重新输入密钥吗？',
  model: '使用哪个模型？（可输入文字搜索）',
  otherModel: '其他名称 ...',
  modelName: '模型名称',
  noModel: '请输入名称',
  retired: (name, since) => `已于 ${since} 下线；由 ${name} 接替`,
  tryIt: '用一个小请求测试吗？',
  tried: (milliseconds) => `模型可用（${(milliseconds / 1000).toFixed(1)} 秒）。`,
  notTried: (reason) => `模型没有回答：${reason}`,
  goOn: '仍然写入这些设置吗？',
  context: '使用哪个集群？',
  currentContext: 'kubeconfig 的当前 context',
  noContext: '还没有 kubeconfig；没有集群也可试用：kubelet-wuhrai demo',
  changes: (path) => `${path} 的变更：`,
  overwrite: '写入吗？',
  unchanged: (path) => `${path} 已是这些设置。`,
  written: (path) => `已写入：${path}，仅本人可读。`,
  next: '现在可以提问：kubelet-wuhrai "我的集群有什么问题？"   如有问题：kubelet-wuhrai doctor',
  nothingWritten: '没有写入任何内容。',
  noKeyYet: (variables) => `还没有密钥：提问前请设置 ${variables}。`,
  yes: '是',
  no: '否',
};

/** The sentences of a language. */
export function initMessagesIn(language: 'en' | 'zh'): InitMessages {
  return language === 'zh' ? chinese : english;
}
