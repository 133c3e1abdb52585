import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandNode } from './built.ts';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';

const fakeMcp = fileURLToPath(new URL('../../../../packages/mcp/test/fixtures/fake-stdio.mjs', import.meta.url));

let model: ScriptedServer;
let place: Place;

beforeAll(async () => {
  model = await startScriptedServer({ fallback: { text: 'ok' } });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});
afterAll(async () => {
  await model.close();
  await place.remove();
});

/** Each row stands for a section of the guide, whose own rows are tested one by one elsewhere. */
describe('what the guide claims in sum', () => {
  it('S189: several providers, each with the models of the guide', async () => {
    const env = { DEEPSEEK_API_KEY: undefined, DEEPSEEK_ENDPOINT: undefined };
    const named = { deepseek: 'deepseek-chat', qwen: 'qwen-plus', doubao: 'doubao-pro-4k' };
    for (const [provider, name] of Object.entries(named)) {
      const { code, stdout } = await place.run([`--llm-provider=${provider}`, '--quiet', 'models'], { env });
      expect([provider, code, stdout.includes(name)]).toEqual([provider, 0, true]);
    }
    const { code, stderr } = await place.run(['--llm-provider=nobody', '--quiet', 'x'], { env });
    expect(code).toBe(2);
    for (const provider of [...Object.keys(named), 'openai', 'gemini', 'ollama']) expect(stderr).toContain(provider);
  });

  it('S190: the same question over REST and as a stream, and everything in its description', async () => {
    const { child, ended, shows, stderr } = await place.start(['--user-interface=html', '--ui-listen-address=127.0.0.1:0']);
    try {
      await shows('listens on');
      const base = `http://127.0.0.1:${/listens on \S+:(\d+)/.exec(stderr())?.[1]}/api/v1`;
      const ask = (path: string): Promise<Response> =>
        fetch(`${base}/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query": "x"}' });
      expect(await (await ask('chat')).json()).toMatchObject({ response: 'ok', status: 'completed' });
      expect(await (await ask('chat/stream')).text()).toMatch(/"response":"ok".*"done":true/);
      const { openapi, paths } = await (await fetch(`${base}/openapi.json`)).json();
      expect(openapi).toMatch(/^3\.1/);
      for (const path of ['chat', 'chat/stream', 'health', 'models', 'status', 'sessions', 'approvals/{id}', 'runs/{id}/stream'])
        expect(Object.keys(paths)).toContain(`/api/v1/${path}`);
    } finally {
      child.kill('SIGTERM');
      await ended;
    }
  });

  it('S191: it uses MCP servers, and is one', async () => {
    const folder = join(place.home, '.config/kubelet-wuhrai');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'mcp.yaml'), `servers:\n  - name: good\n    command: ${commandNode}\n    args: ["${fakeMcp}"]\n`, {
      mode: 0o600,
    });
    expect((await place.run(['--mcp-client', 'tools'])).stdout).toContain('good__echo');
    const messages = [
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
      },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, method: 'tools/list' },
    ];
    const { stdout } = await place.run(['--mcp-server'], { input: `${messages.map((one) => JSON.stringify(one)).join('\n')}\n` });
    expect(stdout).toMatch(/"name":"kubectl"/);
  });

  it('S194: it advises which model is fast, good or cheap, and how to ask for less', async () => {
    const { guide }: { guide: unknown } = JSON.parse((await place.run(['models', '--json'])).stdout);
    const advice = { speed: expect.any(String), quality: expect.any(String), cost: expect.any(String) };
    for (const name of ['qwen-turbo', 'deepseek-chat', 'deepseek-coder', 'qwen-max', 'doubao-pro-128k'])
      expect(guide).toContainEqual(expect.objectContaining({ model: name, ...advice }));
    const { stdout: help } = await place.run(['--help']);
    for (const flag of ['--max-iterations', '--remove-workdir']) expect(help).toContain(flag);
  });
});
