import type { CommandName } from '../commands/table.ts';
import type { Bilingual } from '../errors.ts';

/** What `help COMMAND` adds to the table. */
export interface HelpPage {
  readonly text: Bilingual;
  /** Arguments after the program's name. */
  readonly examples: readonly string[];
}

/** More about a command, with examples. */
export const pages: ReadonlyMap<CommandName, HelpPage> = new Map<CommandName, HelpPage>([
  [
    'init',
    {
      text: {
        en: 'Asks for a provider, its key, a model, the kube context and the language, tries them, and writes ~/.config/kubelet-wuhrai/config.yaml, readable by you only. What the file holds already is kept; the change is shown first. With --yes nothing is asked: provider and model come from flags, the key from its variable or standard input, never from a flag.',
        zh: '依次询问服务、密钥、模型、集群 context 和语言，测试后写入 ~/.config/kubelet-wuhrai/config.yaml（仅本人可读）。文件中已有的内容会保留，写入前先展示变更。使用 --yes 时不做任何询问：服务和模型来自参数，密钥来自环境变量或标准输入，绝不来自参数。',
      },
      examples: ['init', 'init --llm-provider=qwen --model=qwen-plus --yes', 'init --llm-provider=deepseek --yes < key.txt'],
    },
  ],
  [
    'doctor',
    {
      text: {
        en: 'Checks everything that an answer needs, each within a few seconds: configuration, key, the way to the model service (DNS, TCP, TLS, proxy), the model, kubectl, kubeconfig, the cluster and what you may do there, directories, tools and MCP files, terminal. One line each, with the way out. Exit code 0 when nothing failed, else 1.',
        zh: '检查回答问题所需的一切，每项限时几秒：配置、密钥、到模型服务的网络（DNS、TCP、TLS、代理）、模型、kubectl、kubeconfig、集群及您的权限、目录、工具与 MCP 文件、终端。每项一行，并给出解决办法。没有失败项时退出码为 0，否则为 1。',
      },
      examples: ['doctor', 'doctor --json', 'doctor --context=staging --llm-provider=qwen'],
    },
  ],
  [
    'resume',
    {
      text: {
        en: 'Goes on with a question that waits for your answer, or that a crash cut. Without a name: the latest session that has something open.',
        zh: '继续一个等待您答复、或被中断的问题。不写会话名时，使用最近一个有未完成内容的会话。',
      },
      examples: ['resume', 'resume session_1764'],
    },
  ],
  [
    'sessions',
    {
      text: {
        en: 'A session is named by its id, by the beginning of one, or by the word latest. Deleting takes its outputs along; on a terminal it is asked first.',
        zh: '会话可用完整编号、编号开头或 latest 表示。删除会话会同时删除其输出；在终端中会先确认。',
      },
      examples: [
        'sessions',
        'sessions list checkout',
        'sessions show latest',
        'sessions rename latest "checkout incident"',
        'sessions delete session_1764 --yes',
      ],
    },
  ],
  [
    'export',
    {
      text: {
        en: 'Questions, answers and every command with its effect, decision and result, and how to repeat them; secrets are hidden. It is written to standard output.',
        zh: '包含问题、回答、每条命令及其影响、决定和结果，以及重现方法；机密已隐藏。写到标准输出。',
      },
      examples: ['export latest > handover.md', 'export session_1764 --json | jq .runs'],
    },
  ],
  [
    'models',
    {
      text: {
        en: 'The models of the provider, asked from the provider itself where the key works, with window and price where they are known, and advice which to take. In a pipe: one name a line.',
        zh: '列出服务的模型（密钥可用时直接查询服务），并给出已知的上下文窗口和价格，以及选择建议。在管道中每行一个名称。',
      },
      examples: ['models', '--llm-provider=qwen --quiet models', 'models --json'],
    },
  ],
  [
    'tools',
    {
      text: {
        en: 'The tools that the model is given and where each comes from: built in, your tools.yaml, or an MCP server. No model is asked.',
        zh: '列出提供给模型的工具及其来源：内置、您的 tools.yaml 或 MCP 服务。不会请求模型。',
      },
      examples: ['tools', '--mcp-client tools', 'tools --json'],
    },
  ],
  [
    'config',
    {
      text: {
        en: 'Every setting with its value and its source: the default, a line of the file, a variable or a flag. Secrets are not shown.',
        zh: '列出每项设置的值及其来源：默认值、文件的某一行、环境变量或参数。不显示机密。',
      },
      examples: ['config', 'config --json', '--model=qwen-turbo config'],
    },
  ],
  [
    'diagnose',
    {
      text: {
        en: 'Reads the cluster once and tells what is broken: pods that can not be scheduled, pull, start or become ready, workloads, nodes, Services and more, each with its evidence and what to do. What explains others stands first. What may not be read is listed as not checked. Needs no key and no model, and changes nothing. It looks at the namespace of -n or of the context, else at all. Exit code 0 also with findings, 5 with --fail-on.',
        zh: '一次性读取集群并指出故障：无法调度、拉取镜像、启动或就绪的 Pod，以及工作负载、节点、Service 等，并给出证据和处理办法。能解释其他问题的排在最前。无权读取的内容列为未检查。不需要密钥和模型，不做任何更改。检查 -n 或 context 指定的命名空间，未指定时检查所有命名空间。有问题时退出码仍为 0，使用 --fail-on 时为 5。',
      },
      examples: [
        'diagnose',
        'diagnose -A --severity=warning',
        'diagnose -n shop -l app=checkout --since=1h',
        'diagnose -A --kinds=nodes,pvc -o json | jq .findings',
        'diagnose -n shop --fail-on=critical',
        'diagnose -A -o markdown > report.md',
      ],
    },
  ],
  [
    'explain-command',
    {
      text: {
        en: 'How a command would be judged if the model asked for it: effect, traits, target, reasons, and what your permissions and rules make of it. Nothing is run.',
        zh: '说明当模型要求执行某条命令时会如何判定：影响、特征、目标、原因，以及您的权限和规则的结论。不会执行任何命令。',
      },
      examples: ["explain-command 'kubectl delete pod web-1 -n shop'", "explain-command 'kubectl get pods | grep web > /tmp/x' --json"],
    },
  ],
  [
    'mcp',
    {
      text: {
        en: 'The MCP servers of ~/.config/kubelet-wuhrai/mcp.yaml: how each stands, its tools, a test of the connection, trust in what it shows, a sign-in; and entries for other clients that use kubelet-wuhrai as their server. Questions use the servers with --mcp-client.',
        zh: '~/.config/kubelet-wuhrai/mcp.yaml 中的 MCP 服务：状态、工具、连接测试、信任、登录；以及供其他客户端把 kubelet-wuhrai 用作服务的配置片段。提问时用 --mcp-client 启用这些服务。',
      },
      examples: ['mcp', 'mcp tools', 'mcp test cloudflare-docs', 'mcp snippet claude-desktop'],
    },
  ],
  [
    'demo',
    {
      text: {
        en: 'A cluster inside this process with a shop that a bad release broke. Without a key a model of rules answers.',
        zh: '在本进程内模拟一个集群，其中的商店被一次错误的发布弄坏了。没有密钥时由规则模型回答。',
      },
      examples: ['demo', 'demo "scale web to 5 replicas"'],
    },
  ],
  [
    'completion',
    {
      text: {
        en: 'Prints a script that completes commands, flags, values, sessions, models, contexts and namespaces.',
        zh: '输出补全脚本：可补全子命令、参数、取值、会话、模型、context 和命名空间。',
      },
      examples: [
        'completion bash > ~/.local/share/bash-completion/completions/kubelet-wuhrai',
        'completion zsh > "${fpath[1]}/_kubelet-wuhrai"',
        'completion fish > ~/.config/fish/completions/kubelet-wuhrai.fish',
      ],
    },
  ],
]);
