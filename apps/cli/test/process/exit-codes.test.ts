import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

describe('exit codes', () => {
  it('0: answered', async () => {
    model.enqueue({ text: 'ok' });
    expect((await place.run(['x'])).code).toBe(0);
  });

  it('1: the run failed; the vendor and what to set are named, the key is not', async () => {
    model.enqueue({ fault: { type: 'status', status: 401, body: { error: { message: 'bad key sk-deepseek-0123456789' } } } });
    const { code, stdout, stderr } = await place.run(['x']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('DEEPSEEK_API_KEY');
    expect(stderr).not.toContain('sk-deepseek-0123456789');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(model.chats()).toHaveLength(1);
  });

  it.each([
    ['an unknown flag', ['--modle=x', 'x'], '--model'],
    ['a flag without its value', ['x', '--model'], '--model'],
    ['a bad value', ['--max-iterations=many', 'x'], 'max-iterations'],
    ['an unknown provider', ['--llm-provider=depseek', 'x'], 'deepseek'],
    ['a provider without an address', ['--llm-provider=openai-compatible', 'x'], 'OPENAI_ENDPOINT'],
    ['a file that is not there', ['--config=/nonexistent.yaml', 'x'], '/nonexistent.yaml'],
    ['no question', [], 'no question'],
    ['an empty question', [''], 'no question'],
    ['a session that is not there', ['resume', 'nothing'], 'nothing'],
  ])('2: %s', async (_, args, named) => {
    const { code, stdout, stderr } = await place.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(named);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(model.requests).toEqual([]);
  });

  it('2: a context that is not there names those that are', async () => {
    const KUBECONFIG = await kubeconfigOf(place);
    const { code, stderr } = await place.run(['--context=prod', 'x'], { env: { KUBECONFIG } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/prod.*stub/s);
  });

  it('2: a broken configuration file is named with its line', async () => {
    await mkdir(`${place.home}/.config/kubelet-wuhrai`, { recursive: true });
    await writeFile(`${place.home}/.config/kubelet-wuhrai/config.yaml`, 'model: x\nquiet: perhaps\n');
    const { code, stderr } = await place.run(['x']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/config\.yaml:2.*quiet.*perhaps/s);
  });

  it('3: something needed an approval that nobody could give', async () => {
    const env = { KUBECONFIG: await kubeconfigOf(place), PATH: await putOnPath(place, 'kubectl', '#!/bin/sh\necho "$@" >> "$HOME/ran"\n') };
    model.enqueue(
      { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl delete pod web' } }] },
      { text: 'It needs an approval.' },
    );
    const { code, stdout, stderr } = await place.run(['delete web'], { env });
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'It needs an approval.\n' });
    expect(stderr).toContain('--skip-permissions');
  });

  it('4: stopped at a limit, with the best answer so far', async () => {
    const env = { KUBECONFIG: await kubeconfigOf(place), PATH: await putOnPath(place, 'kubectl', '#!/bin/sh\necho "$@"\n') };
    model.enqueue(
      { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get pods' } }] },
      { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get nodes' } }] },
      { text: 'As far as I came: fine.' },
    );
    const { code, stdout } = await place.run(['--max-iterations=3', 'look'], { env });
    expect({ code, stdout }).toEqual({ code: 4, stdout: 'As far as I came: fine.\n' });
    expect(model.chats()).toHaveLength(3);
  });
});
