import { displayWidth, wrapLines } from './render/display-width.ts';
import type { OptionKey, OptionSpec } from '@kw/runtime';
import { options } from '@kw/runtime';

/** Lines longer than this are hard to read, however wide the terminal is. */
const maxColumns = 100;
/** Where the descriptions begin. */
const margin = 32;

/** The text of `--help`, wrapped at words for a terminal of so many columns. */
export function helpText(language: 'en' | 'zh', version: string, columns: number): string {
  const text = language === 'zh' ? chinese : english;
  const width = Math.min(columns, maxColumns);
  const parts = [
    wrapLines(`kubelet-wuhrai ${version} - ${text.what}`, width),
    [text.usage],
    [text.examples],
    [...wrapLines(text.flags, width), ...flagLines(language, width)],
    [text.exitCodes],
  ];
  return `${parts.map((lines) => lines.map((line) => line.trimEnd()).join('\n')).join('\n\n')}\n`;
}

const english = {
  what: 'an agent for Kubernetes: asks the cluster, shows what it would change, and asks you',
  usage: `Usage:
  kubelet-wuhrai "QUESTION" [flags]      ask (kw is the short name)
  COMMAND | kubelet-wuhrai "QUESTION"    ask about what a command printed
  kubelet-wuhrai resume [SESSION]        go on with what waits for you
  kubelet-wuhrai demo ["QUESTION"]       try it on a simulated cluster, no key
  kubelet-wuhrai models                  list models
  kubelet-wuhrai version | help`,
  examples: `Examples:
  export DEEPSEEK_API_KEY=...
  kubelet-wuhrai "why is checkout failing?"
  kubelet-wuhrai "scale web to 5 replicas" -n shop
  kubelet-wuhrai --quiet "which pods are not ready?" > report.txt
  kubectl get pods -o json | kubelet-wuhrai "find pods with high memory usage"
  kubelet-wuhrai --llm-provider=vllm://gpu-box:8000 --model=mine "list nodes"
  kubelet-wuhrai --user-interface=html --ui-listen-address=127.0.0.1:8888`,
  flags: 'Flags (also keys of ~/.config/kubelet-wuhrai/config.yaml; see docs/configuration.md):',
  exitCodes: `Exit codes:
    0  answered
    1  failed
    2  bad usage or configuration, or a missing key
    3  something needed an approval that nobody could give
    4  stopped at a limit
  130  interrupted`,
  fallback: 'default:',
  groups: {
    model: 'Model',
    cluster: 'Cluster',
    permissions: 'What it may do',
    limits: 'Limits',
    output: 'What it shows',
    service: 'HTTP service',
    files: 'Files',
  },
} as const;

const chinese = {
  what: 'Kubernetes 智能助手:查询集群,展示将要进行的变更,并征求您的同意',
  usage: `用法:
  kubelet-wuhrai "问题" [参数]            提问(kw 是短名称)
  命令 | kubelet-wuhrai "问题"            针对命令的输出提问
  kubelet-wuhrai resume [会话]            继续等待您答复的问题
  kubelet-wuhrai demo ["问题"]            在模拟集群上试用,无需密钥和集群
  kubelet-wuhrai models                   列出模型
  kubelet-wuhrai version | help`,
  examples: `示例:
  export DEEPSEEK_API_KEY=...
  kubelet-wuhrai "为什么 checkout 一直失败?"
  kubelet-wuhrai "把 web 扩到 5 个副本" -n shop
  kubelet-wuhrai --quiet "哪些 Pod 没有就绪?" > report.txt
  kubectl get pods -o json | kubelet-wuhrai "找出内存占用高的 Pod"
  kubelet-wuhrai --llm-provider=vllm://gpu-box:8000 --model=mine "列出节点"
  kubelet-wuhrai --user-interface=html --ui-listen-address=127.0.0.1:8888`,
  flags: '参数(也是 ~/.config/kubelet-wuhrai/config.yaml 的键,参见 docs/configuration.md):',
  exitCodes: `退出码:
    0  已回答
    1  失败
    2  用法或配置错误,或缺少密钥
    3  需要批准但无人可询问
    4  达到限制
  130  被中断`,
  fallback: '默认:',
  groups: { model: '模型', cluster: '集群', permissions: '权限', limits: '限制', output: '显示', service: 'HTTP 服务', files: '文件' },
} as const;

/** The settings stand in the order of the documentation; with these keys another group begins. */
const firstOfGroup = new Map<OptionKey, keyof typeof english.groups>([
  ['llm-provider', 'model'],
  ['kubeconfig', 'cluster'],
  ['permissions', 'permissions'],
  ['max-iterations', 'limits'],
  ['quiet', 'output'],
  ['user-interface', 'service'],
  ['state-dir', 'files'],
]);

function flagLines(language: 'en' | 'zh', width: number): readonly string[] {
  const text = language === 'zh' ? chinese : english;
  const specs: readonly OptionSpec[] = options;
  return specs
    .filter((spec) => spec.flag !== false)
    .flatMap((spec) => {
      const group = firstOfGroup.get(spec.key);
      return [...(group === undefined ? [] : ['', `  ${text.groups[group]}`]), ...flagRow(spec, { language, width })];
    });
}

function flagRow(spec: OptionSpec, { language, width }: { readonly language: 'en' | 'zh'; readonly width: number }): readonly string[] {
  const name = `  ${spec.short === undefined ? '    ' : `-${spec.short}, `}--${spec.key}${valueOf(spec)}`;
  const fallback =
    spec.fallback === undefined || spec.fallback === false
      ? ''
      : ` (${(language === 'zh' ? chinese : english).fallback} ${String(spec.fallback)})`;
  const words = `${language === 'zh' ? spec.descriptionZh : spec.description}${fallback}`;
  // On a narrow terminal the descriptions stand below, or they would be columns of single words.
  const indent = width < 72 ? 10 : margin;
  const lines = wrapLines(words, width - indent).map((line) => `${' '.repeat(indent)}${line}`);
  if (displayWidth(name) > indent - 2) return [name, ...lines];
  return [`${name}${(lines[0] ?? '').slice(displayWidth(name))}`, ...lines.slice(1)];
}

function valueOf({ kind }: OptionSpec): string {
  switch (kind.type) {
    case 'text':
      return ` ${kind.placeholder}`;
    case 'integer':
      return ' N';
    case 'seconds':
      return ' SECONDS';
    case 'choice':
      return ` ${kind.values.join('|')}`;
    case 'switch':
    case 'texts':
    case 'rules':
      return '';
  }
}
