import type { OptionSpec } from './option.ts';

/** What a question is answered with: model, cluster, permissions, limits. */
export const questionOptions: readonly OptionSpec[] = [
  {
    key: 'llm-provider',
    kind: { type: 'text', placeholder: 'PROVIDER' },
    description: 'Service that answers: deepseek, openai, openai-compatible, vllm, ... or a URL such as vllm://host:8000.',
    descriptionZh: '提供回答的服务：deepseek、openai、openai-compatible、vllm……或 URL，例如 vllm://host:8000。',
    fallback: 'deepseek',
    example: 'deepseek',
  },
  {
    key: 'model',
    kind: { type: 'text', placeholder: 'MODEL' },
    description: "Model's name; the provider's default where it is missing. Any name is passed on unchanged.",
    descriptionZh: '模型名称；未设置时使用服务的默认模型。任何名称都会原样传递。',
    example: 'deepseek-chat',
  },
  {
    key: 'api-keys',
    kind: { type: 'texts' },
    flag: false,
    secret: true,
    description: 'API keys by provider, for those who do not want environment variables. Variables are stronger.',
    descriptionZh: '按服务设置的 API 密钥，供不想使用环境变量的用户；环境变量优先。',
    example: '{deepseek: "${MY_KEY}"}',
  },
  {
    key: 'providers',
    kind: { type: 'providers' },
    flag: false,
    description:
      'Services of your own, or changes of known ones: {name: {base-url, api-key-env, models, default-model, quirks, prices, context-window}}.',
    descriptionZh:
      '自定义服务，或对内置服务的修改：{名称: {base-url, api-key-env, models, default-model, quirks, prices, context-window}}。',
    example: '{gateway: {base-url: "https://llm.example.com/v1", api-key-env: GATEWAY_KEY}}',
  },
  {
    key: 'enable-tool-use-shim',
    kind: { type: 'switch' },
    description:
      'true: tools are offered in the prompt, for models without tool calls of their own; false: never. Otherwise only where the server says that it has none.',
    descriptionZh: 'true：在提示词中提供工具，用于不支持工具调用的模型；false：从不使用。未设置时仅在服务端表示不支持时使用。',
  },
  {
    key: 'skip-verify-ssl',
    kind: { type: 'switch' },
    env: ['LLM_SKIP_VERIFY_SSL'],
    description: 'Accept any certificate of the configured model service, and of nobody else. Warned of at each start.',
    descriptionZh: '接受所配置模型服务的任何证书（仅限该服务）；每次启动都会警告。',
    fallback: false,
  },
  {
    key: 'kubeconfig',
    kind: { type: 'text', placeholder: 'FILE', isPath: true },
    description: "kubeconfig file; otherwise KUBECONFIG, ~/.kube/config or the pod's service account.",
    descriptionZh: 'kubeconfig 文件；否则使用 KUBECONFIG、~/.kube/config 或 Pod 的服务账号。',
  },
  {
    key: 'context',
    kind: { type: 'text', placeholder: 'CONTEXT' },
    description: 'kube context to act in; the current one where it is missing.',
    descriptionZh: '要操作的 kube context；未设置时使用当前 context。',
  },
  {
    key: 'namespace',
    short: 'n',
    kind: { type: 'text', placeholder: 'NAMESPACE' },
    description: "Namespace that is meant where none is named; the context's own where it is missing.",
    descriptionZh: '未指明时使用的命名空间；未设置时使用 context 自带的命名空间。',
  },
  {
    key: 'permissions',
    kind: { type: 'choice', values: ['read-only', 'suggest', 'ask-writes', 'ask-all', 'auto'] },
    description:
      'How far it may go by itself: only read, only suggest, ask before writes, ask before everything, or not ask for ordinary writes.',
    descriptionZh: '自主程度：只读、只建议、写操作前询问、全部询问、普通写操作不询问。',
    fallback: 'ask-writes',
  },
  {
    key: 'read-only',
    kind: { type: 'switch' },
    description: 'The same as permissions: read-only. Nothing but reads is run.',
    descriptionZh: '等同于 permissions: read-only。只执行读操作。',
    fallback: false,
  },
  {
    key: 'skip-permissions',
    kind: { type: 'switch' },
    description: 'The same as permissions: auto. Dangerous and unknown commands are still asked.',
    descriptionZh: '等同于 permissions: auto。危险和无法判定的命令仍会询问。',
    fallback: false,
  },
  {
    key: 'dangerously-allow',
    kind: { type: 'switch' },
    description: 'With skip-permissions: run dangerous and unknown commands unasked, too.',
    descriptionZh: '与 skip-permissions 一起使用：危险和无法判定的命令也不询问。',
    fallback: false,
  },
  {
    key: 'rules',
    kind: { type: 'rules' },
    flag: false,
    description:
      'Rules in front of permissions: {action: allow|ask|deny, tool, effect, verb, kind, namespace, context, reason}. Deny wins.',
    descriptionZh: '优先于 permissions 的规则：{action: allow|ask|deny, tool, effect, verb, kind, namespace, context, reason}。deny 优先。',
    example: '[{action: deny, effect: write, context: "prod*"}]',
  },
  {
    key: 'max-iterations',
    kind: { type: 'integer', min: 1, max: 1000 },
    description: 'Model requests of one question; the last one is asked to answer without tools.',
    descriptionZh: '一个问题的模型请求次数上限；最后一次要求不使用工具直接回答。',
    fallback: 20,
  },
  {
    key: 'max-tokens',
    kind: { type: 'integer', min: 1, max: 1_000_000_000 },
    description: 'Tokens that one question may use in all; no limit where it is missing.',
    descriptionZh: '一个问题可用的 token 总数；未设置时不限。',
  },
  {
    key: 'max-cost',
    kind: { type: 'decimal', min: 0.0001, max: 1_000_000 },
    description:
      'Money that one question may cost, in the currency of the prices of its model; no limit where it is missing. It needs a model whose prices are known.',
    descriptionZh: '一个问题的费用上限，以模型价格的货币计；未设置时不限。需要已知价格的模型。',
    example: '0.5',
  },
  {
    key: 'timeout',
    kind: { type: 'seconds', min: 1, max: 86_400 },
    description: 'Seconds that one question may take; no limit where it is missing.',
    descriptionZh: '一个问题的时间上限（秒）；未设置时不限。',
    example: '300',
  },
  {
    key: 'tool-timeout',
    kind: { type: 'seconds', min: 1, max: 600 },
    description: 'Seconds that one command may take.',
    descriptionZh: '单条命令的时间上限（秒）。',
    fallback: 60,
  },
  {
    key: 'headers-timeout',
    kind: { type: 'seconds', min: 1, max: 3600 },
    description: "Seconds until the model's service begins to answer.",
    descriptionZh: '模型服务开始应答的时间上限（秒）。',
    fallback: 60,
  },
  {
    key: 'first-word-timeout',
    kind: { type: 'seconds', min: 1, max: 3600 },
    description: "Seconds from there to the model's first word; more for a large model on a small machine.",
    descriptionZh: '从开始应答到模型第一个词的时间上限（秒）；小机器上运行大模型时可调大。',
    fallback: 180,
  },
  {
    key: 'idle-timeout',
    kind: { type: 'seconds', min: 1, max: 3600 },
    description: 'Seconds that the model may pause between two words; then what came is kept and marked as incomplete.',
    descriptionZh: '模型两个词之间停顿的时间上限（秒）；超过后保留已收到的内容并标记为不完整。',
    fallback: 60,
  },
  {
    key: 'context-window',
    kind: { type: 'integer', min: 1024, max: 100_000_000 },
    description: "Tokens that the model can hold, where the model's family is not known or the server is set up otherwise.",
    descriptionZh: '模型的上下文窗口（token），用于未知模型或服务端另有设置的情况。',
  },
];
