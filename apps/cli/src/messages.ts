import type { Effect, GrantedCalls, Trait } from '@kw/agent';
import { ungrantedChinese, ungrantedEnglish } from './messages/ungranted.ts';

/** Every sentence that the terminal says, in one language. */
export interface Messages {
  readonly approvalTitle: (tool: string) => string;
  /** Of what a running call wants to know. */
  readonly questionTitle: (tool: string) => string;
  readonly kinds: Readonly<Record<Effect | Trait, string>>;
  readonly askedAgain: string;
  readonly cluster: string;
  readonly as: string;
  /** How somebody else's rights are used. */
  readonly via: Readonly<Record<'impersonation' | 'token', (user: string) => string>>;
  readonly namespace: string;
  readonly why: string;
  readonly changes: string;
  readonly actions: Readonly<Record<'create' | 'update' | 'delete' | 'unchanged', string>>;
  readonly moreObjects: (count: number) => string;
  readonly moreFields: (count: number) => string;
  readonly noPreview: (reason: string) => string;
  readonly moreLines: (count: number) => string;
  readonly choices: {
    readonly yes: string;
    readonly no: string;
    readonly answerYes: string;
    readonly answerNo: string;
    readonly always: string;
    readonly similar: (label: string) => string;
  };
  readonly notOffered: string;
  readonly aside: (text: string) => string;
  /** Why no more may be granted, by its code. */
  readonly ungranted: Readonly<Record<string, string>>;
  /** The calls that a grant covers. */
  readonly grantedCalls: (calls: GrantedCalls) => string;
  /** A command ran unasked; the number is that of `grants`, unless it was taken back since. */
  readonly byGrant: (number: number | undefined) => string;
  readonly explainPrompt: string;
  readonly expired: string;
  readonly parked: (session: string) => string;
  readonly unanswered: (count: number) => string;
  readonly limit: (limit: string) => string;
  readonly cancelled: string;
  /** The answer is not whole: its model stopped at its output limit, or its service filtered it. */
  readonly cut: Readonly<Record<'length' | 'content-filter', string>>;
  readonly failed: (message: string) => string;
  /** Why a run failed, by its code, where its own words are English. */
  readonly failures: Readonly<Record<string, string>>;
  readonly warning: (message: string) => string;
  /** What is said once in a run, by its code. */
  readonly notices: Readonly<Record<string, string>>;
  /** How to ask more after a single question. */
  readonly goOn: string;
  readonly discarded: string;
  /** What the spinner says while the model is asked for the n-th time. */
  readonly thinking: (model: string, request: number) => string;
  readonly connecting: string;
  readonly reasoning: string;
  readonly thought: (duration: string) => string;
  readonly unfoldKey: string;
  readonly severalRunning: (count: number, latest: string) => string;
  readonly requests: (count: number) => string;
  readonly tokens: (input: string, output: string, cached: string | undefined) => string;
  readonly compacted: (before: number, after: number) => string;
  readonly busyOpen: (session: string) => string;
  readonly onlyWithQuestion: (form: string) => string;
  readonly resumed: string;
  readonly nothingToResume: (session: string) => string;
  readonly sessionIsBusy: (session: string) => string;
  readonly sessionStaysBusy: (session: string) => string;
  readonly unknownSession: (session: string) => string;
  readonly noSessions: string;
  readonly noQuestion: string;
  readonly waitingForInput: string;
  readonly withoutKey: string;
  readonly documentedModels: string;
  readonly simulated: string;
  readonly demoQuestion: string;
  readonly askMore: string;
  readonly secretsShown: string;
  /** The service read its tokens again. */
  readonly tokensReloaded: (count: number) => string;
  readonly tokensKept: (why: string) => string;
  readonly outcomes: Readonly<Record<string, string>>;
}

const english: Messages = {
  approvalTitle: (tool) => `May ${tool} run this?`,
  questionTitle: (tool) => `${tool} asks: yes or no?`,
  kinds: {
    read: 'read',
    write: 'write',
    dangerous: 'dangerous',
    unknown: 'unknown',
    sensitive: 'sensitive',
    'needs-terminal': 'needs-terminal',
    unbounded: 'unbounded',
    'moves-target': 'moves-target',
  },
  askedAgain: 'again',
  cluster: 'cluster',
  as: 'as',
  via: { impersonation: (user) => `impersonated by ${user}`, token: () => 'with a token of their own' },
  namespace: 'namespace',
  why: 'why',
  changes: 'changes',
  actions: { create: 'create', update: 'update', delete: 'delete', unchanged: 'unchanged' },
  moreObjects: (count) => `and ${count} more objects`,
  moreFields: (count) => `  and ${count} more fields`,
  noPreview: (reason) => `no preview: ${reason}`,
  moreLines: (count) => `and ${count} more lines`,
  choices: {
    yes: 'y = run it',
    no: 'n = do not; or type why, or what to do instead',
    answerYes: 'y = yes',
    answerNo: 'n = no; or type why',
    always: 'a = run it, and this exact command without asking in this session',
    similar: (label) => `s = run it, and the like without asking in this session: ${label}`,
  },
  notOffered: 'That can not be granted for this command: y or n.',
  aside: (text) => `(${text})`,
  ungranted: ungrantedEnglish,
  grantedCalls: ({ verb, kinds, namespace, flags }) =>
    `${verb} ${kinds.join(', ')} in ${namespace}${flags.length === 0 ? '' : ` with ${flags.join(', ')}`}`,
  byGrant: (number) => `allowed by grant${number === undefined ? '' : ` #${number}`}`,
  explainPrompt: 'Why not, or what instead? ',
  expired: 'expired without an answer',
  parked: (session) => `The question is kept. Go on with: kubelet-wuhrai resume ${session}`,
  unanswered: (count) =>
    `${count === 1 ? '1 command was' : `${count} commands were`} not run: an approval was needed and nobody could be asked (exit code 3). Run it in a terminal, or allow it by --skip-permissions or rules.`,
  limit: (limit) => `Stopped at a limit (${limit}); the answer may be incomplete.`,
  cancelled: 'Cancelled.',
  cut: {
    length: "The answer was cut at the model's output limit; ask it to go on.",
    'content-filter': "The provider's content filter cut the answer.",
  },
  failed: (message) => `error: ${message}`,
  failures: {},
  warning: (message) => `warning: ${message}`,
  notices: {
    'no-price': 'The price of this model is not known, so the budget of money cannot be held; set its price in the configuration.',
  },
  goOn: 'To ask more: kubelet-wuhrai --resume-session latest "..."',
  discarded: 'the answer broke off; it starts again',
  thinking: (model, request) => `${model === '' ? 'the model' : model}, request ${request}`,
  connecting: 'connecting to MCP servers',
  reasoning: 'thinking',
  thought: (duration) => `thought for ${duration}`,
  unfoldKey: 'Ctrl-O shows it',
  severalRunning: (count, latest) => `${count} commands, ${latest}`,
  requests: (count) => (count === 1 ? '1 request' : `${count} requests`),
  tokens: (input, output, cached) => `${input} in${cached === undefined ? '' : ` (${cached} cached)`}, ${output} out`,
  compacted: (before, after) => `older parts of the conversation were summarised: ${before} → ${after} tokens`,
  busyOpen: (session) => `session ${session} has a question open; go on with it first: kubelet-wuhrai resume ${session}`,
  onlyWithQuestion: (form) => `--output=${form} needs a question: kubelet-wuhrai --output=${form} "..."`,
  resumed: 'going on',
  nothingToResume: (session) => `Session ${session} has nothing open.`,
  sessionIsBusy: (session) => `Session ${session} is busy: another process has it, or was killed a moment ago. Waiting for at most 30 s.`,
  sessionStaysBusy: (session) => `session ${session} is busy: another process goes on with it. Answer there, or end that process first.`,
  unknownSession: (session) => `there is no session ${session}; without a name the latest one is taken`,
  noSessions: 'There are no sessions yet.',
  noQuestion: 'no question given; try: kubelet-wuhrai "why is my pod not running?" (kubelet-wuhrai --help shows more)',
  waitingForInput: 'waiting for the end of standard input; where nothing is piped in, run it with < /dev/null',
  withoutKey: 'Set it up: kubelet-wuhrai init. Another service: --llm-provider. Without a key: kubelet-wuhrai demo',
  documentedModels: 'No key is set, so these are the documented models; with a key the service itself is asked.',
  simulated:
    'Everything here is simulated: a cluster inside this process, with a shop that a bad release broke. While it runs, look for yourself:',
  demoQuestion: 'what is wrong in the shop namespace?',
  askMore: 'ask more, such as: scale web to 5 (Ctrl-D ends)',
  secretsShown: 'secrets are not hidden from the model, the log and the screen (--show-secrets)',
  tokensReloaded: (count) => `tokens were read again: ${count}`,
  tokensKept: (why) => `the tokens stay as they were: ${why}`,
  outcomes: {
    denied: 'declined',
    interrupted: 'interrupted',
    cancelled: 'cancelled',
    timeout: 'timed out',
    refused: 'refused',
    failed: 'failed',
    'not-understood': 'not understood',
  },
};

const chineseLimits = new Map([
  ['iterations', '请求次数'],
  ['tokens', 'token 数量'],
  ['seconds', '时间'],
  ['cost', '费用'],
  ['equal-calls', '重复的调用'],
  ['corrections', '无法理解的调用'],
]);

const chinese: Messages = {
  approvalTitle: (tool) => `允许 ${tool} 执行以下操作吗？`,
  questionTitle: (tool) => `${tool} 提问：是或否？`,
  kinds: {
    read: '读',
    write: '写',
    dangerous: '危险',
    unknown: '无法判定',
    sensitive: '敏感',
    'needs-terminal': '需要终端',
    unbounded: '不会结束',
    'moves-target': '其他目标',
  },
  askedAgain: '再次询问',
  cluster: '集群',
  as: '身份',
  via: { impersonation: (user) => `由 ${user} 代理`, token: () => '使用本人的令牌' },
  namespace: '命名空间',
  why: '原因',
  changes: '变更',
  actions: { create: '创建', update: '修改', delete: '删除', unchanged: '不变' },
  moreObjects: (count) => `另有 ${count} 个对象`,
  moreFields: (count) => `  另有 ${count} 个字段`,
  noPreview: (reason) => `无法预览：${reason}`,
  moreLines: (count) => `另有 ${count} 行`,
  choices: {
    yes: 'y = 执行',
    no: 'n = 不执行；也可直接输入原因或应当如何做',
    answerYes: 'y = 是',
    answerNo: 'n = 否；也可直接输入原因',
    always: 'a = 执行，且本会话中不再询问完全相同的命令',
    similar: (label) => `s = 执行，且本会话中不再询问同类命令：${label}`,
  },
  notOffered: '此命令不能授予该许可：请输入 y 或 n。',
  aside: (text) => `（${text}）`,
  ungranted: ungrantedChinese,
  grantedCalls: ({ verb, kinds, namespace, flags }) =>
    `命名空间 ${namespace} 中的 ${verb} ${kinds.join('、')}${flags.length === 0 ? '' : `（带 ${flags.join('、')}）`}`,
  byGrant: (number) => `由许可${number === undefined ? '' : ` #${number} `}放行`,
  explainPrompt: '为什么不执行，或应当如何做？',
  expired: '超时未答复',
  parked: (session) => `问题已保留。继续请运行：kubelet-wuhrai resume ${session}`,
  unanswered: (count) => `有 ${count} 条命令未执行：需要批准但无人可询问（退出码 3）。请在终端中运行，或用 --skip-permissions 或规则放行。`,
  limit: (limit) => `已达到限制（${chineseLimits.get(limit) ?? limit}），回答可能不完整。`,
  cancelled: '已取消。',
  cut: { length: '回答因模型的输出长度限制被截断；可以让它继续。', 'content-filter': '回答被服务商的内容过滤截断。' },
  failed: (message) => `错误：${message}`,
  failures: {
    'answer-cut': '与模型的连接在回答途中断开；已收到的部分已保留',
    'empty-answer': '模型没有返回任何内容：请换一种说法，或使用其他模型',
  },
  warning: (message) => `警告：${message}`,
  notices: { 'no-price': '该模型的价格未知，无法执行费用预算；请在配置中设置其价格。' },
  goOn: '继续提问：kubelet-wuhrai --resume-session latest "..."',
  discarded: '回答中断，重新开始',
  thinking: (model, request) => `${model === '' ? '模型' : model}，第 ${request} 次请求`,
  connecting: '正在连接 MCP 服务',
  reasoning: '思考中',
  thought: (duration) => `思考了 ${duration}`,
  unfoldKey: '按 Ctrl-O 查看',
  severalRunning: (count, latest) => `${count} 条命令，${latest}`,
  requests: (count) => `${count} 次请求`,
  tokens: (input, output, cached) => `输入 ${input}${cached === undefined ? '' : `（缓存 ${cached}）`}，输出 ${output}`,
  compacted: (before, after) => `较早的对话已压缩为摘要：${before} → ${after} token`,
  busyOpen: (session) => `会话 ${session} 有未完成的问题；请先继续：kubelet-wuhrai resume ${session}`,
  onlyWithQuestion: (form) => `--output=${form} 需要一个问题：kubelet-wuhrai --output=${form} "..."`,
  resumed: '继续执行',
  nothingToResume: (session) => `会话 ${session} 没有未完成的问题。`,
  sessionIsBusy: (session) => `会话 ${session} 正忙：另一个进程正在使用它，或刚刚被终止。最多等待 30 秒。`,
  sessionStaysBusy: (session) => `会话 ${session} 正忙：另一个进程正在继续它。请在那里答复，或先结束该进程。`,
  unknownSession: (session) => `没有会话 ${session}；不写名称则使用最近的会话`,
  noSessions: '还没有任何会话。',
  noQuestion: '没有给出问题；例如：kubelet-wuhrai "为什么我的 Pod 没有运行？"（更多用法：kubelet-wuhrai --help）',
  waitingForInput: '正在等待标准输入结束；如果没有管道输入，请加上 < /dev/null 运行',
  withoutKey: '进行设置：kubelet-wuhrai init。其他服务：--llm-provider。无需密钥即可试用：kubelet-wuhrai demo',
  documentedModels: '未设置密钥，因此列出的是文档中的模型；设置密钥后会查询服务本身。',
  simulated: '这里的一切都是模拟的：本进程内的一个集群，其中的商店被一次错误的发布弄坏了。运行期间您可以自己查看：',
  demoQuestion: 'shop 命名空间出了什么问题？',
  askMore: '继续提问，例如：把 web 扩到 5 个副本（Ctrl-D 结束）',
  secretsShown: '机密不会对模型、日志和屏幕隐藏（--show-secrets）',
  tokensReloaded: (count) => `已重新读取令牌：${count} 个`,
  tokensKept: (why) => `令牌保持不变：${why}`,
  outcomes: {
    denied: '已拒绝',
    interrupted: '已中断',
    cancelled: '已取消',
    timeout: '超时',
    refused: '不予执行',
    failed: '失败',
    'not-understood': '无法理解',
  },
};

/** The sentences of a language. */
export function messagesIn(language: 'en' | 'zh'): Messages {
  return language === 'zh' ? chinese : english;
}
