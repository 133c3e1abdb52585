import { networkInterfaces } from 'node:os';
import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place, Started } from './command.ts';

let model: ScriptedServer;
let place: Place;
const running: Started[] = [];

beforeAll(async () => {
  model = await startScriptedServer({ fallback: { text: 'ok' } });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});

afterAll(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGTERM');
    await ended;
  }
  await model.close();
  await place.remove();
});

/** Starts the service; gives its port. */
async function serve(...flags: readonly string[]): Promise<number> {
  const started = await place.start(['--user-interface=html', ...flags]);
  running.push(started);
  await started.shows('listens on');
  return Number(/listens on \S+:(\d+)/.exec(started.stderr())?.[1]);
}

describe('the service', () => {
  it('S32, S34, S38: page and API on one port, also at an address that is not loopback', async () => {
    const port = await serve('--ui-listen-address=0.0.0.0:0');
    const outer = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
    const other = outer ?? '127.0.0.2';
    for (const address of ['127.0.0.1', other]) {
      const page = await fetch(`http://${address}:${port}/`);
      expect(page.headers.get('content-type')).toContain('text/html');
      const health = await fetch(`http://${address}:${port}/api/v1/health`);
      expect(health.headers.get('content-type')).toContain('application/json');
      expect(await health.json()).toMatchObject({ status: 'healthy' });
    }
    expect((await fetch(`http://${other}:${port}/api/v1/models`)).status).toBe(outer === undefined ? 200 : 401);
  });

  it('S33: another value of --user-interface is refused with those that are possible', async () => {
    const { code, stderr } = await place.run(['--user-interface=gui', 'x']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/terminal, html/);
  });

  it('S80, S81, S82, S83, S84: models of several providers, the one in use, and what it can do', async () => {
    const port = await serve('--ui-listen-address=127.0.0.1:0', '--llm-provider=qwen', '--model=qwen-max');
    const body = await (await fetch(`http://127.0.0.1:${port}/api/v1/models`)).json();
    expect(body.models).toEqual(expect.arrayContaining(['deepseek-chat', 'deepseek-coder', 'qwen-plus', 'doubao-pro-4k']));
    expect(body).toMatchObject({
      current: 'qwen-max',
      provider: 'qwen',
      metadata: { default_provider: 'deepseek', supports_tools: 'true' },
    });
  });

  it('S90, S92: status tells that the key is missing, and that MCP servers are used', async () => {
    const port = await serve('--ui-listen-address=127.0.0.1:0', '--llm-provider=qwen', '--mcp-client');
    const body = await (await fetch(`http://127.0.0.1:${port}/api/v1/status`)).json();
    expect(running.at(-1)?.stderr()).toContain('API key not found');
    expect(body).toMatchObject({ status: 'running', agent: 'api-key-not-found', tools: 'available', mcp_client: 'enabled' });
  });
});
