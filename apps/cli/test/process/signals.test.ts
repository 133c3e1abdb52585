import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNothingLeft } from './aftermath.ts';
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

const question = 'what is wrong?';

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('reliability 25: %s ends a hanging model at once, with 130', async (signal) => {
    model.enqueue({ fault: { type: 'hang' } });
    const run = await place.start([question]);
    await until(() => model.answering() === 1);
    const at = performance.now();
    run.child.kill(signal);
    expect((await run.ended).code).toBe(130);
    expect(performance.now() - at).toBeLessThan(2_000);
    await expectNothingLeft(place, { model, reopens: question });
  });

  it('reliability 25: SIGINT in the middle of the text keeps what came, and the next run is a new one', async () => {
    model.enqueue({ text: ['Half of ', 'an answer'], delayMs: 20, fault: { type: 'stall', after: 2 } });
    const run = await place.start([question]);
    await until(() => model.answering() === 1);
    await new Promise((done) => setTimeout(done, 300));
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    model.enqueue({ text: 'again' });
    expect(await place.run(['y'])).toMatchObject({ code: 0, stdout: 'again\n' });
    await expectNothingLeft(place, { model, reopens: 'y' });
  });

  it('reliability 25: SIGINT ends the command of a tool with all that it started', async () => {
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\nsleep 321 &\necho $! > "$HOME/grandchild"\necho $$ > "$HOME/child"\nwait\n');
    model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get pods' } }] });
    const run = await place.start([question], { env: { PATH, KUBECONFIG: await kubeconfigOf(place) } });
    await until(async () => (await readdir(place.home)).includes('child'));
    const at = performance.now();
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(performance.now() - at).toBeLessThan(2_000);
    await expectNothingLeft(place, { model, reopens: question });
  });

  it('reliability 25: a second SIGINT does not wait for anything', async () => {
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\ntrap "" TERM INT\necho $$ > "$HOME/child"\nwhile :; do sleep 1; done\n');
    model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get pods' } }] });
    const run = await place.start([question], { env: { PATH, KUBECONFIG: await kubeconfigOf(place) } });
    await until(async () => (await readdir(place.home)).includes('child'));
    run.child.kill('SIGINT');
    await new Promise((done) => setTimeout(done, 200));
    const at = performance.now();
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(performance.now() - at).toBeLessThan(500);
    await expectNothingLeft(place, { model, reopens: question });
  });

  it('reliability 25: a reader that leaves while commands run ends them, too', async () => {
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
      '"$0" "$1" "what is wrong?" 2>&1 | head -1; echo "${PIPESTATUS[0]}"; [ -e "$HOME/child" ] && cat "/proc/$(cat "$HOME/child")/stat" 2>/dev/null';
    const { stdout } = await place.program('bash', ['-c', line, commandNode, main], {
      env: { PATH, KUBECONFIG: await kubeconfigOf(place) },
    }).ended;
    expect(stdout.replaceAll(/^.*\) Z .*\n/gm, '')).toMatch(/^✓ kubectl get pods .*\n0\n$/);
    await expectNothingLeft(place, { model, reopens: question });
  });

  it('reliability 25: a reader that leaves (`| head -1`) is no error', async () => {
    model.enqueue({ text: Array.from({ length: 200 }, (_, at) => `line ${at}\n${'x'.repeat(1000)}\n`), delayMs: 1 });
    const main = await builtCommand();
    const { code, stdout, stderr } = await place.program('bash', [
      '-c',
      '"$0" "$1" "what is wrong?" | head -1; echo "${PIPESTATUS[0]}"',
      commandNode,
      main,
    ]).ended;
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'line 0\n0\n', stderr: '' });
    await expectNothingLeft(place, { model, reopens: question });
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 10));
}
