import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { configure } from './configure.ts';
import { kubeconfigOf } from './stub.ts';

let place: Place;

beforeEach(async () => {
  place = await createPlace();
});

afterEach(() => place.remove());

async function explain(command: string, ...flags: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await place.run(['explain-command', command, '--json', ...flags], {
    env: { KUBECONFIG: await kubeconfigOf(place) },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('explain-command', () => {
  it('tells effect, target, reasons and verdict of a command', async () => {
    expect(await explain('kubectl delete pod web-1 -n shop')).toMatchObject({
      tool: 'kubectl',
      effect: 'write',
      names: ['web-1'],
      target: { type: 'known', context: 'stub', server: 'http://127.0.0.1:9', namespace: 'shop' },
      verdict: 'ask',
    });
    expect(await explain('kubectl get pods')).toMatchObject({ effect: 'read', verdict: 'allow' });
  });

  it('tells every part of a line', async () => {
    const marker = `${place.home}/marker`;
    expect(await explain(`kubectl get pods | grep web; touch ${marker}`)).toMatchObject({
      tool: 'bash',
      verdict: 'ask',
      parts: expect.arrayContaining([
        expect.objectContaining({ text: 'kubectl get pods', effect: 'read', verdict: 'allow' }),
        expect.objectContaining({ text: `touch ${marker}`, effect: 'write', verdict: 'ask' }),
      ]),
    });
    expect(existsSync(marker)).toBe(false);
  });

  it('follows flags and rules', async () => {
    expect(await explain('kubectl delete pod web-1', '--skip-permissions')).toMatchObject({ policy: 'auto', verdict: 'allow' });
    expect(await explain('kubectl delete pod web-1', '--read-only')).toMatchObject({ verdict: 'deny' });
    await configure(
      place,
      'rules:\n  - {action: deny, verb: delete, context: "stu*", reason: "pipelines only"}\n  - {action: allow, verb: scale, namespace: dev}\n',
    );
    expect(await explain('kubectl delete pod web-1')).toMatchObject({ verdict: 'deny', reason: 'pipelines only' });
    expect(await explain('kubectl scale deploy/web --replicas=2 -n dev')).toMatchObject({ verdict: 'allow' });
    expect(await explain('kubectl scale deploy/web --replicas=2')).toMatchObject({ verdict: 'ask' });
  });

  it('judges a line of a tool of tools.yaml as that tool does', async () => {
    const folder = join(place.home, '.config/kubelet-wuhrai');
    await mkdir(folder, { recursive: true });
    const effect = '  effect:\n    - { match: [proxy-status], effect: read }\n    - { match: [upgrade], effect: dangerous }\n';
    await writeFile(join(folder, 'tools.yaml'), `- name: mesh\n  description: The mesh.\n  command: istioctl\n${effect}`, { mode: 0o600 });
    const own = { tool: 'mesh', origin: expect.stringContaining('tools.yaml:1') };
    expect(await explain('istioctl proxy-status')).toMatchObject({ ...own, effect: 'read', verdict: 'allow' });
    expect(await explain('mesh proxy-status')).toMatchObject({ ...own, effect: 'read', verdict: 'allow' });
    expect(await explain('istioctl upgrade', '--skip-permissions')).toMatchObject({ ...own, effect: 'dangerous', verdict: 'ask' });
    expect(await explain('istioctl install')).toMatchObject({ ...own, effect: 'unknown', verdict: 'ask' });
    expect(await explain('istioctl proxy-status | wc -l')).toMatchObject({ tool: 'bash', verdict: 'ask' });
    const { stdout } = await place.run(['explain-command', 'istioctl proxy-status', '--lang=zh']);
    expect(stdout).toMatch(/^ {2}工具 +mesh \(.*tools\.yaml:1\)$/m);
    expect(stdout).toMatch(/^ {2}结论 +直接执行（[^a-z]+）$/m);
    await writeFile(join(folder, 'tools.yaml'), '- name: mesh\n', { mode: 0o600 });
    expect(await place.run(['explain-command', 'istioctl x'])).toMatchObject({ code: 2, stderr: expect.stringContaining('tools.yaml:1') });
  });

  it('says what is never run, and how to do it instead', async () => {
    expect(await explain('kubectl edit deploy/web')).toMatchObject({
      traits: ['needs-terminal'],
      verdict: 'deny',
      refusal: expect.stringContaining('kubectl patch'),
    });
  });

  it('is readable, in both languages, without a cluster, too', async () => {
    const { code, stdout } = await place.run(['explain-command', 'kubectl', 'delete', 'pod', 'web-1']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}effect +write$/m);
    expect(stdout).toMatch(/^ {2}verdict +asks you first/m);
    expect((await place.run(['explain-command', 'kubectl delete pod web-1', '--lang=zh'])).stdout).toMatch(/^ {2}结论 +先征求您的同意/m);
    expect((await place.run(['explain-command'])).code).toBe(2);
  });
});
