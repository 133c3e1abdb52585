import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

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
  it('missing: advice in under a second', async () => {
    callsKubectl('kubectl get pods');
    const { code, stderr } = await place.run(['x'], { env: { ...env, PATH: '/nonexistent' } });
    expect(code).toBe(0);
    expect(told()).toContain('kubectl was not found on PATH');
    expect(stderr).toContain('kubectl get pods');
  });

  it('not executable: said, and the run goes on', async () => {
    callsKubectl('kubectl get pods');
    const folder = await putOnPath(place, 'kubectl', 'no program', 0o644);
    const { code } = await place.run(['x'], { env: { ...env, PATH: folder.split(':')[0] ?? '' } });
    expect(code).toBe(0);
    expect(told()).toMatch(/kubectl was not found|not executable|EACCES/);
  });

  it('hanging and deaf to SIGTERM: killed at its limit and five seconds', async () => {
    callsKubectl('kubectl get pods');
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\ntrap "" TERM\necho started\nwhile :; do sleep 1; done\n');
    const at = performance.now();
    const { code } = await place.run(['--tool-timeout=1', 'x'], { env: { ...env, PATH } });
    expect(code).toBe(0);
    expect(performance.now() - at).toBeLessThan(9_000);
    expect(told()).toMatch(/1 s|time/);
  });

  it('a grandchild that keeps the pipe open: returns without it', async () => {
    callsKubectl('kubectl get pods');
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\nsleep 30 &\necho answer\n');
    const at = performance.now();
    const { code } = await place.run(['x'], { env: { ...env, PATH } });
    expect(code).toBe(0);
    expect(performance.now() - at).toBeLessThan(4_000);
    expect(told()).toContain('answer');
  });

  it('invalid UTF-8, NUL and escapes: the model gets text, the terminal none of it', async () => {
    callsKubectl('kubectl get pods');
    const PATH = await putOnPath(
      place,
      'kubectl',
      String.raw`#!/bin/sh
printf 'good\377\000 \033[2J\033]0;owned\007 bad\n'
`,
    );
    const { code, stderr } = await place.run(['--show-tool-output', 'x'], { env: { ...env, PATH } });
    expect(code).toBe(0);
    expect(told()).toContain('good');
    expect(stderr).not.toContain('\u001b');
    expect(stderr).toContain(String.raw`\x1b[2J`);
  });

  it('an exit code is told with its words', async () => {
    callsKubectl('kubectl get pods');
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\necho "Error from server (Forbidden): no" >&2\nexit 1\n');
    const { code, stderr } = await place.run(['x'], { env: { ...env, PATH } });
    expect(code).toBe(0);
    expect(told()).toContain('Forbidden');
    expect(stderr).toContain('exit 1');
  });
});

describe('the cluster', () => {
  it('no kubeconfig: a question without a cluster is answered, a command says why it can not run', async () => {
    callsKubectl('kubectl get pods');
    const { code, stdout } = await place.run(['x']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'done\n' });
    expect(told()).toContain('kubeconfig');
    expect(told()).not.toContain('createKubeTargets');
  });

  it('a broken kubeconfig: one line that names the file, exit 2', async () => {
    await writeFile(`${place.home}/broken`, 'clusters: [}\n');
    const { code, stderr } = await place.run(['x'], { env: { KUBECONFIG: `${place.home}/broken` } });
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`${place.home}/broken`);
  });

  it('an API server that does not answer: kubectl says so once, and the run goes on', async () => {
    callsKubectl('kubectl get pods');
    const { code } = await place.run(['x'], { env });
    expect(code).toBe(0);
    expect(told()).toMatch(/refused/);
  });
});

describe('the model', () => {
  it('not listening: the host is named, no stack, under 20 seconds', async () => {
    const { code, stdout, stderr } = await place.run(['x'], { env: { DEEPSEEK_ENDPOINT: 'http://127.0.0.1:9/v1' } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('127.0.0.1:9');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('a rate limit is waited for, and said', async () => {
    model.enqueue({ fault: { type: 'status', status: 429, headers: { 'retry-after': '1' } } }, { text: 'ok' });
    const { code, stdout, stderr } = await place.run(['x']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'ok\n' });
    expect(stderr).toMatch(/rate limited, retrying in \d+(\.\d)? s/);
  });

  it('a tool call cut in the middle is not run', async () => {
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\necho ran >> "$HOME/ran"\necho pods\n');
    model.enqueue(
      { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get pods' } }], fault: { type: 'reset', after: 'in-call' } },
      { text: 'whole again' },
    );
    const { code, stdout } = await place.run(['x'], { env: { ...env, PATH } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'whole again\n' });
    expect((await place.program('cat', [`${place.home}/ran`]).ended).stdout).toBe('');
  });
});

describe('the state directory', () => {
  it('can not be made: reads go on with a warning, writes are refused', async () => {
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
