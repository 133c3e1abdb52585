import { describe, expect, it } from 'vitest';
import type { JsonObject } from '@kw/agent';
import { parseKubectl } from '../../src/kubectl/parse-kubectl.ts';
import type { AskKubectl, KubectlAnswer } from '../../src/preview/preview-kubectl.ts';
import { previewKubectl } from '../../src/preview/preview-kubectl.ts';

function deployment(replicas: number, extra: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'u1',
      resourceVersion: '7',
      generation: 2,
      managedFields: [{ manager: 'x' }],
      annotations: { 'deployment.kubernetes.io/revision': '3' },
    },
    spec: { replicas },
    status: { readyReplicas: replicas },
    ...extra,
  };
}

interface Call {
  readonly args: readonly string[];
  readonly input?: string;
}

function scripted(answers: readonly (JsonObject | Partial<KubectlAnswer>)[]): { readonly ask: AskKubectl; readonly calls: Call[] } {
  const calls: Call[] = [];
  const rest = [...answers];
  return {
    calls,
    ask: async (args, input) => {
      calls.push({ args, ...(input === undefined ? {} : { input }) });
      const answer = rest.shift() ?? {};
      return 'kind' in answer
        ? { exitCode: 0, stdout: JSON.stringify(answer), stderr: '' }
        : { exitCode: 0, stdout: '', stderr: '', ...answer };
    },
  };
}

function parsed(line: string): Extract<ReturnType<typeof parseKubectl>, { type: 'parsed' }> {
  const command = parseKubectl(line);
  if (command.type !== 'parsed') throw new Error(command.reason);
  return command;
}

describe('previewKubectl', () => {
  it('shows the fields that the server would change, by a dry run of the same command', async () => {
    const { ask, calls } = scripted([deployment(5), deployment(3)]);
    const preview = await previewKubectl(parsed('kubectl -n shop scale deploy/web --replicas=5 -o name'), ask);
    expect(preview.objects).toEqual([
      {
        action: 'update',
        kind: 'Deployment',
        apiVersion: 'apps/v1',
        namespace: 'shop',
        name: 'web',
        fields: [{ path: 'spec.replicas', before: 3, after: 5 }],
      },
    ]);
    expect(calls[0]?.args).toEqual(['scale', 'deploy/web', '--namespace=shop', '--replicas=5', '--dry-run=server', '--output=json']);
    expect(calls[1]?.args).toEqual(['get', '-f', '-', '-o', 'json', '--ignore-not-found']);
  });

  it('shows the replicas that scale sets also where kubectl (up to 1.35) prints the object of the dry run as it was', async () => {
    const { ask } = scripted([deployment(3), deployment(3)]);
    const preview = await previewKubectl(parsed('kubectl -n shop scale deploy/web --replicas=5'), ask);
    expect(preview.objects).toMatchObject([{ action: 'update', name: 'web', fields: [{ path: 'spec.replicas', before: 3, after: 5 }] }]);
  });

  it('does not call an object of a kind that it does not know unchanged by scale', async () => {
    const queue = {
      apiVersion: 'example.com/v1',
      kind: 'Queue',
      metadata: { name: 'mail', namespace: 'shop', uid: 'u2' },
      spec: { workers: 3 },
    };
    const { ask } = scripted([queue, queue]);
    const preview = await previewKubectl(parsed('kubectl -n shop scale queues.example.com/mail --replicas=5'), ask);
    expect(preview).toMatchObject({
      objects: [],
      unavailable: 'the dry run of scale does not tell what becomes of this kind',
      stateHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('tells the template that rollout undo brings back, and does not call it unchanged', async () => {
    const { ask, calls } = scripted([
      { stdout: '' },
      { stdout: 'deployment.apps/web Pod Template:\n  Image:\tnginx:1.0\n (dry run)\n' },
      deployment(3),
    ]);
    const preview = await previewKubectl(parsed('kubectl -n shop rollout undo deploy/web'), ask);
    expect(preview).toMatchObject({
      objects: [],
      warnings: ['deployment.apps/web Pod Template:', '  Image:\tnginx:1.0'],
      stateHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(calls.map(({ args }) => args.find((word) => word.startsWith('--dry-run')))).toEqual([
      '--dry-run=server',
      '--dry-run=client',
      undefined,
    ]);
  });

  it('shows an object that is not there yet as new', async () => {
    const { ask } = scripted([deployment(1), { stdout: '' }]);
    const preview = await previewKubectl(parsed('kubectl create deployment web --image=x -n shop'), ask);
    expect(preview.objects[0]).toMatchObject({ action: 'create', name: 'web' });
    expect(preview.objects[0]?.fields.map(({ path }) => path)).toContain('spec');
  });

  it('shows what a deletion takes, by reading the same selection', async () => {
    const { ask, calls } = scripted([{ apiVersion: 'v1', kind: 'List', items: [deployment(1)] }]);
    const preview = await previewKubectl(parsed('kubectl delete deploy,svc -l app=web -n shop --wait=false'), ask);
    expect(preview.objects).toMatchObject([{ action: 'delete', kind: 'Deployment', name: 'web', fields: [] }]);
    expect(calls[0]?.args).toEqual([
      'get',
      'deployments,services',
      '--selector=app=web',
      '--namespace=shop',
      '--output=json',
      '--ignore-not-found',
    ]);
  });

  it('passes the manifest of standard input on to the trial', async () => {
    const { ask, calls } = scripted([deployment(2), deployment(2)]);
    const preview = await previewKubectl(parsed('kubectl apply -f -'), ask, 'the manifest');
    expect(calls[0]?.input).toBe('the manifest');
    expect(preview.objects[0]?.action).toBe('unchanged');
  });

  it('keeps the words behind -- where they belong', async () => {
    const { ask, calls } = scripted([deployment(1)]);
    await previewKubectl(parsed('kubectl run x --image=y -- sleep 1'), ask);
    expect(calls[0]?.args).toEqual(['run', 'x', '--image=y', '--dry-run=server', '--output=json', '--', 'sleep', '1']);
  });

  it('has the same state hash while only the server has touched an object, and another one when a person has', async () => {
    const hashOf = async (live: JsonObject): Promise<string | undefined> =>
      (await previewKubectl(parsed('kubectl scale deploy/web --replicas=5 -n shop'), scripted([deployment(5), live]).ask)).stateHash;
    const first = await hashOf(deployment(3));
    const touched = deployment(3, {
      status: { readyReplicas: 1 },
      metadata: {
        name: 'web',
        namespace: 'shop',
        uid: 'u1',
        resourceVersion: '99',
        generation: 9,
        annotations: { 'deployment.kubernetes.io/revision': '4' },
      },
    });
    expect(await hashOf(touched)).toBe(first);
    expect(await hashOf(deployment(4))).not.toBe(first);
    expect(await hashOf(deployment(3, { metadata: { name: 'web', namespace: 'shop', uid: 'u2' } }))).not.toBe(first);
    expect(await hashOf(deployment(3, { metadata: { name: 'web', namespace: 'shop', uid: 'u1', labels: { a: 'b' } } }))).not.toBe(first);
  });

  it('never shows the values of a Secret', async () => {
    const secret = (value: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'shop' },
      data: { password: value },
    });
    const preview = await previewKubectl(
      parsed('kubectl apply -f s.yaml'),
      scripted([secret('Y2FuYXJ5LW5ldw=='), secret('Y2FuYXJ5LW9sZA==')]).ask,
    );
    expect(preview.objects[0]?.fields).toEqual([
      { path: 'data.password', before: '(hidden, 16 characters)', after: '(hidden, 16 characters)' },
    ]);
    expect(JSON.stringify(preview)).not.toContain('Y2FuYXJ5');
  });

  it('says why there is no preview, and passes warnings on', async () => {
    const failed = scripted([{ exitCode: 1, stderr: 'Warning: old\nError from server (NotFound): deployments.apps "web" not found\n' }]);
    expect(await previewKubectl(parsed('kubectl scale deploy/web --replicas=5'), failed.ask)).toEqual({
      objects: [],
      warnings: ['old'],
      unavailable: 'the dry run failed: Error from server (NotFound): deployments.apps "web" not found',
    });
    const restart = scripted([deployment(1)]);
    const preview = await previewKubectl(parsed('kubectl rollout restart deploy/web -n shop'), restart.ask);
    expect(preview).toMatchObject({ unavailable: 'kubectl rollout restart has no dry run', stateHash: expect.any(String) });
  });

  it('lists fifty objects and counts the rest', async () => {
    const items = Array.from({ length: 53 }, (_, index) => ({ ...deployment(1), metadata: { name: `d${index}`, namespace: 'shop' } }));
    const preview = await previewKubectl(
      parsed('kubectl delete deploy --all -n shop'),
      scripted([{ apiVersion: 'v1', kind: 'List', items }]).ask,
    );
    expect([preview.objects.length, preview.more]).toEqual([50, 3]);
  });
});
