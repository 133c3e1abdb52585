import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { kubeconfigOf } from './stub.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'All is well.' }, strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

async function configure(text: string): Promise<void> {
  await mkdir(`${place.home}/.config/kubelet-wuhrai`, { recursive: true });
  await writeFile(`${place.home}/.config/kubelet-wuhrai/config.yaml`, text);
}

const sent = (): { readonly model: unknown; readonly prompt: string } => {
  const body = model.chats()[0]?.body;
  return { model: body?.['model'], prompt: JSON.stringify(body?.['messages']) };
};

describe('the default provider', () => {
  it('S1: one positional argument is the query, the answer is on stdout, exit 0', async () => {
    const { code, stdout } = await place.run(['get all pods in default namespace']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'All is well.\n' });
    expect(sent().prompt).toContain('get all pods in default namespace');
  });

  it('S2: DeepSeek is the provider when nothing is configured', async () => {
    const { code, stderr } = await place.run(['test'], {
      env: { DEEPSEEK_ENDPOINT: undefined, HTTPS_PROXY: 'http://127.0.0.1:9', DEEPSEEK_API_KEY: undefined },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('DEEPSEEK_API_KEY');
  });

  it('S3: the default model is deepseek-chat', async () => {
    await place.run(['test']);
    expect(sent().model).toBe('deepseek-chat');
  });

  it('S4: DEEPSEEK_API_KEY is the bearer token', async () => {
    await place.run(['test']);
    expect(model.chats()[0]?.headers['authorization']).toBe('Bearer sk-deepseek-0123456789');
  });

  it('S5: --llm-provider=deepseek --model=deepseek-chat', async () => {
    const { code } = await place.run(['--llm-provider=deepseek', '--model=deepseek-chat', 'describe deployment nginx']);
    expect({ code, ...sent() }).toEqual({ code: 0, model: 'deepseek-chat', prompt: expect.stringContaining('describe deployment nginx') });
  });

  it('S6: --model=deepseek-coder', async () => {
    const { code } = await place.run(['--llm-provider=deepseek', '--model=deepseek-coder', 'generate a kubernetes deployment yaml']);
    expect({ code, model: sent().model }).toEqual({ code: 0, model: 'deepseek-coder' });
  });

  it('S7: deepseek-reasoner thinks, uses a tool, and only its content is the answer', async () => {
    model.enqueue(
      { reasoning: ['I should ', 'look first.'], toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl version --client' } }] },
      { reasoning: 'Now I know.', text: ['Resources ', 'are fine.'] },
    );
    const { code, stdout, stderr } = await place.run(
      ['--llm-provider=deepseek', '--model=deepseek-reasoner', 'analyze cluster resource usage'],
      { env: { KUBECONFIG: await kubeconfigOf(place) } },
    );
    expect({ code, stdout, model: sent().model }).toEqual({ code: 0, stdout: 'Resources are fine.\n', model: 'deepseek-reasoner' });
    expect(stderr).not.toContain('look first');
    expect(model.chats()).toHaveLength(2);
    expect(JSON.stringify(model.chats()[1]?.body['messages'])).toContain('Client Version');
  });

  it('S8: ~/.config/kubelet-wuhrai/config.yaml is read', async () => {
    await configure('llm-provider: "deepseek"\nmodel: "deepseek-coder"\n');
    const { code, stderr } = await place.run(['test']);
    expect({ code, stderr, model: sent().model }).toEqual({
      code: 0,
      stderr: expect.not.stringContaining('warning'),
      model: 'deepseek-coder',
    });
  });

  it('S9: the key llm-provider chooses the provider', async () => {
    await configure('llm-provider: qwen\n');
    const { code } = await place.run(['test'], {
      env: { DASHSCOPE_ENDPOINT: model.url, DASHSCOPE_API_KEY: 'sk-dashscope-0123456789', DEEPSEEK_ENDPOINT: undefined },
    });
    expect({ code, model: sent().model }).toEqual({ code: 0, model: 'qwen-plus' });
    expect(model.chats()[0]?.headers['authorization']).toBe('Bearer sk-dashscope-0123456789');
  });

  it('S10: the key model chooses the model', async () => {
    await configure('model: deepseek-reasoner\n');
    await place.run(['test']);
    expect(sent().model).toBe('deepseek-reasoner');
  });
});
