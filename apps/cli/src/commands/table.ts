/** The name of a command. */
export type CommandName =
  | 'init'
  | 'doctor'
  | 'resume'
  | 'sessions'
  | 'export'
  | 'models'
  | 'model'
  | 'tools'
  | 'config'
  | 'diagnose'
  | 'explain-command'
  | 'mcp'
  | 'demo'
  | 'completion'
  | 'version'
  | 'help';

/** What a command needs before it can run; less is faster and works where more is broken. */
export type CommandNeeds = 'nothing' | 'config' | 'runtime';

/** A flag that only some command has. */
export interface CommandFlag {
  /** One that is also the name of an option of all commands stands in its place here. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What may stand as its value. */
  readonly values?: readonly string[];
  /** Absent: a switch. */
  readonly placeholder?: string;
  readonly description: string;
  readonly descriptionZh: string;
}

/** A command as data: parsing, help and completion are made from it. */
export interface CommandSpec {
  readonly name: CommandName;
  readonly summary: string;
  readonly summaryZh: string;
  /** What may follow the name, as help shows it. Absent: it is a command only where it stands alone. */
  readonly usage?: string;
  /** First words that are possible after the name. */
  readonly subcommands?: readonly string[];
  /** The words after the name, or after its subcommand, are sessions. */
  readonly takesSessions?: true;
  readonly flags?: readonly CommandFlag[];
  readonly needs: CommandNeeds;
  /** Not listed by help: an alias or something for scripts. */
  readonly hidden?: true;
}

const json: CommandFlag = { name: 'json', description: 'JSON on standard output.', descriptionZh: '以 JSON 输出。' };
const yes = (description: string, descriptionZh: string): CommandFlag => ({ name: 'yes', description, descriptionZh });

/** Words that are commands when they stand first, in the order of help; everything else is a question. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'init',
    summary: 'set up provider, key, model and cluster',
    summaryZh: '设置服务、密钥、模型和集群',
    flags: [
      yes('Ask nothing: what flags, variables and the file say is taken.', '不做询问：采用参数、环境变量和文件中的设置。'),
      { name: 'no-test', description: 'Do not try the key with a small request.', descriptionZh: '不用小请求测试密钥。' },
    ],
    needs: 'nothing',
  },
  {
    name: 'doctor',
    summary: 'check key, endpoint, kubectl, cluster and files',
    summaryZh: '检查密钥、服务地址、kubectl、集群和文件',
    flags: [
      json,
      {
        name: 'server',
        placeholder: 'URL',
        description: 'Check a running service instead, such as http://localhost:8888.',
        descriptionZh: '改为检查运行中的服务，例如 http://localhost:8888。',
      },
    ],
    needs: 'nothing',
  },
  {
    name: 'resume',
    summary: 'go on with what waits for you',
    summaryZh: '继续等待您答复的问题',
    usage: '[SESSION]',
    takesSessions: true,
    needs: 'runtime',
  },
  {
    name: 'sessions',
    summary: 'list, show, rename or delete sessions',
    summaryZh: '列出、查看、重命名或删除会话',
    usage: '[list [WORDS] | show SESSION | rename SESSION TITLE | delete SESSION...]',
    subcommands: ['list', 'show', 'rename', 'delete'],
    takesSessions: true,
    flags: [json, yes('Delete without asking.', '删除时不再确认。')],
    needs: 'runtime',
  },
  {
    name: 'export',
    summary: 'a session as a redacted hand-over',
    summaryZh: '导出脱敏的会话交接文档',
    usage: '[SESSION]',
    takesSessions: true,
    flags: [{ name: 'md', description: 'Markdown (the default).', descriptionZh: 'Markdown 格式（默认）。' }, json],
    needs: 'runtime',
  },
  {
    name: 'models',
    summary: 'list models',
    summaryZh: '列出模型',
    flags: [json],
    needs: 'runtime',
  },
  { name: 'model', summary: 'print the model in use', summaryZh: '显示当前模型', needs: 'runtime', hidden: true },
  {
    name: 'tools',
    summary: 'list the tools that the model has',
    summaryZh: '列出模型可用的工具',
    flags: [json],
    needs: 'runtime',
  },
  {
    name: 'config',
    summary: 'print the settings in force and where each comes from',
    summaryZh: '显示生效的设置及其来源',
    flags: [json],
    needs: 'config',
  },
  {
    name: 'diagnose',
    summary: 'find what is broken in the cluster, without a model',
    summaryZh: '不借助模型查找集群中的故障',
    flags: [
      {
        name: 'all-namespaces',
        short: 'A',
        description: 'In all namespaces, also where -n or the context names one.',
        descriptionZh: '检查所有命名空间，即使 -n 或 context 指定了其中一个。',
      },
      {
        name: 'selector',
        short: 'l',
        placeholder: 'LABELS',
        description: 'Only objects, or objects of owners, with these labels, such as app=web.',
        descriptionZh: '只看带有这些标签的对象或其所有者，例如 app=web。',
      },
      {
        name: 'kinds',
        placeholder: 'KINDS',
        description: 'Only these kinds, such as pods,deployments,services. Less is read.',
        descriptionZh: '只看这些类型，例如 pods,deployments,services；读取的内容也更少。',
      },
      {
        name: 'include',
        placeholder: 'GROUP',
        values: ['security'],
        description: 'Also what is off by default: security (bindings and roles that give everything away).',
        descriptionZh: '同时检查默认关闭的内容：security（授予一切权限的绑定和角色）。',
      },
      {
        name: 'severity',
        placeholder: 'SEVERITY',
        values: ['critical', 'warning', 'info'],
        description: 'This severity and worse: critical, warning or info.',
        descriptionZh: '只看该级别及更严重的问题：critical、warning 或 info。',
      },
      {
        name: 'since',
        placeholder: 'DURATION',
        description: 'Only what began or was seen within this time, such as 30m, 2h, 1d.',
        descriptionZh: '只看在这段时间内开始或出现的问题，例如 30m、2h、1d。',
      },
      {
        name: 'fail-on',
        placeholder: 'SEVERITY',
        values: ['critical', 'warning', 'info'],
        description: 'Exit with 5 where something of this severity or worse is found.',
        descriptionZh: '发现该级别或更严重的问题时以退出码 5 结束。',
      },
      {
        name: 'output',
        short: 'o',
        placeholder: 'FORMAT',
        values: ['table', 'json', 'markdown'],
        description: 'table (the default), json or markdown.',
        descriptionZh: 'table（默认）、json 或 markdown。',
      },
    ],
    needs: 'config',
  },
  {
    name: 'explain-command',
    summary: 'how a command would be judged',
    summaryZh: '说明一条命令会被如何判定',
    usage: "'COMMAND'",
    flags: [json],
    needs: 'config',
  },
  {
    name: 'mcp',
    summary: 'MCP servers: status, tools, test, trust, login, snippets',
    summaryZh: 'MCP 服务：状态、工具、测试、信任、登录、配置片段',
    usage: '[status | tools | test NAME | trust NAME | login NAME | snippet CLIENT]',
    subcommands: ['status', 'tools', 'test', 'trust', 'login', 'snippet'],
    flags: [json],
    needs: 'config',
  },
  {
    name: 'demo',
    summary: 'try it on a simulated cluster, no key',
    summaryZh: '在模拟集群上试用，无需密钥',
    usage: '["QUESTION"]',
    needs: 'config',
  },
  {
    name: 'completion',
    summary: 'completion for a shell',
    summaryZh: '生成 shell 补全脚本',
    usage: 'bash | zsh | fish',
    subcommands: ['bash', 'zsh', 'fish'],
    needs: 'nothing',
  },
  { name: 'version', summary: 'print the version', summaryZh: '显示版本', needs: 'nothing' },
  {
    name: 'help',
    summary: 'print this, or more of a command',
    summaryZh: '显示本帮助，或某个命令的详情',
    usage: '[COMMAND]',
    needs: 'nothing',
  },
];

/** A command by the word that stands first. */
export function findCommand(word: string | undefined): CommandSpec | undefined {
  return commands.find(({ name }) => name === word);
}
