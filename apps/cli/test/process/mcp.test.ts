import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandNode } from './built.ts';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { openTerminal } from './terminal.ts';

const fake = fileURLToPath(new URL('../../../../packages/mcp/test/fixtures/fake-stdio.mjs', import.meta.url));

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'Connected.' } });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

async function configure(text: string, file = 'mcp.yaml'): Promise<string> {
  const folder = join(place.home, '.config/kubelet-wuhrai');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, file), text, { mode: 0o600 });
  return join(folder, file);
}

const stdio = (name: string, ...args: readonly string[]): string =>
  `  - name: ${name}\n    command: ${commandNode}\n    args: ${JSON.stringify([fake, ...args])}\n    env:\n      NODE_ENV: production\n      RECORD: ${join(place.home, 'record')}\n`;

const recorded = async (): Promise<string> => readFile(join(place.home, 'record'), 'utf8');

const offered = (at = 0): readonly string[] =>
  ((model.chats()[at]?.body['tools'] ?? []) as readonly { readonly function: { readonly name: string } }[]).map(
    (tool) => tool.function.name,
  );

/** A server whose tool asks the user before it answers. */
const askingServer = `
import { createInterface } from 'node:readline';
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
let calling;
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result } = JSON.parse(line);
  if (method === 'initialize') send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'a', version: '1' } } });
  else if (method === 'tools/list') send({ id, result: { tools: [{ name: 'restart', inputSchema: { type: 'object' } }] } });
  else if (method === 'tools/call') {
    calling = id;
    send({ id: 'q', method: 'elicitation/create', params: { message: 'Restart all?', requestedSchema: { type: 'object', properties: {} } } });
  } else if (id === 'q') send({ id: calling, result: { content: [{ type: 'text', text: 'the user said ' + result.action }] } });
}).on('close', () => process.exit(0));
`;

describe('MCP servers on the command line', () => {
  it('S107, S108, S109, S132: `--mcp-client tools` prints built-in and MCP tools without a running model', async () => {
    await configure(`servers:\n${stdio('thinking', 'a b')}`);
    await model.close();
    const { code, stdout } = await place.run(['--mcp-client', 'tools']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^kubectl /m);
    expect(stdout).toMatch(/^thinking__echo +MCP thinking +The tool echo\./m);
    const started = JSON.parse((await recorded()).split('\n')[0] ?? '') as {
      started: { argv: readonly string[]; env: Record<string, string> };
    };
    expect(started.started.argv).toEqual(['a b']);
    expect(started.started.env).toMatchObject({ NODE_ENV: 'production' });
    expect(started.started.env).not.toHaveProperty('DEEPSEEK_API_KEY');
  });

  it('S113, S145, S146: servers that are away are named with the file in use, and the others go on', async () => {
    const path = await configure(
      `servers:\n${stdio('good')}  - name: cloudflare-docs\n    url: http://127.0.0.1:1/mcp\n  - name: secure\n    url: http://127.0.0.1:1/mcp\n    auth:\n      type: bearer\n      token: "\${MCP_TOKEN}"\n`,
    );
    const { code, stdout, stderr } = await place.run(['--mcp-client', 'tools']);
    expect(code).toBe(0);
    expect(stdout).toContain('good__echo');
    expect(stderr).toMatch(/MCP server connection failed: .*"cloudflare-docs"/);
    expect(stderr).toMatch(/MCP server connection failed: .*"secure".*MCP_TOKEN is not set/);
    expect(stderr).toContain(path);
  });

  it('S113: a mute server holds nothing up for more than 10 s', { timeout: 60_000 }, async () => {
    await configure(`servers:\n${stdio('mute', '--mute')}${stdio('good')}`);
    const before = performance.now();
    const { code, stdout, stderr } = await place.run(['--mcp-client', 'tools']);
    expect(performance.now() - before).toBeLessThan(14_000);
    expect([code, stdout.includes('good__echo'), /MCP server connection failed: mute does not answer/.test(stderr)]).toEqual([
      0,
      true,
      true,
    ]);
  });

  it('S110, S111, S112, S116, S117, S118, S120: a server by URL gets initialize with the credentials of the file', async () => {
    const seen: { readonly path: string; readonly authorization: string }[] = [];
    const server: Server = createServer((request, response) => {
      seen.push({ path: request.url ?? '', authorization: request.headers.authorization ?? '' });
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    await configure(
      `servers:\n  - name: secure\n    url: ${base}/bearer\n    auth: {type: bearer, token: "\${MCP_TOKEN}"}\n  - name: basic\n    url: ${base}/basic\n    auth: {type: basic, username: "\${MCP_USERNAME}", password: "\${MCP_PASSWORD}"}\n  - name: cloudflare-docs\n    url: http://127.0.0.1:1/\n`,
    );
    await place.run(['--mcp-client', 'tools'], {
      env: { MCP_TOKEN: 'abc-token', MCP_USERNAME: 'u', MCP_PASSWORD: 'pw', MCP_CLOUDFLARE_DOCS_URL: `${base}/docs` },
    });
    server.close();
    expect(seen).toContainEqual({ path: '/bearer', authorization: 'Bearer abc-token' });
    expect(seen).toContainEqual({ path: '/basic', authorization: `Basic ${btoa('u:pw')}` });
    expect(seen).toContainEqual({ path: '/docs', authorization: '' });
  });

  it('S119, S148: MCP_SEQUENTIAL_THINKING_COMMAND starts another command', async () => {
    await configure(
      `servers:\n  - name: sequential-thinking\n    command: npx\n    args: ["-y", "@modelcontextprotocol/server-sequential-thinking"]\n`,
    );
    const marker = join(place.home, 'marker');
    await writeFile(marker, `#!/bin/sh\necho "$@" > "$HOME/started"\n`);
    await chmod(marker, 0o755);
    await place.run(['--mcp-client', 'tools'], { env: { MCP_SEQUENTIAL_THINKING_COMMAND: marker } });
    expect(await readFile(join(place.home, 'started'), 'utf8')).toContain('server-sequential-thinking');
  });

  it('S114: the REPL shows MCP tools, and the model is given them', async () => {
    await configure(`servers:\n${stdio('thinking')}`);
    const terminal = await openTerminal(place, ['--mcp-client']);
    await terminal.shows('ask about your cluster');
    terminal.type('/tools\r');
    await terminal.shows('thinking__echo');
    terminal.type('hello\r');
    await terminal.shows('Connected.');
    expect(offered()).toEqual(expect.arrayContaining(['kubectl', 'thinking__echo']));
    terminal.type('\u0004');
    await terminal.ended;
  });

  it('S115, S133: `mcp-client: true` in the file and --quiet: an answer on stdout, exit 0, and a call of an MCP tool needs a yes', async () => {
    await configure(`servers:\n${stdio('thinking')}`);
    await configure('mcp-client: true\n', 'config.yaml');
    const { code, stdout } = await place.run(['--quiet', 'test mcp connection']);
    expect([code, stdout.trim()]).toEqual([0, 'Connected.']);
    expect(offered()).toContain('thinking__echo');
    await model.close();
    model = await startScriptedServer({
      script: [{ toolCalls: [{ name: 'thinking__echo', arguments: { text: 'hi' } }] }, { text: 'It was not run.' }],
    });
    const asked = await place.run(['--quiet', 'call it'], { env: { DEEPSEEK_ENDPOINT: model.url } });
    expect(asked.code).toBe(3);
    expect(await recorded()).not.toContain('"call"');
    await configure('mcp-client: true\nrules:\n  - {action: allow, tool: "thinking__*"}\n', 'config.yaml');
    const again = await startScriptedServer({
      script: [{ toolCalls: [{ name: 'thinking__echo', arguments: { text: 'hi' } }] }, { text: 'It said hi.' }],
    });
    const allowed = await place.run(['--quiet', 'call it'], { env: { DEEPSEEK_ENDPOINT: again.url } });
    expect([allowed.code, allowed.stdout.trim()]).toEqual([0, 'It said hi.']);
    expect(JSON.stringify(again.chats()[1]?.body['messages'])).toContain('echo: hi');
    await again.close();
  });

  it('`mcp` shows how each server stands, `mcp test` and `mcp trust` look after one, an unknown one is an error', async () => {
    const path = await configure(`servers:\n${stdio('good')}${stdio('dead', '--dead')}`);
    const { stdout, code } = await place.run(['mcp']);
    expect(code).toBe(0);
    expect(stdout).toContain(path);
    expect(stdout).toMatch(/good +stdio +ready +9 tools/);
    expect(stdout).toMatch(/dead +stdio +failed/);
    const json = JSON.parse((await place.run(['mcp', '--json'])).stdout) as { servers: readonly { name: string; state: string }[] };
    expect(json.servers.map(({ state }) => state)).toEqual(['ready', 'failed']);
    expect((await place.run(['mcp', 'test', 'good'])).stdout).toMatch(/fake 1 answers: 9 tools/);
    expect((await place.run(['mcp', 'test', 'dead'])).code).toBe(1);
    await configure(`servers:\n${stdio('good', '--changed')}`);
    expect((await place.run(['mcp'])).stdout).toMatch(/good +stdio +disabled.*mcp trust good/);
    expect((await place.run(['mcp', 'trust', 'good'])).stdout).toContain('good__new');
    expect((await place.run(['mcp'])).stdout).toMatch(/good +stdio +ready +10 tools/);
    expect((await place.run(['mcp', 'test', 'other'])).stderr).toMatch(/no MCP server "other"; the servers are: good/);
  });

  it.each([
    ['claude-desktop', 'mcpServers', ['--mcp-server']],
    ['claude-code', 'mcpServers', ['--mcp-server']],
    ['vscode', 'servers', ['--mcp-server', '--external-tools']],
    ['cursor', 'mcpServers', ['--mcp-server']],
  ] as const)('`mcp snippet %s` prints an entry on standard output alone', async (client, key, args) => {
    const { stdout, code } = await place.run(['mcp', 'snippet', client]);
    expect(code).toBe(0);
    const entry = JSON.parse(stdout) as Record<string, Record<string, { command: string; args: readonly string[] }>>;
    expect(entry[key]?.['kubelet-wuhrai']).toMatchObject({ command: 'kubelet-wuhrai', args });
  });

  it('a question of a server reaches whoever uses the service, and the answer reaches the server', async () => {
    const asking = join(place.home, 'asking.mjs');
    await writeFile(asking, askingServer);
    await configure(`servers:\n  - name: ops\n    command: ${commandNode}\n    args: [${asking}]\n    trust: true\n`);
    await configure("rules: [{ action: allow, tool: 'ops__*' }]\n", 'config.yaml');
    model.enqueue({ toolCalls: [{ name: 'ops__restart', arguments: {} }] }, { text: 'Restarted.' });
    const service = await place.start(['--user-interface=html', '--ui-listen-address=127.0.0.1:0', '--mcp-client']);
    try {
      await service.shows('listens on');
      const api = `http://127.0.0.1:${/listens on \S+:(\d+)/.exec(service.stderr())?.[1]}/api/v1`;
      const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
        const headers = { 'content-type': 'application/json' };
        return (await fetch(`${api}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
      };
      const asked = await post('/chat', { query: 'restart it' });
      expect(asked).toMatchObject({ status: 'awaiting_approval', approval: { command: 'MCP server "ops" asks: Restart all?' } });
      const { id } = asked['approval'] as { readonly id: string };
      expect(await post(`/approvals/${id}`, { decision: 'approve' })).not.toHaveProperty('error');
      const ended = await fetch(`${api}/runs/${String(asked['run_id'])}?wait=30s`);
      expect(await ended.json()).toMatchObject({ status: 'completed', response: 'Restarted.' });
      expect(JSON.stringify(model.chats().at(-1)?.body)).toContain('the user said accept');
    } finally {
      service.child.kill('SIGTERM');
      await service.ended;
    }
  });

  it.each([
    ['auth: kubernetes\ntoken-review-audience: kw\n', 'auth: kubernetes'],
    ['cluster-identity: impersonate\nauth-tokens: [{name: ann, token: token-of-ann-123456}]\n', 'cluster-identity: impersonate'],
    ['audit-log: /tmp/audit\n', 'audit-log'],
  ])('`--mcp-server` over HTTP refuses what only the service keeps: %j', async (file, name) => {
    await configure(file, 'config.yaml');
    const { code, stderr } = await place.run(['--mcp-server', '--ui-listen-address=127.0.0.1:0']);
    expect(code).toBe(2);
    expect(stderr).toContain(`${name} is kept by the service only`);
    expect(stderr).toContain('--user-interface=html');
  });

  it('a key that is not known is an error with its line', async () => {
    const path = await configure('servers:\n  - name: a\n    comand: x\n');
    const { code, stderr } = await place.run(['--mcp-client', 'tools']);
    expect(code).toBe(2);
    expect(stderr).toContain(`${path}:3: unknown key "comand"; did you mean "command"?`);
  });
});
