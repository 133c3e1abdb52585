/** Where a client's entry goes, and the entry. */
export interface Snippet {
  readonly client: string;
  readonly title: string;
  /** The file, or a hint where it is. */
  readonly file: string;
  /** A command that writes it, where the client has one. */
  readonly command?: string;
  readonly json: object;
}

const name = 'kubelet-wuhrai';
const command = 'kubelet-wuhrai';

/** Entries for today's clients. The arguments are those of the documentation. */
export const snippets: readonly Snippet[] = [
  {
    client: 'claude-desktop',
    title: 'Claude Desktop',
    file: 'claude_desktop_config.json (macOS: ~/Library/Application Support/Claude, Windows: %APPDATA%\\Claude)',
    json: { mcpServers: { [name]: { command, args: ['--mcp-server'] } } },
  },
  {
    client: 'claude-code',
    title: 'Claude Code',
    file: '.mcp.json of a project',
    command: `claude mcp add --scope user ${name} -- ${command} --mcp-server`,
    json: { mcpServers: { [name]: { type: 'stdio', command, args: ['--mcp-server'] } } },
  },
  {
    client: 'vscode',
    title: 'VS Code',
    file: '.vscode/mcp.json, or the mcp.json of the profile (command "MCP: Open User Configuration")',
    command: `code --add-mcp '${JSON.stringify({ name, type: 'stdio', command, args: ['--mcp-server', '--external-tools'] })}'`,
    json: { servers: { [name]: { type: 'stdio', command, args: ['--mcp-server', '--external-tools'] } } },
  },
  {
    client: 'cursor',
    title: 'Cursor',
    file: '~/.cursor/mcp.json, or .cursor/mcp.json of a project',
    json: { mcpServers: { [name]: { command, args: ['--mcp-server'] } } },
  },
];
