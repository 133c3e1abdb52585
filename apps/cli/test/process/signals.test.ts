import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtCommand, commandNode } from './built.ts';
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

/** What runs have left in the folder for temporary files. */
const leftovers = async (): Promise<readonly string[]> => {
  const parents = (await readdir(place.home)).filter((name) => /^(kw|kubelet)/.test(name));
  return (await Promise.all(parents.map((name) => readdir(`${place.home}/${name}`)))).flat();
};

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends a hanging model at once, with 130', async (signal) => {
    model.enqueue({ fault: { type: 'hang' } });
    const run = await place.start(['x']);
    await until(() => model.answering() === 1);
    const at = performance.now();
    run.child.kill(signal);
    expect((await run.ended).code).toBe(130);
    expect(performance.now() - at).toBeLessThan(2_000);
    expect(await leftovers()).toEqual([]);
  });

  it('SIGINT in the middle of the text keeps what came, and the next run is a new one', async () => {
    model.enqueue({ text: ['Half of ', 'an answer'], delayMs: 20, fault: { type: 'stall', after: 2 } });
    const run = await place.start(['x']);
    await until(() => model.answering() === 1);
    await new Promise((done) => setTimeout(done, 300));
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    model.enqueue({ text: 'again' });
    expect(await place.run(['y'])).toMatchObject({ code: 0, stdout: 'again\n' });
  });

  it('SIGINT ends the command of a tool with all that it started', async () => {
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\nsleep 321 &\necho $! > "$HOME/grandchild"\necho $$ > "$HOME/child"\nwait\n');
    model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get pods' } }] });
    const run = await place.start(['x'], { env: { PATH, KUBECONFIG: await kubeconfigOf(place) } });
    await until(async () => (await readdir(place.home)).includes('child'));
    const at = performance.now();
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(performance.now() - at).toBeLessThan(2_000);
    // Where nobody reaps orphans they stay as zombies, which run no more.
    const { stdout } = await place.program('sh', ['-c', 'cat "/proc/$(cat "$HOME/child")/stat" "/proc/$(cat "$HOME/grandchild")/stat"'])
      .ended;
    expect(stdout.replaceAll(/^.*\) Z .*\n/gm, '')).toBe('');
    expect(await leftovers()).toEqual([]);
  });

  it('a second SIGINT does not wait for anything', async () => {
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\ntrap "" TERM INT\necho $$ > "$HOME/child"\nwhile :; do sleep 1; done\n');
    model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get pods' } }] });
    const run = await place.start(['x'], { env: { PATH, KUBECONFIG: await kubeconfigOf(place) } });
    await until(async () => (await readdir(place.home)).includes('child'));
    run.child.kill('SIGINT');
    await new Promise((done) => setTimeout(done, 200));
    const at = performance.now();
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(performance.now() - at).toBeLessThan(500);
    const { stdout } = await place.program('sh', ['-c', 'cat "/proc/$(cat "$HOME/child")/stat"']).ended;
    expect(stdout.replaceAll(/^.*\) Z .*\n/gm, '')).toBe('');
  });

  it('a reader that leaves while commands run ends them, too', async () => {
    const PATH = await putOnPath(
      place,
      'kubectl',
      '#!/bin/sh\ncase "$*" in *nodes*) echo $$ > "$HOME/child"; exec sleep 321;; esac\necho fine\n',
    );
    const call = (
      command: string,
    ): { readonly toolCalls: readonly { readonly name: string; readonly arguments: { readonly command: string } }[] } => ({
      toolCalls: [{ name: 'kubectl', arguments: { command } }],
    });
    model.enqueue(call('kubectl get pods'), call('kubectl get services'), call('kubectl get configmaps'), call('kubectl get nodes'));
    const main = await builtCommand();
    const line =
      '"$0" "$1" x 2>&1 | head -1; echo "${PIPESTATUS[0]}"; [ -e "$HOME/child" ] && cat "/proc/$(cat "$HOME/child")/stat" 2>/dev/null';
    const { stdout } = await place.program('bash', ['-c', line, commandNode, main], {
      env: { PATH, KUBECONFIG: await kubeconfigOf(place) },
    }).ended;
    expect(stdout.replaceAll(/^.*\) Z .*\n/gm, '')).toMatch(/^✓ kubectl get pods .*\n0\n$/);
    expect(await leftovers()).toEqual([]);
  });

  it('a reader that leaves (`| head -1`) is no error', async () => {
    model.enqueue({ text: Array.from({ length: 200 }, (_, at) => `line ${at}\n${'x'.repeat(1000)}\n`), delayMs: 1 });
    const main = await builtCommand();
    const { code, stdout, stderr } = await place.program('bash', [
      '-c',
      '"$0" "$1" x | head -1; echo "${PIPESTATUS[0]}"',
      commandNode,
      main,
    ]).ended;
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'line 0\n0\n', stderr: '' });
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 10));
}
