/** What people write who know other programs, and what it is called here. */
interface Elsewhere {
  readonly names: readonly string[];
  readonly en: string;
  readonly zh: string;
}

const table: readonly Elsewhere[] = [
  {
    names: ['--endpoint', '--base-url', '--api-base', '--url', '--host'],
    en: "the address stands with the provider (--llm-provider=vllm://gpu-box:8000) or in the provider's variable (OPENAI_ENDPOINT=https://llm.example.com/v1)",
    zh: '地址写在提供商中（--llm-provider=vllm://gpu-box:8000），或放在提供商的环境变量中（OPENAI_ENDPOINT=https://llm.example.com/v1）',
  },
  {
    names: ['--api-key', '--apikey', '--key', '--token'],
    en: 'others on this machine see command lines: a key comes from a variable (DEEPSEEK_API_KEY) or from the file that kubelet-wuhrai init writes',
    zh: '命令行会被本机其他用户看到：密钥来自环境变量（DEEPSEEK_API_KEY），或由 kubelet-wuhrai init 写入文件',
  },
  { names: ['--provider', '--backend'], en: 'it is called --llm-provider', zh: '此处为 --llm-provider' },
  {
    names: ['-y', '--auto-approve', '--yolo', '--force'],
    en: 'what runs without asking is said by --permissions (see kubelet-wuhrai --help)',
    zh: '哪些操作无需确认由 --permissions 决定（见 kubelet-wuhrai --help）',
  },
  {
    names: ['--dry-run'],
    en: 'every change is shown before you are asked; --permissions=suggest runs none',
    zh: '每项变更在询问前都会展示；--permissions=suggest 不执行任何变更',
  },
  { names: ['--verbose', '--debug'], en: 'write -v=2', zh: '请写 -v=2' },
];

/** The way out for a flag that other programs have; undefined for what nobody has. */
export function elsewhere(flag: string): { readonly en: string; readonly zh: string } | undefined {
  return table.find(({ names }) => names.includes(flag));
}
