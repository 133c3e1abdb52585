/** The sentences of `--help`. */
export interface HelpWords {
  readonly what: string;
  readonly usage: readonly (readonly [line: string, meaning: string])[];
  readonly commands: string;
  readonly more: string;
  readonly examples: string;
  readonly exampleLines: readonly string[];
  readonly flags: string;
  readonly flagsOfAll: string;
  readonly exitCodes: string;
  readonly exitCodeLines: readonly (readonly [code: string, meaning: string])[];
  readonly fallback: string;
  readonly groups: Readonly<Record<Group, string>>;
  readonly usageTitle: string;
}

/** A group of settings. */
export type Group = 'model' | 'cluster' | 'permissions' | 'limits' | 'tools' | 'output' | 'service' | 'sessions' | 'files';

const english: HelpWords = {
  what: 'an agent for Kubernetes: asks the cluster, shows what it would change, and asks you',
  usageTitle: 'Usage:',
  usage: [
    ['kubelet-wuhrai', 'talk, question after question'],
    ['kubelet-wuhrai "QUESTION" [flags]', 'ask one question'],
    ['COMMAND | kubelet-wuhrai "QUESTION"', 'ask about what a command printed'],
    ['kubelet-wuhrai COMMAND', 'one of the commands below'],
  ],
  commands: 'Commands (kw is the short name of kubelet-wuhrai; as a kubectl plugin it is kubectl wuhrai):',
  more: 'More of a command: kubelet-wuhrai help COMMAND. What is no command is a question; -- says so: kubelet-wuhrai -- version',
  examples: 'Examples:',
  exampleLines: [
    'kubelet-wuhrai init',
    'kubelet-wuhrai "why is checkout failing?"',
    'kubelet-wuhrai "scale web to 5 replicas" -n shop',
    'kubelet-wuhrai --quiet "which pods are not ready?" > report.txt',
    'kubectl get pods -o json | kubelet-wuhrai "find pods with high memory usage"',
    'kubelet-wuhrai "vllm://gpu-box:8000" --model=mine',
    'kubelet-wuhrai --user-interface=html --ui-listen-address=127.0.0.1:8888',
  ],
  flags: 'Flags (also keys of ~/.config/kubelet-wuhrai/config.yaml; see docs/configuration.md):',
  flagsOfAll: 'Flags of every command: kubelet-wuhrai --help',
  exitCodes: 'Exit codes:',
  exitCodeLines: [
    ['0', 'answered'],
    ['1', 'failed'],
    ['2', 'bad usage or configuration, or a missing key'],
    ['3', 'something needed an approval that nobody could give'],
    ['4', 'stopped at a limit'],
    ['130', 'interrupted'],
  ],
  fallback: 'default:',
  groups: {
    model: 'Model',
    cluster: 'Cluster',
    permissions: 'What it may do',
    limits: 'Limits',
    tools: 'Tools of your own and MCP',
    output: 'What it shows',
    service: 'HTTP service',
    sessions: 'Sessions',
    files: 'Files',
  },
};

const chinese: HelpWords = {
  what: 'Kubernetes 智能助手：查询集群，展示将要进行的变更，并征求您的同意',
  usageTitle: '用法：',
  usage: [
    ['kubelet-wuhrai', '连续对话'],
    ['kubelet-wuhrai "问题" [参数]', '提一个问题'],
    ['命令 | kubelet-wuhrai "问题"', '针对命令的输出提问'],
    ['kubelet-wuhrai 子命令', '执行下列子命令之一'],
  ],
  commands: '子命令（kw 是 kubelet-wuhrai 的短名称；作为 kubectl 插件时是 kubectl wuhrai）：',
  more: '子命令详情：kubelet-wuhrai help 子命令。不是子命令的内容都是问题；可用 -- 明确表示：kubelet-wuhrai -- version',
  examples: '示例：',
  exampleLines: [
    'kubelet-wuhrai init',
    'kubelet-wuhrai "为什么 checkout 一直失败？"',
    'kubelet-wuhrai "把 web 扩到 5 个副本" -n shop',
    'kubelet-wuhrai --quiet "哪些 Pod 没有就绪？" > report.txt',
    'kubectl get pods -o json | kubelet-wuhrai "找出内存占用高的 Pod"',
    'kubelet-wuhrai "vllm://gpu-box:8000" --model=mine',
    'kubelet-wuhrai --user-interface=html --ui-listen-address=127.0.0.1:8888',
  ],
  flags: '参数（也是 ~/.config/kubelet-wuhrai/config.yaml 的键，参见 docs/configuration.md）：',
  flagsOfAll: '通用参数：kubelet-wuhrai --help',
  exitCodes: '退出码：',
  exitCodeLines: [
    ['0', '已回答'],
    ['1', '失败'],
    ['2', '用法或配置错误，或缺少密钥'],
    ['3', '需要批准但无人可询问'],
    ['4', '达到限制'],
    ['130', '被中断'],
  ],
  fallback: '默认：',
  groups: {
    model: '模型',
    cluster: '集群',
    permissions: '权限',
    limits: '限制',
    tools: '自定义工具与 MCP',
    output: '显示',
    service: 'HTTP 服务',
    sessions: '会话',
    files: '文件',
  },
};

/** The sentences of a language. */
export function helpWordsIn(language: 'en' | 'zh'): HelpWords {
  return language === 'zh' ? chinese : english;
}
