import type { DocsTexts } from './docs-texts.ts';
import type { OptionKind } from './option.ts';

/** The English page. */
export const docsTextsEn: DocsTexts = {
  head: `# Configuration

[中文](configuration.zh-CN.md)

<!-- Generated from packages/runtime/src/config/options.ts by \`pnpm docs:generate\`. Do not edit. -->

Settings come from four places; the later one wins: the default, the file, environment variables, flags.

The file is \`~/.config/kubelet-wuhrai/config.yaml\` (or the one named by \`--config\` or \`KW_CONFIG\`). Nothing is ever read from the working directory.
Keys are written in kebab-case; \`camelCase\` and \`snake_case\` are understood as well. \`\${NAME}\` in a value is replaced by the environment variable,
and a variable that is not set is an error. An unknown key is a warning that names the file, the line and the nearest key.

\`\`\`yaml
llm-provider: deepseek
model: deepseek-chat
permissions: ask-writes
rules:
  - { action: deny, effect: write, context: "prod*", reason: "production is changed by pipelines only" }
  - { action: allow, verb: scale, kind: deployments, namespace: dev }
\`\`\`

Switches are given as \`--quiet\`, \`--quiet=true\` or \`--quiet=false\`; flags may stand before or after the question.

## Settings
`,
  providers: `## Providers

| provider | key: the first variable that is set wins | address | default model |
|---|---|---|---|`,
  tail: `| \`offline\` | none: answers by rules, without a language model | - | \`rules\` |

The address may also stand in the provider's place: \`--llm-provider=vllm://host:8000\`.

A key may also stand in the file, as \`api-keys: {deepseek: "..."}\` or \`deepseek-api-key: "..."\`; a warning says so where others can read the file.
Variables are stronger than the file. Keys never reach a child process, a log, a model or the screen.

### A model is stronger than the provider of the file

\`--model=qwen-turbo\` goes to the provider that serves it even where the file says \`llm-provider: deepseek\`; one line on standard error says so.
An explicit \`--llm-provider\` always wins, and any model name given beside it is passed on unchanged; a model of the file that another vendor serves is set aside, which one line says, too.

### Providers of your own

\`\`\`yaml
llm-provider: gateway
providers:
  gateway:
    base-url: https://llm.example.com/v1
    api-key-env: GATEWAY_API_KEY
    models: [house-large, house-small]
    context-window: 32768
    prices:
      house-large: { input: 0.5, output: 1.5, currency: USD } # per million tokens
\`\`\`

The name of a known provider changes that provider; what is left out stays as it is there, or as in \`openai-compatible\`.

## Proxies and certificates

Requests to models go through the proxy in \`HTTPS_PROXY\` or \`HTTP_PROXY\` (by the address of the service), else \`ALL_PROXY\`, in lower or upper case;
\`http://\`, \`https://\` and \`socks5://\` are understood. \`NO_PROXY\` names hosts, suffixes, addresses and networks (\`10.0.0.0/8\`) that are reached directly.
A service on this machine is reached through a proxy on this machine only. Commands get the same variables.

A certificate authority of your own: \`NODE_EXTRA_CA_CERTS=/path/ca.pem\`. \`LLM_SKIP_VERIFY_SSL=true\` accepts any certificate of the configured service.

## Where a value came from

\`kubelet-wuhrai config\` shows each setting with the file and line, the variable or the flag that set it.
`,
  list: ', ',
  rows: { key: 'Key', flag: 'Flag', variable: 'Variable', value: 'Value', fallback: 'Default', example: 'Example' },
  provider: { experimental: ' (experimental)', optional: ' (optional)', otherwise: ', else ' },
  description: ({ description }) => description,
  value: valueOf,
};

function valueOf(kind: OptionKind): string {
  switch (kind.type) {
    case 'text':
      return kind.isPath === true ? 'path (`~/` is the home directory)' : 'text';
    case 'switch':
      return '`true` or `false`';
    case 'integer':
      return `${kind.min} to ${kind.max}`;
    case 'seconds':
      return `${kind.min} to ${kind.max} seconds (\`30s\`, \`5m\`, \`1h\` and \`30d\` work, too)`;
    case 'decimal':
      return `a number from ${kind.min} to ${kind.max}`;
    case 'choice':
      return kind.values.map((value) => `\`${value}\``).join(', ');
    case 'texts':
      return 'a map of names to texts';
    case 'list':
      return `a list of ${kind.isPath === true ? 'paths' : 'texts'}; in a flag separated by commas`;
    case 'providers':
      return 'a map of names to descriptions of providers';
    case 'rules':
      return 'a list of rules';
    case 'entries':
      return `a list of ${kind.of}; only in the file`;
  }
}
