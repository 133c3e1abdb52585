import type { OptionSpec } from '@kw/runtime';
import { options } from '@kw/runtime';

/** The text of `--help`. */
export function helpText(language: 'en' | 'zh', version: string): string {
  const text = language === 'zh' ? chinese : english;
  return [`kubelet-wuhrai ${version} - ${text.what}`, '', text.usage, '', text.examples, '', text.flags, ...flagLines(language), '', text.exitCodes, ''].join('\n');
}

const english = {
  what: 'an agent for Kubernetes: asks the cluster, shows what it would change, and asks you',
  usage: `Usage:
  kubelet-wuhrai "QUESTION" [flags]      ask (kw is the short name)
  COMMAND | kubelet-wuhrai "QUESTION"    ask about what a command printed
  kubelet-wuhrai resume [SESSION]        go on with a question that waits for you
  kubelet-wuhrai demo ["QUESTION"]       try it on a simulated cluster, without key and cluster
  kubelet-wuhrai models                  list models
  kubelet-wuhrai version | help`,
  examples: `Examples:
  export DEEPSEEK_API_KEY=...
  kubelet-wuhrai "why is checkout failing?"
  kubelet-wuhrai "scale web to 5 replicas" -n shop
  kubelet-wuhrai --quiet "which pods are not ready?" > report.txt
  kubectl get pods -o json | kubelet-wuhrai "find pods with high memory usage"
  kubelet-wuhrai --llm-provider=vllm://gpu-box:8000 --model=my-model "list nodes"
  kubelet-wuhrai --user-interface=html --ui-listen-address=127.0.0.1:8888`,
  flags: 'Flags (also keys of ~/.config/kubelet-wuhrai/config.yaml; see docs/configuration.md):',
  exitCodes: 'Exit codes: 0 answered, 1 failed, 2 bad usage or configuration, 3 an approval was needed and nobody could give it, 4 stopped at a limit, 130 interrupted.',
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
  kubelet-wuhrai --llm-provider=vllm://gpu-box:8000 --model=my-model "列出节点"
  kubelet-wuhrai --user-interface=html --ui-listen-address=127.0.0.1:8888`,
  flags: '参数(也是 ~/.config/kubelet-wuhrai/config.yaml 的键,参见 docs/configuration.md):',
  exitCodes: '退出码:0 已回答,1 失败,2 用法或配置错误,3 需要批准但无人可询问,4 达到限制,130 被中断。',
} as const;

function flagLines(language: 'en' | 'zh'): readonly string[] {
  const specs: readonly OptionSpec[] = options;
  return specs
    .filter((spec) => spec.flag !== false)
    .flatMap((spec) => {
      const name = `  ${spec.short === undefined ? '    ' : `-${spec.short}, `}--${spec.key}${valueOf(spec)}`;
      const fallback = spec.fallback === undefined || spec.fallback === false ? '' : ` (${String(spec.fallback)})`;
      const words = `${language === 'zh' ? spec.descriptionZh : spec.description}${fallback}`;
      return name.length > 34 ? [name, `${' '.repeat(36)}${words}`] : [`${name.padEnd(36)}${words}`];
    });
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
