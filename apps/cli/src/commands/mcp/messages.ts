/** What `mcp` says, in one language. */
export interface McpMessages {
  readonly noFile: (path: string) => string;
  readonly noServers: (path: string) => string;
  readonly file: (path: string) => string;
  readonly states: Readonly<Record<'off' | 'idle' | 'connecting' | 'ready' | 'failed' | 'disabled', string>>;
  readonly tools: (count: number) => string;
  readonly changed: (names: string) => string;
  readonly which: (subcommand: string) => string;
  readonly whichClient: (clients: string) => string;
  readonly tested: (server: string, tools: number, connectMs: number, pingMs: number) => string;
  readonly trustQuestion: (name: string, place: string) => string;
  readonly notTrusted: string;
  readonly trusted: (name: string, tools: number) => string;
  readonly openPage: string;
  readonly signedIn: (name: string) => string;
  readonly alreadySignedIn: (name: string) => string;
  readonly into: (file: string) => string;
  readonly orRun: string;
}

const english: McpMessages = {
  noFile: (path) => `No MCP servers are configured: ${path} is not there (docs/mcp.md says what it may hold).`,
  noServers: (path) => `${path} names no servers.`,
  file: (path) => `Servers of ${path}:`,
  states: {
    off: 'off',
    idle: 'not used yet',
    connecting: 'does not answer yet',
    ready: 'ready',
    failed: 'failed',
    disabled: 'disabled',
  },
  tools: (count) => (count === 1 ? '1 tool' : `${count} tools`),
  changed: (names) => `disabled until approved: ${names}`,
  which: (subcommand) => `which server? kubelet-wuhrai mcp ${subcommand} NAME; \`kubelet-wuhrai mcp\` lists them`,
  whichClient: (clients) => `for which client? kubelet-wuhrai mcp snippet CLIENT, one of ${clients}`,
  tested: (server, tools, connectMs, pingMs) => `${server} answers: ${tools} tools, connected in ${connectMs} ms, ping in ${pingMs} ms`,
  trustQuestion: (name, place) => `Trust ${name} as it is now (${place}), with all tools that it shows? [y/N] `,
  notTrusted: 'Nothing was changed.',
  trusted: (name, tools) => `${name} is trusted as it is now, with ${tools} tools:`,
  openPage: 'Open this page in a browser of this machine and agree:',
  signedIn: (name) => `Signed in at ${name}.`,
  alreadySignedIn: (name) => `${name} lets us in already.`,
  into: (file) => `Put this into ${file}:`,
  orRun: 'Or run:',
};

const chinese: McpMessages = {
  noFile: (path) => `未配置 MCP 服务：${path} 不存在（可写内容见 docs/mcp.md）。`,
  noServers: (path) => `${path} 中没有服务。`,
  file: (path) => `${path} 中的服务：`,
  states: { off: '已停用', idle: '尚未使用', connecting: '尚无应答', ready: '就绪', failed: '失败', disabled: '已禁用' },
  tools: (count) => `${count} 个工具`,
  changed: (names) => `批准前禁用：${names}`,
  which: (subcommand) => `请指明服务：kubelet-wuhrai mcp ${subcommand} NAME；\`kubelet-wuhrai mcp\` 可列出全部`,
  whichClient: (clients) => `请指明客户端：kubelet-wuhrai mcp snippet CLIENT，可选 ${clients}`,
  tested: (server, tools, connectMs, pingMs) => `${server} 有应答：${tools} 个工具，连接 ${connectMs} 毫秒，ping ${pingMs} 毫秒`,
  trustQuestion: (name, place) => `信任 ${name} 的当前状态（${place}）及其展示的所有工具？[y/N] `,
  notTrusted: '未做任何更改。',
  trusted: (name, tools) => `已信任 ${name} 的当前状态，共 ${tools} 个工具：`,
  openPage: '请在本机浏览器中打开此页面并同意：',
  signedIn: (name) => `已登录 ${name}。`,
  alreadySignedIn: (name) => `${name} 已允许访问。`,
  into: (file) => `请将以下内容写入 ${file}：`,
  orRun: '或运行：',
};

/** What `mcp` says in a language. */
export function mcpMessagesIn(language: 'en' | 'zh'): McpMessages {
  return language === 'zh' ? chinese : english;
}
