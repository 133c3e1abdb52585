import type { DocsTexts } from './docs-texts.ts';
import type { OptionKind } from './option.ts';

/** The Chinese page. */
export const docsTextsZh: DocsTexts = {
  head: `# 配置

[English](configuration.md)

<!-- Generated from packages/runtime/src/config/options.ts by \`pnpm docs:generate\`. Do not edit. -->

设置有四个来源，后面的优先：默认值、配置文件、环境变量、命令行参数。

配置文件是 \`~/.config/kubelet-wuhrai/config.yaml\`（或由 \`--config\`、\`KW_CONFIG\` 指定）。不会从工作目录读取任何内容。
键用 kebab-case 书写，也接受 \`camelCase\` 和 \`snake_case\`。值中的 \`\${NAME}\` 会替换为环境变量的值，变量未设置则报错。
未知的键会产生警告，指出文件、行号和最接近的键。

\`\`\`yaml
llm-provider: deepseek
model: deepseek-chat
permissions: ask-writes
rules:
  - { action: deny, effect: write, context: "prod*", reason: "生产环境只能由流水线变更" }
  - { action: allow, verb: scale, kind: deployments, namespace: dev }
\`\`\`

开关写作 \`--quiet\`、\`--quiet=true\` 或 \`--quiet=false\`；参数可以放在问题之前或之后。

## 设置项
`,
  providers: `## 提供商

| 提供商 | 密钥：最先设置的变量生效 | 地址 | 默认模型 |
|---|---|---|---|`,
  tail: `| \`offline\` | 无：按规则回答，不使用语言模型 | - | \`rules\` |

地址也可以写在提供商的位置：\`--llm-provider=vllm://host:8000\`。

密钥也可以写在配置文件中：\`api-keys: {deepseek: "..."}\` 或 \`deepseek-api-key: "..."\`；如果其他人能读取该文件，会有警告。
环境变量优先于配置文件。密钥绝不会进入子进程、日志、模型或屏幕。

### 模型优先于配置文件中的提供商

即使配置文件中写着 \`llm-provider: deepseek\`，\`--model=qwen-turbo\` 仍会使用提供该模型的服务，并在标准错误中用一行说明。反之，\`--llm-provider=deepseek\` 会忽略文件中属于其他厂商的模型，并同样说明。
明确给出的 \`--llm-provider\` 总是优先，任何模型名称都会原样传给它。

### 自定义提供商

\`\`\`yaml
llm-provider: gateway
providers:
  gateway:
    base-url: https://llm.example.com/v1
    api-key-env: GATEWAY_API_KEY
    models: [house-large, house-small]
    context-window: 32768
    prices:
      house-large: { input: 0.5, output: 1.5, currency: USD } # 每百万 token
\`\`\`

与内置提供商同名表示修改它；未写的内容沿用该提供商的设置，新名称则沿用 \`openai-compatible\` 的设置。

## 代理与证书

对模型的请求经过 \`HTTPS_PROXY\` 或 \`HTTP_PROXY\`（取决于服务地址）中的代理，否则经过 \`ALL_PROXY\`，变量名大小写均可；
支持 \`http://\`、\`https://\` 和 \`socks5://\`。\`NO_PROXY\` 列出直接连接的主机、域名后缀、地址和网段（\`10.0.0.0/8\`）。
本机上的服务只会经过本机上的代理。命令得到同样的变量。

自有的证书颁发机构：\`NODE_EXTRA_CA_CERTS=/path/ca.pem\`。\`LLM_SKIP_VERIFY_SSL=true\` 接受所配置服务的任何证书。

## 值的来源

\`kubelet-wuhrai config\` 显示每项设置，以及它来自哪个文件的哪一行、哪个变量或哪个参数。
`,
  list: '、',
  rows: { key: '键', flag: '参数', variable: '变量', value: '取值', fallback: '默认', example: '示例' },
  provider: { experimental: '（实验性）', optional: '（可选）', otherwise: '，否则 ' },
  description: ({ descriptionZh }) => descriptionZh,
  value: valueOf,
};

const entryNames: ReadonlyMap<string, string> = new Map([
  ['tokens', '令牌'],
  ['rules', '规则'],
]);

function valueOf(kind: OptionKind): string {
  switch (kind.type) {
    case 'text':
      return kind.isPath === true ? '路径（`~/` 表示主目录）' : '文本';
    case 'switch':
      return '`true` 或 `false`';
    case 'integer':
      return `${kind.min} 到 ${kind.max}`;
    case 'seconds':
      return `${kind.min} 到 ${kind.max} 秒（也可写作 \`30s\`、\`5m\`、\`1h\`、\`30d\`）`;
    case 'decimal':
      return `${kind.min} 到 ${kind.max} 的数`;
    case 'choice':
      return kind.values.map((value) => `\`${value}\``).join('、');
    case 'texts':
      return '名称到文本的映射';
    case 'list':
      return `${kind.isPath === true ? '路径' : '文本'}列表；在参数中用逗号分隔`;
    case 'providers':
      return '名称到提供商描述的映射';
    case 'rules':
      return '规则列表';
    case 'entries':
      return `${entryNames.get(kind.of) ?? kind.of}列表；只能写在配置文件中`;
  }
}
