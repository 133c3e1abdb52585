import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { builtCommand, commandNode } from './built.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: '# Pods\n\n- **web-1** is `Running`\n' }, strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

const prompt = (at: number): string => JSON.stringify(model.chats()[at]?.body['messages']);

describe('pipes and batch use', () => {
  it('S179: the answer in a file is clean text', async () => {
    model.enqueue(
      { text: 'Let me look.', toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl version --client' } }] },
      { text: '# Pods\n\nweb-1 is **fine**' },
    );
    const { code, stdout } = await place.run(['--quiet', 'get pods'], { env: { FORCE_COLOR: undefined } });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '# Pods\n\nweb-1 is **fine**\n' });
  });

  it('S180: the positional and standard input are one prompt, and it ends without a terminal', async () => {
    const { code, stdout } = await place.run(['analyze these pods'], { input: 'web-1   1/1   Running   0   3d\n' });
    expect(code).toBe(0);
    expect(stdout).toContain('web-1');
    expect(prompt(0)).toContain('analyze these pods');
    expect(prompt(0)).toContain('web-1   1/1   Running');
  });

  it('S180: standard input alone is the question, too', async () => {
    const { code } = await place.run([], { input: 'which pods are down?\n' });
    expect(code).toBe(0);
    expect(prompt(0)).toContain('which pods are down?');
  });

  it('S180: standard input that does not end is said to be waited for', async () => {
    const run = await place.start(['analyze these pods'], { input: 'web-1\n', keepsInputOpen: true });
    await run.shows('standard input');
    run.child.stdin?.end();
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(prompt(0)).toContain('web-1');
  });

  it('S181: one answer piped into the next question', async () => {
    model.enqueue({ text: 'pod/web-1 uses 90 % of its memory' }, { text: 'One pod is near its limit.' });
    const main = await builtCommand();
    const command = `"$0" "$1" --quiet "get all resources in namespace production" | "$0" "$1" "summarize resource usage"; echo "\${PIPESTATUS[@]}"`;
    const { stdout } = await place.program('bash', ['-c', command, commandNode, main]).ended;
    expect(stdout).toBe('One pod is near its limit.\n0 0\n');
    expect(prompt(1)).toContain('pod/web-1 uses 90 % of its memory');
    expect(prompt(1)).toContain('summarize resource usage');
  });

  it.each(['text', 'jsonl'])('a reader of %s that stands still does not keep the program from ending', async (form) => {
    model.enqueue({ text: Array.from({ length: 300 }, () => 'word '.repeat(2_000)) });
    const run = await place.start([`--output=${form}`, 'tell me all']);
    run.child.stdout?.pause();
    const exited = new Promise((resolve) => run.child.once('exit', resolve));
    await vi.waitFor(() => expect([model.chats().length, model.answering()]).toEqual([1, 0]), { timeout: 10_000 });
    const at = performance.now();
    run.child.kill('SIGTERM');
    expect(await exited).toBe(130);
    expect(performance.now() - at).toBeLessThan(4_000);
    run.child.stdout?.resume();
    await run.ended;
  });

  it('S182: 5 MB of JSON on standard input reach the model within its window', async () => {
    const pods = { kind: 'List', apiVersion: 'v1', items: Array.from({ length: 12_000 }, (_, at) => podOf(at)) };
    const input = JSON.stringify(pods, null, 1);
    expect(input.length).toBeGreaterThan(5_000_000);
    const { code, stderr } = await place.run(['find pods with high memory usage'], { input });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(prompt(0)).toContain('find pods with high memory usage');
    expect(prompt(0)).toContain('pod-000000');
    expect(model.chats()[0]?.text.length).toBeLessThan(400_000);
  });

  it('S182: a single line of 200 KB is no failure', async () => {
    const input = JSON.stringify(Array.from({ length: 1_000 }, (_, at) => podOf(at)));
    expect(input.length).toBeGreaterThan(200_000);
    const { code } = await place.run(['find pods with high memory usage'], { input });
    expect(code).toBe(0);
    expect(prompt(0)).toContain('find pods with high memory usage');
    expect(model.chats()[0]?.text.length).toBeLessThan(400_000);
  });
});

function podOf(at: number): object {
  const name = `pod-${String(at).padStart(6, '0')}`;
  return {
    kind: 'Pod',
    metadata: { name, namespace: 'shop', labels: { app: 'web', tier: 'front' } },
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'registry.local/web:1', resources: { limits: { memory: '256Mi' } } }] },
    status: { phase: 'Running' },
  };
}
