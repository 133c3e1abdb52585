import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenTarget, RunTarget, Tool, ToolChunk, ToolContext } from '@kw/agent';
import { createKubeTargets, nodeHost } from '@kw/kube';
import type { Sandbox } from '@kw/sandbox';
import { createSandbox } from '@kw/sandbox';
import { bash } from '../src/bash-tool.ts';
import { kubectl } from '../src/kubectl-tool.ts';

let sandbox: Sandbox;
let target: RunTarget;
let open: OpenTarget;
let tool: Tool;

beforeAll(async () => {
  sandbox = await createSandbox({ seed: 'tools' });
  const targets = createKubeTargets({ host: nodeHost(), kubeconfig: sandbox.kubeconfigPath });
  target = await targets.freeze({});
  open = await targets.open(target);
  tool = kubectl({ targets, path: process.env['KW_TEST_KUBECTL'] ?? 'kubectl' });
});

afterAll(async () => {
  await open.close();
  await sandbox.close();
});

function context(): ToolContext {
  return {
    callId: 'c1',
    target: open,
    signal: new AbortController().signal,
    timeoutMs: 20_000,
    outputs: { info: async () => undefined, async *lines() {} },
  };
}

function prepare(command: string, input?: string, from: Tool = tool): ReturnType<Tool['prepare']> {
  return from.prepare(JSON.stringify({ command, ...(input === undefined ? {} : { input }) }), { target });
}

async function run(
  command: string,
  input?: string,
  from: Tool = tool,
): Promise<{ readonly text: string; readonly end: ToolChunk | undefined }> {
  let text = '';
  let end: ToolChunk | undefined;
  for await (const chunk of prepare(command, input, from).run(context())) {
    if (chunk.type === 'output') text += chunk.text;
    else end = chunk;
  }
  return { text, end };
}

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "nginx:1" }] }
`;

describe('the kubectl tool, with the real kubectl', () => {
  it('runs what it judged, without a shell', async () => {
    expect(prepare('kubectl get namespaces -o name').effect).toBe('read');
    expect((await run('kubectl get namespaces -o name')).text).toContain('namespace/kube-system');
    expect((await run('get namespaces -o name')).text).toContain('namespace/kube-system');
  });

  it('applies a manifest from its input, previews it, and sees what is in it', async () => {
    const invocation = prepare('kubectl apply -f -', manifest);
    expect(invocation).toMatchObject({
      effect: 'write',
      summary: `kubectl apply -f -\n${manifest}`,
      subject: { verb: 'apply', context: 'sandbox' },
    });
    expect((await invocation.preview?.(context()))?.objects).toMatchObject([{ action: 'create', kind: 'Deployment', name: 'web' }]);
    expect((await run('kubectl apply -f -', manifest)).end).toMatchObject({ isError: false, exitCode: 0 });
    const binding =
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: x}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n';
    expect(prepare('kubectl apply -f -', binding).effect).toBe('dangerous');
  });

  it('previews a change as its fields, and its state hash follows the hand of others but not of controllers', async () => {
    const preview = async (): ReturnType<NonNullable<ReturnType<Tool['prepare']>['preview']>> => {
      const invocation = prepare('kubectl scale deploy/web --replicas=5');
      if (invocation.preview === undefined) throw new Error('no preview');
      return invocation.preview(context());
    };
    const first = await preview();
    expect(first.objects).toMatchObject([{ action: 'update', name: 'web', fields: [{ path: 'spec.replicas', before: 2, after: 5 }] }]);
    expect((await preview()).stateHash).toBe(first.stateHash);
    await run('kubectl annotate deploy/web note=a-colleague');
    expect((await preview()).stateHash).not.toBe(first.stateHash);
  });

  it('tells what a deletion takes', async () => {
    const preview = await prepare('kubectl delete deploy -l app=web').preview?.(context());
    expect(preview?.objects ?? preview).toEqual([]);
    await run('kubectl label deploy/web app=web');
    expect((await prepare('kubectl delete deploy -l app=web').preview?.(context()))?.objects).toMatchObject([
      { action: 'delete', kind: 'Deployment', name: 'web' },
    ]);
  });

  it('sends pipes to the shell analysis and to bash', async () => {
    expect(prepare('kubectl get ns -o name | grep kube-system')).toMatchObject({ effect: 'read' });
    expect(
      (await run('kubectl get ns -o name | grep kube-system', undefined, kubectl({ path: process.env['KW_TEST_KUBECTL'] ?? 'kubectl' })))
        .end,
    ).toMatchObject({ type: 'result' });
    expect(prepare('kubectl get ns | xargs kubectl delete ns').effect).toBe('dangerous');
  });

  it('does not know a verb that kubectl does not know: a plugin is asked about', () => {
    expect(prepare('kubectl evil --now').effect).toBe('unknown');
  });

  it('hides the values of Secrets instead of asking, and asks for what it can not hide', () => {
    expect(prepare('kubectl get secret s -o yaml')).toMatchObject({ effect: 'read', traits: [] });
    expect(prepare('kubectl get secret s -o yaml').secretOutput).toBeUndefined();
    expect(prepare("kubectl get secret s -o jsonpath='{.data.password}'")).toMatchObject({ traits: [], secretOutput: true });
    expect(prepare('kubectl create token default').traits).toContain('sensitive');
    expect(prepare('kubectl get secrets').secretOutput).toBeUndefined();
  });

  it('refuses what never ends or needs a terminal, with the way to do it', () => {
    expect(prepare('kubectl get pods -w').refusal).toMatch(/\S/);
    expect(prepare('kubectl edit deploy/web').refusal).toMatch(/\S/);
    expect(prepare('kubectl exec -it web -- sh').refusal).toMatch(/\S/);
  });

  it.each([['{'], ['[]'], ['{}'], ['{"command":""}'], ['{"command":3}'], ['{"command":"get pods","input":3}'], ['null']])(
    'tells the model what is wrong with %s',
    (argumentsJson) => {
      expect(() => tool.prepare(argumentsJson, {})).toThrow(/^kubectl: /);
    },
  );

  it('ignores what a model says about its own call', () => {
    const invocation = tool.prepare(
      JSON.stringify({ command: 'kubectl delete ns default', modifies_resource: 'no', effect: 'read', approved: true }),
      { target },
    );
    expect(invocation.effect).toBe('dangerous');
  });
});

describe('the bash tool', () => {
  it('tells the parts of a script', () => {
    const invocation = prepare('kubectl get pods -n a; kubectl delete pod x -n b > /tmp/out', undefined, bash());
    expect(invocation.effect).toBe('write');
    expect(invocation.parts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ effect: 'read', subject: expect.objectContaining({ verb: 'get', namespace: 'a' }) }),
        expect.objectContaining({ effect: 'write', subject: expect.objectContaining({ verb: 'delete', namespace: 'b' }) }),
      ]),
    );
  });

  it('runs in the small environment of the target, without cloud variables and keys', async () => {
    const { text } = await run('env', undefined, bash());
    expect(text).toContain(`KUBECONFIG=${open.kubeconfigPath}`);
    expect(text).toContain('KUBERC=off');
    expect(text).not.toMatch(/API_KEY|AWS_|TOKEN/);
  });
});

describe('logs without a bound', () => {
  it.each([
    ['kubectl logs web', 'kubectl logs web --tail=1000'],
    ['logs deploy/web -c main -n shop', 'kubectl logs deploy/web -c main -n shop --tail=1000'],
    ['kubectl logs web --previous', 'kubectl logs web --previous --tail=1000'],
    ['kubectl logs web --tail=5', 'kubectl logs web --tail=5'],
    ['kubectl logs web --tail=-1', 'kubectl logs web --tail=-1'],
    ['kubectl logs web --since=1h', 'kubectl logs web --since=1h'],
    ['kubectl logs -l app=web', 'kubectl logs -l app=web'],
  ])('%s: %s', (command, summary) => {
    expect(prepare(command).summary).toBe(summary);
  });

  it('say that there may be more', async () => {
    const lines = `#!/bin/sh\necho "$@" >&2\nseq 1000\n`;
    const folder = await mkdtemp(join(tmpdir(), 'kw-logs-'));
    await writeFile(join(folder, 'kubectl'), lines, { mode: 0o755 });
    const { text, end } = await run('kubectl logs web', undefined, kubectl({ path: join(folder, 'kubectl') }));
    expect(text).toContain('logs web --tail=1000');
    expect(end).toMatchObject({ isError: false, note: expect.stringMatching(/^the last 1000 lines: .*--tail=-1 reads all$/) });
    await rm(folder, { recursive: true });
  });
});

describe('kustomizations', () => {
  it('are rendered by a read that fetches nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kw-kustomize-'));
    await writeFile(join(folder, 'kubectl'), '#!/bin/sh\nenv\n', { mode: 0o755 });
    const stub = kubectl({ path: join(folder, 'kubectl') });
    const { text } = await run('kubectl kustomize overlays/prod', undefined, stub);
    expect(text).toMatch(/^GIT_ALLOW_PROTOCOL=file$/m);
    expect(text).toMatch(/^HTTPS_PROXY=http:\/\/127.0.0.1:9$/m);
    expect((await run('kubectl diff -k overlays/prod', undefined, stub)).text).toMatch(/^NO_PROXY=127.0.0.1$/m);
    expect((await run('kubectl get pods', undefined, stub)).text).not.toContain('GIT_ALLOW_PROTOCOL');
    await rm(folder, { recursive: true });
  });
});
