import { describe, expect, it } from 'vitest';
import { parseMcpConfig } from '../src/mcp-config.ts';

const parse = (text: string, env: Record<string, string> = {}) => parseMcpConfig(text, { path: 'mcp.yaml', env });

const sample = `
servers:
  - name: sequential-thinking
    command: npx
    args:
      - -y
      - "@modelcontextprotocol/server-sequential-thinking"
    env:
      NODE_ENV: production
  - name: cloudflare-docs
    url: https://docs.mcp.example.com/mcp
  - name: secure
    url: https://secure.example.com/mcp
    auth:
      type: bearer
      token: "\${MCP_TOKEN}"
  - name: basic
    url: https://basic.example.com/mcp
    auth:
      type: basic
      username: "\${MCP_USERNAME}"
      password: "\${MCP_PASSWORD}"
`;

describe('mcp.yaml', () => {
  it('S107, S108, S113: the whole sample is accepted; a variable that is not set is a problem of its server alone', async () => {
    const servers = await parse(sample);
    expect(servers.map(({ name }) => name)).toEqual(['sequential-thinking', 'cloudflare-docs', 'secure', 'basic']);
    expect(servers[0]).toMatchObject({
      transport: {
        type: 'stdio',
        command: 'npx',
        args: ['-y', '@modelcontextprotocol/server-sequential-thinking'],
        env: { NODE_ENV: 'production' },
      },
      timeoutMs: 60_000,
    });
    expect(servers.map(({ problem }) => problem)).toEqual([
      undefined,
      undefined,
      'the variable MCP_TOKEN is not set',
      'the variable MCP_USERNAME is not set',
    ]);
  });

  it('S111, S112, S116, S117, S118: variables are put in everywhere', async () => {
    const servers = await parse(sample, { MCP_TOKEN: 't', MCP_USERNAME: 'u', MCP_PASSWORD: 'p' });
    expect(servers[2]?.auth).toEqual({ type: 'bearer', token: 't' });
    expect(servers[3]?.auth).toEqual({ type: 'basic', username: 'u', password: 'p' });
    const [other] = await parse('servers: [{name: a, command: "${A}/bin", args: ["${A}", "${B:-b}"], env: {X: "${A}"}}]', { A: 'a' });
    expect(other?.transport).toEqual({ type: 'stdio', command: 'a/bin', args: ['a', 'b'], env: { X: 'a' } });
  });

  it('S119: MCP_SEQUENTIAL_THINKING_COMMAND overrides the command', async () => {
    const [server] = await parse(sample, { MCP_SEQUENTIAL_THINKING_COMMAND: '/opt/marker' });
    expect(server).toMatchObject({ transport: { command: '/opt/marker' }, overridden: true });
  });

  it('S120: MCP_CLOUDFLARE_DOCS_URL overrides the address', async () => {
    const servers = await parse(sample, { MCP_CLOUDFLARE_DOCS_URL: 'http://127.0.0.1:1/mcp' });
    expect(servers[1]).toMatchObject({ transport: { url: 'http://127.0.0.1:1/mcp' }, overridden: true });
  });

  it('S148: every field has its variable, and all begin with MCP_', async () => {
    const env = {
      MCP_SECURE_AUTH_TOKEN: 'other',
      MCP_SECURE_TIMEOUT: '5s',
      MCP_SECURE_ENABLED: 'false',
      MCP_SEQUENTIAL_THINKING_ARGS: '["a b", "c"]',
      MCP_SEQUENTIAL_THINKING_ENV_NODE_ENV: 'test',
    };
    const servers = await parse(sample, env);
    expect(servers[2]).toMatchObject({ auth: { token: 'other' }, timeoutMs: 5_000, enabled: false });
    expect(servers[0]).toMatchObject({ transport: { args: ['a b', 'c'], env: { NODE_ENV: 'test' } } });
  });

  it.each([
    ['servers:\n  - name: a\n    comand: x\n', /mcp\.yaml:3: unknown key "comand"; did you mean "command"\?/],
    ['server: []\n', /mcp\.yaml:1: unknown key "server"; did you mean "servers"\?/],
    [
      'servers:\n  - name: a\n    url: http://x\n    auth:\n      type: baerer\n',
      /mcp\.yaml:4: `auth\.type` is one of .*did you mean bearer\?/,
    ],
    ['servers:\n  - name: a\n    url: http://x\n    auth:\n      type: bearer\n', /mcp\.yaml:4: `auth\.token` is missing/],
    ['servers:\n  - name: a\n    url: ftp://x\n', /mcp\.yaml:3: "ftp:\/\/x" is no http/],
    ['servers:\n  - name: a\n', /mcp\.yaml:2: the server "a" needs either `command` or `url`/],
    ['servers:\n  - command: x\n', /mcp\.yaml:2: a server needs a `name`/],
    ['servers:\n  - {name: a, command: x}\n  - {name: a, command: y}\n', /mcp\.yaml:3: the name "a" is taken by the server at mcp\.yaml:2/],
    ['servers:\n  - name: a\n    command: x\n    timeout: soon\n', /mcp\.yaml:4: "soon" is no time/],
    ['servers:\n  - name: a\n    command: x\n    trust: maybe\n', /mcp\.yaml:4: `trust` is true or false/],
    ['servers: {a: b}\n', /mcp\.yaml:1: `servers` must be a list/],
    ['servers:\n  - name: "a\n', /mcp\.yaml:\d+: /],
  ])('%j is an error that names the line', async (text, words) => {
    await expect(parse(text)).rejects.toThrow(words);
    await expect(parse(text)).rejects.toMatchObject({ code: 'bad-configuration' });
  });

  it('an empty file names no servers, and keys may be written in camelCase', async () => {
    expect(await parse('')).toEqual([]);
    expect(await parse('servers:\n')).toEqual([]);
    const [server] = await parse(
      'servers: [{name: a, url: "http://x", auth: {type: oauth, clientId: c, redirectPort: 3000}, timeout: 5, tools: {include: ["a*"], exclude: [b]}, trust: true, description: d}]',
    );
    expect(server).toEqual({
      name: 'a',
      transport: { type: 'http', url: 'http://x', headers: {} },
      auth: { type: 'oauth', clientId: 'c', redirectPort: 3000 },
      timeoutMs: 5_000,
      include: ['a*'],
      exclude: ['b'],
      trust: true,
      description: 'd',
      enabled: true,
      prefix: true,
    });
  });
});
