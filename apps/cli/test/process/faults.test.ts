import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNothingLeft } from './aftermath.ts';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

const question = 'what is wrong?';

let model: ScriptedServer;
let place: Place;
let env: Record<string, string>;

beforeEach(async () => {
  model = await startScriptedServer({ strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
  env = { KUBECONFIG: await kubeconfigOf(place) };
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

const callsKubectl = (command: string): void => {
  model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command } }] }, { text: 'done' });
};
/** What the model was told last. */
const told = (): string => {
  const messages = model.chats().at(-1)?.body['messages'];
  return JSON.stringify(Array.isArray(messages) ? messages.at(-1) : messages);
};

describe('kubectl', () => {
  it('reliability 23: an exit code is told with its words', async () => {
    callsKubectl('kubectl get pods');
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\necho "Error from server (Forbidden): no" >&2\nexit 1\n');
    const { code, stderr } = await place.run([question], { env: { ...env, PATH } });
    expect(code).toBe(0);
    expect(told()).toContain('Forbidden');
    expect(stderr).toContain('exit 1');
    await expectNothingLeft(place, { model, env, reopens: question });
  });
});

describe('the cluster', () => {
  it('reliability 24: an API server that does not answer: kubectl says so once, and the run goes on', async () => {
    callsKubectl('kubectl get pods');
    const { code } = await place.run([question], { env });
    expect(code).toBe(0);
    expect(told()).toMatch(/refused/);
    await expectNothingLeft(place, { model, env, reopens: question });
  });
});

describe('the state directory', () => {
  it('reliability 27: can not be made: reads go on with a warning, writes are refused', async () => {
    await writeFile(`${place.home}/file`, '');
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\necho "$@" >> "$HOME/ran"\necho fine\n');
    model.enqueue(
      { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get pods' } }] },
      { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl delete pod web' } }] },
      { text: 'done' },
    );
    const { code, stderr } = await place.run(['--skip-permissions', '--state-dir', `${place.home}/file/state`, 'x'], {
      env: { ...env, PATH },
    });
    expect(code).toBe(0);
    expect(stderr).toContain(`${place.home}/file/state`);
    expect(told()).toContain('sessions can not be kept');
    const { stdout: ran } = await place.program('cat', [`${place.home}/ran`]).ended;
    expect(ran).toContain('get pods');
    expect(ran).not.toContain('delete');
    await expectNothingLeft(place, { model });
  });

  it('is private: 0700, its files 0600', async () => {
    model.enqueue({ text: 'ok' });
    await place.run(['x']);
    const { stdout } = await place.program('find', [`${place.home}/.local/state/kubelet-wuhrai`, '-printf', '%y %m\n']).ended;
    expect([...new Set(stdout.trim().split('\n'))].toSorted()).toEqual(['d 700', 'f 600']);
  });
});

describe('the language', () => {
  it('messages follow a Chinese locale, and --lang=en is stronger', async () => {
    const { stderr } = await place.run(['x'], { env: { DEEPSEEK_API_KEY: undefined, LANG: 'zh_CN.UTF-8' } });
    expect(stderr).toContain('错误');
    const english = await place.run(['--lang=en', 'x'], { env: { DEEPSEEK_API_KEY: undefined, LANG: 'zh_CN.UTF-8' } });
    expect(english.stderr).toContain('error:');
    expect((await place.run(['--help'], { env: { LANG: 'zh_CN.UTF-8' } })).stdout).toContain('用法');
  });
});

describe('the working directory', () => {
  it('has no say: a config.yaml there is not read', async () => {
    await mkdir(`${place.home}/work`, { recursive: true });
    await writeFile(`${place.home}/work/config.yaml`, 'model: evil\n');
    await writeFile(`${place.home}/work/.env`, 'DEEPSEEK_API_KEY=evil\n');
    model.enqueue({ text: 'ok' });
    await place.run(['x'], { cwd: `${place.home}/work` });
    expect(model.chats()[0]?.body['model']).toBe('deepseek-chat');
    expect(model.chats()[0]?.headers['authorization']).toBe('Bearer sk-deepseek-0123456789');
  });
});
