import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenTarget, Redactor, RunTarget, Tool, ToolContext } from '@kw/agent';
import { createRedactor } from '@kw/agent';
import { createKubeTargets, nodeHost } from '@kw/kube';
import type { Sandbox } from '@kw/sandbox';
import { createSandbox } from '@kw/sandbox';
import { dirname } from 'node:path';
import { bash } from '../../src/bash-tool.ts';
import { kubectl } from '../../src/kubectl-tool.ts';

const path = process.env['KW_TEST_KUBECTL'] ?? 'kubectl';
const value = 'correct-Horse 42 battery';

let sandbox: Sandbox;
let target: RunTarget;
let open: OpenTarget;
let known: readonly string[];
let redactor: Redactor;
let tools: readonly Tool[];

beforeAll(async () => {
  sandbox = await createSandbox({ seed: 'learn' });
  const host = nodeHost({ env: { ...process.env, PATH: `${dirname(path)}:${process.env['PATH'] ?? ''}` } });
  const targets = createKubeTargets({ host, kubeconfig: sandbox.kubeconfigPath });
  target = await targets.freeze({});
  open = await targets.open(target);
  known = [];
  redactor = createRedactor({ secrets: () => known });
  const learnSecrets = (values: readonly string[]): void => {
    known = [...known, ...values];
  };
  tools = [kubectl({ targets, path, learnSecrets }), bash({ learnSecrets })];
  await raw('kubectl', `kubectl create secret generic s --from-literal=plain='${value}'`);
  known = [];
});

afterAll(async () => {
  await open.close();
  await sandbox.close();
});

const context = (): ToolContext => ({
  callId: 'c1',
  target: open,
  signal: new AbortController().signal,
  timeoutMs: 20_000,
  outputs: { info: async () => undefined, async *lines() {} },
});

/** What a call prints, and what the redactor makes of it as it comes. */
async function raw(name: string, command: string): Promise<{ readonly printed: string; readonly shown: string }> {
  const tool = tools.find((each) => each.name === name);
  let stream: ReturnType<Redactor['stream']> | undefined;
  let printed = '';
  let shown = '';
  for await (const chunk of tool?.prepare(JSON.stringify({ command }), { target }).run(context()) ?? []) {
    if (chunk.type !== 'output') continue;
    stream ??= redactor.stream();
    printed += chunk.text;
    shown += stream.write(chunk.text);
  }
  return { printed, shown: shown + (stream?.end() ?? '') };
}

describe('values of Secrets that a script prints', () => {
  it.each([
    ["kubectl get secret s -o jsonpath='{.data.plain}' | base64 -d", value],
    ["kubectl get secret s -o jsonpath='{.data.plain}' | cat", Buffer.from(value).toString('base64')],
    ["kubectl get secrets -o go-template='{{range .items}}{{.data.plain}}{{end}}' | tail -1", Buffer.from(value).toString('base64')],
  ])('are hidden although nothing shows what they are: %s', async (command, secret) => {
    known = [];
    const { printed, shown } = await raw('bash', command);
    expect(printed).toContain(secret);
    expect(shown).toContain('[redacted:secret]');
    expect(shown).not.toContain(secret);
  });

  it('are hidden in whatever comes after a Secret was read', async () => {
    known = [];
    await raw('kubectl', 'kubectl get secret s -o yaml');
    expect(redactor.text(`the log says ${value}.`)).toBe('the log says [redacted:secret].');
  });

  it('cost nothing where no Secret is read', async () => {
    known = [];
    await raw('bash', 'kubectl get namespaces -o name | head -1');
    expect(known).toEqual([]);
  });
});
