import { presets } from '@kw/providers';
import type { OptionSpec } from './option.ts';
import { options } from './options.ts';

/** The text of `docs/configuration.md`, made from the table that the program reads. */
export function configurationDocs(): string {
  return `${head}\n${options.map(section).join('\n')}\n${tail}`;
}

const head = `# Configuration

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
`;

function section(spec: OptionSpec): string {
  const rows = [
    ['Key', spec.file === false ? '-' : codes([spec.key, ...(spec.aliases ?? [])])],
    ['Flag', spec.flag === false ? '-' : codes(flagsOf(spec))],
    ['Variable', spec.env === undefined ? '-' : spec.env.map((name) => `\`${name}\``).join(', ')],
    ['Value', valueOf(spec)],
    ['Default', spec.fallback === undefined ? '-' : `\`${String(spec.fallback)}\``],
    ...(spec.example === undefined ? [] : [['Example', `\`${spec.key}: ${spec.example}\``]]),
  ];
  const table = rows.map(([name, value]) => `| ${name ?? ''} | ${value ?? ''} |`).join('\n');
  return `### ${spec.key}\n\n${spec.description}\n\n| | |\n|---|---|\n${table}\n`;
}

function flagsOf({ key, short, aliases = [] }: OptionSpec): readonly string[] {
  return [...(short === undefined ? [] : [`-${short}`]), ...[key, ...aliases].map((name) => `--${name}`)];
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function valueOf({ kind }: OptionSpec): string {
  switch (kind.type) {
    case 'text':
      return kind.isPath === true ? 'path (`~/` is the home directory)' : 'text';
    case 'switch':
      return '`true` or `false`';
    case 'integer':
      return `${kind.min} to ${kind.max}`;
    case 'seconds':
      return `${kind.min} to ${kind.max} seconds (\`30s\`, \`5m\` and \`1h\` work, too)`;
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
  }
}

function providerRow({ id, aliases, keyVariables, keyRequired, endpointVariables }: (typeof presets)[number]): string {
  const named = [id, ...aliases].map((name) => `\`${name}\``).join(', ');
  const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');
  return `| ${named} | ${list(keyVariables)}${keyRequired ? '' : ' (optional)'}; address: ${list(endpointVariables)} |`;
}

const tail = `## Keys of the providers

| provider | variables, the first one that is set wins |
|---|---|
${presets.map(providerRow).join('\n')}
| \`offline\` | none: answers by rules, without a language model |

The address may also stand in the provider's place: \`--llm-provider=vllm://host:8000\`.

A key may also stand in the file, as \`api-keys: {deepseek: "..."}\` or \`deepseek-api-key: "..."\`; a warning says so where others can read the file.
Keys never reach a child process, a log, a model or the screen.

## A model is stronger than the provider of the file

\`--model=qwen-turbo\` goes to the provider that serves it even where the file says \`llm-provider: deepseek\`; one line on standard error says so.
An explicit \`--llm-provider\` always wins, and any model name is passed on to it unchanged.
`;
