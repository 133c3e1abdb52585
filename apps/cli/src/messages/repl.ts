/** What the conversation at the terminal says, in one language. */
export interface ReplMessages {
  readonly welcome: string;
  readonly placeholder: string;
  readonly noCluster: string;
  readonly leaveHint: string;
  readonly stopping: string;
  readonly leaving: (session: string) => string;
  readonly noHistory: (reason: string) => string;
  readonly pasted: (number: number, lines: number) => string;
  readonly attached: (name: string, size: string) => string;
  readonly permissions: Readonly<Record<'read-only' | 'suggest' | 'ask-writes' | 'ask-all' | 'auto', string>>;
  readonly unknownCommand: (word: string, near: string | undefined) => string;
  readonly usage: (usage: string) => string;
  readonly newSession: string;
  readonly noSession: string;
  readonly inSession: (id: string, title: string) => string;
  readonly continued: (id: string) => string;
  readonly modelIs: (model: string, provider: string) => string;
  readonly modelUnknown: (model: string, near: string) => string;
  readonly documented: string;
  readonly nothingToCompact: string;
  readonly compacting: string;
  readonly noGrants: string;
  readonly grantsTitle: string;
  readonly revoked: (label: string) => string;
  readonly noGrant: (number: string) => string;
  readonly nothingFolded: string;
  readonly noOutput: (ref: string) => string;
  readonly moreLines: (count: number, command: string) => string;
  readonly thoughts: string;
  readonly status: Readonly<
    Record<
      | 'model'
      | 'cluster'
      | 'permissions'
      | 'session'
      | 'used'
      | 'context'
      | 'grants'
      | 'tools'
      | 'mcp'
      | 'files'
      | 'none'
      | 'off'
      | 'notYet'
      | 'namespace'
      | 'as',
      string
    >
  >;
  readonly shares: Readonly<Record<'system' | 'tools' | 'history' | 'results' | 'answer' | 'free', string>>;
  readonly questions: (count: number) => string;
  readonly contextUsed: (used: string, window: string, percent: number) => string;
  readonly cachedShare: (percent: number) => string;
  readonly commandsTitle: string;
  readonly keysTitle: string;
  readonly commands: readonly (readonly [string, string])[];
  readonly keys: readonly (readonly [string, string])[];
}

const english: ReplMessages = {
  welcome: 'help shows the commands, Tab completes, Ctrl-C stops an answer, Ctrl-D leaves',
  placeholder: 'ask about your cluster',
  noCluster: 'no cluster',
  leaveHint: 'Press Ctrl-C again to leave (Ctrl-D does so at once).',
  stopping: 'stopping; Ctrl-C again ends the program at once',
  leaving: (session) => `To go on later: kubelet-wuhrai --resume-session ${session}`,
  noHistory: (reason) => `earlier questions are not kept: ${reason}`,
  pasted: (number, lines) => `[paste ${number}: ${lines} ${lines === 1 ? 'line' : 'lines'}]`,
  attached: (name, size) => `with ${name} (${size})`,
  permissions: {
    'read-only': 'changes nothing',
    suggest: 'changes nothing, suggests commands',
    'ask-writes': 'asks before it changes anything',
    'ask-all': 'asks before each command',
    auto: 'does ordinary changes WITHOUT asking',
  },
  unknownCommand: (word, near) => `There is no command ${word}${near === undefined ? '' : `; did you mean ${near}?`} help shows them all.`,
  usage: (usage) => `Usage: ${usage}`,
  newSession: 'A new session begins with the next question.',
  noSession: 'No session yet: it begins with the first question.',
  inSession: (id, title) => (title === '' ? id : `${id}  ${title}`),
  continued: (id) => `Going on in ${id}.`,
  modelIs: (model, provider) => `${model} (${provider}) answers from now on.`,
  modelUnknown: (model, near) =>
    `${model} is not in the list of models${near === '' ? '' : `; near: ${near}`}. It is asked for all the same.`,
  documented: 'The service could not be asked, so these are the documented models.',
  nothingToCompact: 'There is nothing to gain from a summary yet.',
  compacting: 'summarising older parts',
  noGrants: 'No command runs unasked in this session by a grant.',
  grantsTitle: 'Not asked again in this session (revoke N takes one back):',
  revoked: (label) => `Asked again from now on: ${label}`,
  noGrant: (number) => `There is no grant ${number}; grants lists them.`,
  nothingFolded: 'There is no output to show yet.',
  noOutput: (ref) => `There is no ${ref} in this session.`,
  moreLines: (count, command) => `… ${count} more ${count === 1 ? 'line' : 'lines'}: ${command}`,
  thoughts: 'thoughts',
  status: {
    model: 'model',
    cluster: 'cluster',
    permissions: 'permissions',
    session: 'session',
    used: 'used',
    context: 'context',
    grants: 'grants',
    tools: 'tools',
    mcp: 'MCP servers',
    files: 'files',
    none: 'none',
    off: 'off (--mcp-client offers their tools)',
    notYet: 'none yet',
    namespace: 'namespace',
    as: 'as',
  },
  shares: {
    system: 'instructions',
    tools: 'tools',
    history: 'conversation',
    results: 'results',
    answer: 'kept for the answer',
    free: 'free',
  },
  questions: (count) => (count === 1 ? '1 question' : `${count} questions`),
  contextUsed: (used, window, percent) => `${used} of ${window} tokens (${percent} %)`,
  cachedShare: (percent) => `${percent} % of the input was cached`,
  commandsTitle: 'Commands (alone on the line, also with a / in front; anything else is a question)',
  keysTitle: 'Keys',
  commands: [
    ['status', 'model, cluster, session, tokens and cost, context, grants, MCP servers'],
    ['models', 'list models'],
    ['model [NAME]', 'the model in use; with a name: use that one from now on'],
    ['tools', 'list the tools that the model has'],
    ['sessions', 'list sessions'],
    ['session', 'the session in use'],
    ['resume [SESSION]', 'go on in another session (by default the latest one)'],
    ['reset', 'begin a new session'],
    ['compact', 'summarise older parts of the conversation'],
    ['show [N | thinking]', 'the whole output of a command, or what the model thought; show N all, show N /TEXT'],
    ['grants', 'what is not asked again in this session'],
    ['revoke N', 'take a grant back'],
    ['clear', 'clear the screen'],
    ['version', 'print the version'],
    ['help', 'print this'],
    ['exit, quit', 'leave'],
  ],
  keys: [
    ['Tab', 'complete commands, models, sessions, @files, kinds, namespaces and names'],
    ['Alt-Enter, Ctrl-J, \\', 'a new line in the same question (\\ at the end of a line, then Enter)'],
    ['Up, Down, Ctrl-R', 'earlier questions; search in them'],
    ['Ctrl-O', 'show the latest output or thoughts whole'],
    ['Ctrl-C', 'stop the answer, or clear the line; twice at an empty line: leave'],
    ['Ctrl-D', 'leave'],
    ['Ctrl-L', 'clear the screen'],
    ['@FILE', 'put the text of a file with the question'],
  ],
};

const chinese: ReplMessages = {
  welcome: '输入 help 查看命令，Tab 补全，Ctrl-C 停止回答，Ctrl-D 退出',
  placeholder: '请提出关于集群的问题',
  noCluster: '无集群',
  leaveHint: '再按一次 Ctrl-C 退出（Ctrl-D 可立即退出）。',
  stopping: '正在停止；再按一次 Ctrl-C 立即结束程序',
  leaving: (session) => `以后继续：kubelet-wuhrai --resume-session ${session}`,
  noHistory: (reason) => `不保存输入过的问题：${reason}`,
  pasted: (number, lines) => `[粘贴 ${number}：${lines} 行]`,
  attached: (name, size) => `附带 ${name}（${size}）`,
  permissions: {
    'read-only': '不做任何修改',
    suggest: '不做任何修改，只给出命令',
    'ask-writes': '修改前先询问',
    'ask-all': '每条命令前先询问',
    auto: '普通修改不询问，直接执行',
  },
  unknownCommand: (word, near) => `没有命令 ${word}${near === undefined ? '' : `；是否应为 ${near}？`}。输入 help 查看全部命令。`,
  usage: (usage) => `用法：${usage}`,
  newSession: '下一个问题将开始新会话。',
  noSession: '还没有会话：提出第一个问题时开始。',
  inSession: (id, title) => (title === '' ? id : `${id}  ${title}`),
  continued: (id) => `在 ${id} 中继续。`,
  modelIs: (model, provider) => `此后由 ${model}（${provider}）回答。`,
  modelUnknown: (model, near) => `${model} 不在模型列表中${near === '' ? '' : `；相近的有：${near}`}。仍会使用该名称。`,
  documented: '无法查询服务，因此列出的是文档中的模型。',
  nothingToCompact: '目前还没有可压缩的内容。',
  compacting: '正在压缩较早的对话',
  noGrants: '本会话中没有免询问的许可。',
  grantsTitle: '本会话中不再询问（revoke N 可收回）：',
  revoked: (label) => `此后会再次询问：${label}`,
  noGrant: (number) => `没有编号为 ${number} 的许可；输入 grants 查看。`,
  nothingFolded: '还没有可显示的输出。',
  noOutput: (ref) => `本会话中没有 ${ref}。`,
  moreLines: (count, command) => `… 另有 ${count} 行：${command}`,
  thoughts: '思考过程',
  status: {
    model: '模型',
    cluster: '集群',
    permissions: '权限',
    session: '会话',
    used: '用量',
    context: '上下文',
    grants: '许可',
    tools: '工具',
    mcp: 'MCP 服务',
    files: '文件',
    none: '无',
    off: '关闭（使用 --mcp-client 提供其工具）',
    notYet: '尚无',
    namespace: '命名空间',
    as: '身份',
  },
  shares: { system: '指令', tools: '工具', history: '对话', results: '结果', answer: '为回答保留', free: '空闲' },
  questions: (count) => `${count} 个问题`,
  contextUsed: (used, window, percent) => `${used} / ${window} token（${percent} %）`,
  cachedShare: (percent) => `输入的 ${percent} % 来自缓存`,
  commandsTitle: '命令（独占一行，也可加 / 前缀；其他内容都是问题）',
  keysTitle: '按键',
  commands: [
    ['status', '模型、集群、会话、用量与费用、上下文、许可、MCP 服务'],
    ['models', '列出模型'],
    ['model [NAME]', '当前模型；给出名称则此后使用该模型'],
    ['tools', '列出模型可用的工具'],
    ['sessions', '列出会话'],
    ['session', '当前会话'],
    ['resume [SESSION]', '在另一个会话中继续（默认最近的会话）'],
    ['reset', '开始新会话'],
    ['compact', '压缩较早的对话'],
    ['show [N | thinking]', '显示命令的完整输出或模型的思考过程；show N all，show N /TEXT'],
    ['grants', '本会话中不再询问的内容'],
    ['revoke N', '收回许可'],
    ['clear', '清屏'],
    ['version', '显示版本'],
    ['help', '显示本帮助'],
    ['exit, quit', '退出'],
  ],
  keys: [
    ['Tab', '补全命令、模型、会话、@文件、资源类型、命名空间和名称'],
    ['Alt-Enter, Ctrl-J, \\', '在同一问题中换行（行尾 \\ 后按 Enter）'],
    ['Up, Down, Ctrl-R', '较早的问题；在其中搜索'],
    ['Ctrl-O', '完整显示最近的输出或思考过程'],
    ['Ctrl-C', '停止回答，或清除当前行；空行上按两次：退出'],
    ['Ctrl-D', '退出'],
    ['Ctrl-L', '清屏'],
    ['@FILE', '把文件内容附在问题中'],
  ],
};

/** The sentences of a language. */
export function replMessagesIn(language: 'en' | 'zh'): ReplMessages {
  return language === 'zh' ? chinese : english;
}
