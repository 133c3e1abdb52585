/** Every sentence of the page, in one language. */
export interface Messages {
  readonly ask: string;
  readonly askHint: string;
  readonly send: string;
  readonly stop: string;
  readonly newSession: string;
  readonly sessions: string;
  readonly search: string;
  readonly noSessions: string;
  readonly rename: string;
  readonly remove: string;
  readonly removeSure: (title: string) => string;
  readonly save: string;
  readonly cancel: string;
  readonly context: string;
  readonly namespace: string;
  readonly allOf: string;
  readonly thinking: string;
  readonly thought: (seconds: number) => string;
  readonly running: string;
  readonly waiting: string;
  readonly showMenu: string;
  readonly theme: string;
  readonly themes: Readonly<Record<'auto' | 'light' | 'dark', string>>;
  readonly language: string;
  readonly approvalTitle: (tool: string) => string;
  readonly again: (why: string) => string;
  readonly target: string;
  readonly as: string;
  readonly why: string;
  readonly changes: string;
  readonly noPreview: (reason: string) => string;
  readonly actions: Readonly<Record<'create' | 'update' | 'delete' | 'unchanged', string>>;
  readonly more: (count: number) => string;
  readonly approve: string;
  readonly decline: string;
  readonly always: (label: string) => string;
  readonly reason: string;
  readonly answered: Readonly<Record<'approve' | 'deny' | 'expire' | 'supersede', string>>;
  readonly effects: Readonly<Record<string, string>>;
  readonly outcomes: Readonly<Record<string, string>>;
  readonly output: string;
  readonly wholeOutput: string;
  readonly lines: (from: number, to: number, total: number) => string;
  readonly copy: string;
  readonly copied: string;
  readonly plot: string;
  readonly table: string;
  readonly statuses: Readonly<Record<'limit' | 'cancelled' | 'error', string>>;
  readonly usage: (input: number, output: number) => string;
  readonly token: string;
  readonly tokenHint: string;
  readonly enter: string;
  readonly wrongToken: string;
  readonly welcome: string;
  /** Why the service can not answer yet, by code. */
  readonly agents: Readonly<Record<string, string>>;
  readonly examples: readonly string[];
  readonly failed: (message: string) => string;
  readonly retry: (message: string) => string;
  readonly discarded: string;
  readonly conversation: string;
  readonly skip: string;
}

/** The languages of the page. */
export type Language = 'en' | 'zh';

const english: Messages = {
  ask: 'Your question',
  askHint: 'Ask about the cluster. Enter sends, Shift+Enter begins a line.',
  send: 'Send',
  stop: 'Stop',
  newSession: 'New session',
  sessions: 'Sessions',
  search: 'Search sessions',
  noSessions: 'No sessions yet.',
  rename: 'Rename',
  remove: 'Delete',
  removeSure: (title) => `Delete "${title}" with its outputs? This cannot be taken back.`,
  save: 'Save',
  cancel: 'Cancel',
  context: 'Context',
  namespace: 'Namespace',
  allOf: "the context's own",
  thinking: 'Thinking',
  thought: (seconds) => `Thought for ${seconds} s`,
  running: 'Running',
  waiting: 'Waits for you',
  showMenu: 'Sessions and settings',
  theme: 'Colours',
  themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
  language: 'Language',
  approvalTitle: (tool) => `May ${tool} run this?`,
  again: (why) => `Asked again: ${why}`,
  target: 'Cluster',
  as: 'as',
  why: 'Why it is asked',
  changes: 'What would change',
  noPreview: (reason) => `No preview: ${reason}`,
  actions: { create: 'create', update: 'update', delete: 'delete', unchanged: 'unchanged' },
  more: (count) => `and ${count} more`,
  approve: 'Run it',
  decline: 'Do not run it',
  always: (label) => `Run it, and in this session do not ask again for: ${label}`,
  reason: 'Reason, or what to do instead',
  answered: { approve: 'Approved', deny: 'Declined', expire: 'Expired without an answer', supersede: 'Set aside by a new question' },
  effects: { read: 'reads', write: 'writes', dangerous: 'dangerous', unknown: 'not understood' },
  outcomes: {
    ran: 'done',
    denied: 'declined',
    interrupted: 'interrupted',
    cancelled: 'cancelled',
    timeout: 'timed out',
    refused: 'refused',
    failed: 'failed',
    'not-understood': 'not understood',
  },
  output: 'Output',
  wholeOutput: 'Read the whole output',
  lines: (from, to, total) => `lines ${from} to ${to} of ${total}`,
  copy: 'Copy',
  copied: 'Copied',
  plot: 'Plot',
  table: 'Table',
  statuses: { limit: 'Stopped at a limit: the answer may be incomplete.', cancelled: 'Cancelled.', error: 'Failed.' },
  usage: (input, output) => `${input.toLocaleString('en')} tokens in, ${output.toLocaleString('en')} out`,
  token: 'Token',
  tokenHint: 'This service asks for its token. It was printed when the service was started, or is KW_AUTH_TOKEN there.',
  enter: 'Enter',
  wrongToken: 'The service does not know this token.',
  welcome: 'What should be looked at?',
  agents: {
    'api-key-not-found': 'no API key: set it up where the service runs (kubelet-wuhrai init), then start it again',
    'model-not-set': 'no model is chosen: set it up where the service runs (--model), then start it again',
  },
  examples: ['Which pods are not ready, and why?', 'What changed in the last hour?', 'Show CPU and memory of the nodes as a table'],
  failed: (message) => `Error: ${message}`,
  retry: (message) => message,
  discarded: 'The answer broke off; it starts again.',
  conversation: 'Conversation',
  skip: 'Skip to the question',
};

const chinese: Messages = {
  ask: '您的问题',
  askHint: '询问集群的情况。回车发送，Shift+回车换行。',
  send: '发送',
  stop: '停止',
  newSession: '新会话',
  sessions: '会话',
  search: '搜索会话',
  noSessions: '还没有会话。',
  rename: '重命名',
  remove: '删除',
  removeSure: (title) => `删除“${title}”及其输出？此操作无法撤销。`,
  save: '保存',
  cancel: '取消',
  context: 'Context',
  namespace: '命名空间',
  allOf: 'context 默认',
  thinking: '思考中',
  thought: (seconds) => `思考了 ${seconds} 秒`,
  running: '运行中',
  waiting: '等待您答复',
  showMenu: '会话与设置',
  theme: '配色',
  themes: { auto: '跟随系统', light: '浅色', dark: '深色' },
  language: '语言',
  approvalTitle: (tool) => `允许 ${tool} 执行以下操作吗？`,
  again: (why) => `再次询问：${why}`,
  target: '集群',
  as: '身份',
  why: '询问原因',
  changes: '将要发生的变更',
  noPreview: (reason) => `无法预览：${reason}`,
  actions: { create: '创建', update: '修改', delete: '删除', unchanged: '不变' },
  more: (count) => `另有 ${count} 项`,
  approve: '执行',
  decline: '不执行',
  always: (label) => `执行，并且本会话不再询问：${label}`,
  reason: '原因，或应当如何做',
  answered: { approve: '已批准', deny: '已拒绝', expire: '超时未答复', supersede: '被新的问题取代' },
  effects: { read: '读取', write: '写入', dangerous: '危险', unknown: '无法判定' },
  outcomes: {
    ran: '完成',
    denied: '已拒绝',
    interrupted: '已中断',
    cancelled: '已取消',
    timeout: '超时',
    refused: '不予执行',
    failed: '失败',
    'not-understood': '无法理解',
  },
  output: '输出',
  wholeOutput: '查看完整输出',
  lines: (from, to, total) => `第 ${from} 至 ${to} 行，共 ${total} 行`,
  copy: '复制',
  copied: '已复制',
  plot: '图表',
  table: '表格',
  statuses: { limit: '已达到限制，回答可能不完整。', cancelled: '已取消。', error: '失败。' },
  usage: (input, output) => `输入 ${input.toLocaleString('en')} token，输出 ${output.toLocaleString('en')}`,
  token: '令牌',
  tokenHint: '此服务需要令牌。令牌在服务启动时显示，或为服务端的 KW_AUTH_TOKEN。',
  enter: '进入',
  wrongToken: '服务不认识此令牌。',
  welcome: '要查看什么？',
  agents: {
    'api-key-not-found': '没有 API key：请在运行服务的机器上设置（kubelet-wuhrai init），然后重新启动服务',
    'model-not-set': '没有选择模型：请在运行服务的机器上设置（--model），然后重新启动服务',
  },
  examples: ['哪些 Pod 没有就绪，为什么？', '最近一小时有什么变化？', '用表格显示各节点的 CPU 和内存'],
  failed: (message) => `错误：${message}`,
  retry: (message) => message,
  discarded: '回答中断，重新开始。',
  conversation: '对话',
  skip: '跳到提问框',
};

/** The sentences of a language. */
export function messagesIn(language: Language): Messages {
  return language === 'zh' ? chinese : english;
}
