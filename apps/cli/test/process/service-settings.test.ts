import { networkInterfaces } from 'node:os';
import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place, Started } from './command.ts';
import { configure } from './configure.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'All is well.' } });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

/** Starts the service as its configuration says; gives its port. */
async function serve(text: string): Promise<{ readonly started: Started; readonly port: string }> {
  await configure(place, text);
  const started = await place.start([]);
  await started.shows('listens on');
  return { started, port: /listens on http:\/\/[^\s:]+:(\d+)/.exec(started.stderr())?.[1] ?? '' };
}

describe('the service by its configuration file', () => {
  it('S35, S37, S170: bare kubelet-wuhrai with user-interface: html starts it, with the provider and the model of the file', async () => {
    const { started, port } = await serve(
      'llm-provider: "qwen"\nmodel: "qwen-turbo"\nuser-interface: "html"\nui-listen-address: "127.0.0.1:0"\n',
    );
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/models`);
    expect(await response.json()).toMatchObject({ provider: 'qwen', current: 'qwen-turbo' });
    started.child.kill('SIGTERM');
    expect((await started.ended).code).toBe(0);
  });

  it('S36, S171: ui-listen-address: 0.0.0.0 is reachable from elsewhere', async () => {
    const { port } = await serve('user-interface: html\nui-listen-address: "0.0.0.0:0"\n');
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.internal === false && address.family === 'IPv4')?.address;
    const response = await fetch(`http://${outside ?? '127.0.0.1'}:${port}/api/v1/health`);
    expect(await response.json()).toMatchObject({ status: 'healthy' });
  });

  it('S152: curl -v of the health route is 200 with JSON', async () => {
    const { port } = await serve('user-interface: html\nui-listen-address: "127.0.0.1:0"\n');
    const { code, stdout, stderr } = await place.program('curl', ['-sv', `http://localhost:${port}/api/v1/health`]).ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/HTTP\/1\.1 200/);
    expect(stderr).toMatch(/content-type: application\/json/i);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'healthy' });
  });

  it('S153: the answer of a chat is what jq takes', async () => {
    const { port } = await serve('user-interface: html\nui-listen-address: "127.0.0.1:0"\n');
    const reader = 'if command -v jq > /dev/null; then jq .; else cat; fi';
    const line = `set -o pipefail; curl -s -X POST http://localhost:${port}/api/v1/chat -H "Content-Type: application/json" -d '{"query": "test"}' | ${reader}`;
    const { code, stdout } = await place.program('bash', ['-c', line]).ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ response: 'All is well.', status: 'completed' });
  });
});
