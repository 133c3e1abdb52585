import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { chmod, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { configure } from './configure.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'All is well.' }, strict: true });
  place = await createPlace({
    DEEPSEEK_ENDPOINT: model.url,
    DEEPSEEK_API_KEY: 'sk-deepseek-0123456789',
    DASHSCOPE_ENDPOINT: model.url,
    DASHSCOPE_API_KEY: 'sk-dashscope-0123456789',
  });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

const asked = (): unknown => model.chats()[0]?.body['model'];

/** Another command each time, so that only the limit stops it. */
function callsWithoutEnd(): void {
  for (let at = 0; at < 30; at += 1) {
    model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: `kubectl get pod web-${at}` } }] });
  }
}

async function stubbed(): Promise<Record<string, string>> {
  return {
    KUBECONFIG: await kubeconfigOf(place),
    PATH: await putOnPath(place, 'kubectl', '#!/bin/sh\necho "$@" >> "$HOME/ran"\n'),
  };
}

const production = `llm-provider: "deepseek"
model: "deepseek-chat"
max-iterations: 10
skip-permissions: false
quiet: false
remove-workdir: true
`;

const development = `llm-provider: "qwen"
model: "qwen-turbo"
max-iterations: 5
skip-permissions: true
quiet: true
remove-workdir: true
`;

describe('the documented configuration files', () => {
  it('S164, S165: the production file chooses provider and model, without a warning', async () => {
    await configure(place, production);
    const { code, stderr } = await place.run(['test']);
    expect({ code, stderr, model: asked() }).toEqual({ code: 0, stderr: '', model: 'deepseek-chat' });
  });

  it('S166: max-iterations: 10 is 10 requests at most', async () => {
    await configure(place, production);
    callsWithoutEnd();
    const { code } = await place.run(['look'], { env: await stubbed() });
    expect(code).toBe(4);
    expect(model.chats()).toHaveLength(10);
  });

  it('S155, S174: five iterations, by flag and by file', async () => {
    callsWithoutEnd();
    const env = await stubbed();
    expect((await place.run(['--max-iterations=5', 'simple query'], { env })).code).toBe(4);
    expect(model.chats()).toHaveLength(5);
    await configure(place, development);
    expect((await place.run(['look'], { env })).code).toBe(4);
    expect(model.chats()).toHaveLength(10);
  });

  it('S168: with quiet: false a question is answered, and input alone is one', async () => {
    await configure(place, production);
    expect(await place.run([], { input: 'which pods are down?' })).toMatchObject({ code: 0, stdout: 'All is well.\n' });
  });

  it('S173: the development file goes to DashScope with qwen-turbo', async () => {
    await configure(place, development);
    expect((await place.run(['test'])).code).toBe(0);
    expect(model.chats()[0]).toMatchObject({ headers: { authorization: 'Bearer sk-dashscope-0123456789' }, body: { model: 'qwen-turbo' } });
  });

  it('S175: skip-permissions: true runs a write without a prompt', async () => {
    await configure(place, development);
    model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl scale deploy/web --replicas=3' } }] }, { text: 'Done.' });
    const { code, stdout } = await place.run(['scale web to 3'], { env: await stubbed() });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Done.\n' });
    expect(await readFile(`${place.home}/ran`, 'utf8')).toContain('scale deploy/web --replicas=3');
  });

  it('S176: quiet: true without a question is an error, with one it is one shot', async () => {
    await configure(place, development);
    const { code, stdout, stderr } = await place.run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('no question');
    expect(await place.run(['test'])).toMatchObject({ code: 0, stdout: 'All is well.\n', stderr: '' });
  });

  it('S178: flags are stronger than the file', async () => {
    await configure(place, 'model: deepseek-reasoner\nmax-iterations: 1\n');
    await place.run(['--model=deepseek-coder', 'test']);
    expect(asked()).toBe('deepseek-coder');
  });
});

describe('config', () => {
  it('shows each value and where it comes from, and no secret', async () => {
    const path = await configure(place, 'model: deepseek-reasoner\napi-keys: {qwen: sk-hidden-0123456789}\n');
    const { code, stdout } = await place.run(['--max-iterations=7', 'config']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^model +deepseek-reasoner +${path}:1$`, 'm'));
    expect(stdout).toMatch(/^max-iterations +7 +--max-iterations$/m);
    expect(stdout).toMatch(/^permissions +ask-writes +default$/m);
    expect(stdout).not.toContain('sk-hidden');
    expect(model.requests).toEqual([]);
  });

  it('speaks JSON', async () => {
    const { stdout } = await place.run(['config', '--json'], { env: { KW_AUTH_TOKEN: 'a-token-0123456789' } });
    expect(JSON.parse(stdout)).toMatchObject({
      settings: { 'auth-token': { layer: 'environment', origin: 'KW_AUTH_TOKEN', value: '***' }, model: { layer: 'default', value: '' } },
    });
  });

  it('S136: a key in the file works, and a file that others can read is warned of', async () => {
    const path = await configure(place, 'deepseek-api-key: sk-in-the-file-0123\n');
    const env = { DEEPSEEK_API_KEY: undefined };
    expect(await place.run(['--quiet', 'x'], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(model.chats()[0]?.headers['authorization']).toBe('Bearer sk-in-the-file-0123');
    await chmod(path, 0o644);
    const { code, stderr } = await place.run(['--quiet', 'x'], { env });
    expect(code).toBe(0);
    expect(stderr).toContain(`chmod 600 ${path}`);
  });
});
