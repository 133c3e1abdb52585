import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { chmod, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNothingLeft } from './aftermath.ts';
import { builtCommand, commandNode } from './built.ts';
import { createPlace } from './command.ts';
import type { Ended, Place } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

let model: ScriptedServer;
let place: Place;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  model = await startScriptedServer({ strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
  const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\necho "$@" >> "$HOME/ran"\necho fine\n');
  env = { PATH, KUBECONFIG: await kubeconfigOf(place) };
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

const kubectl = (
  command: string,
): { readonly toolCalls: readonly [{ readonly name: string; readonly arguments: { readonly command: string } }] } => ({
  toolCalls: [{ name: 'kubectl', arguments: { command } }],
});
const store = (): string => join(place.home, '.local/state/kubelet-wuhrai/sessions.db');
const ran = async (): Promise<string> => readFile(join(place.home, 'ran'), 'utf8').catch(() => '');
const listed = async (): Promise<Ended> => place.run(['sessions'], { env });

/** The command where no file may grow beyond so many bytes: writing ends as on a full disk. */
async function onFullDisk(bytes: number, args: readonly string[]): Promise<Ended> {
  const main = await builtCommand();
  const script = `trap '' XFSZ; ulimit -f ${Math.ceil(bytes / 1024)}; exec "$@"`;
  return place.program('bash', ['-c', script, 'bash', commandNode, main, ...args], { env }).ended;
}

describe('a full disk', () => {
  it('reliability 27: reads go on with a warning, writes are refused, and the old data stay', async () => {
    model.enqueue({ text: 'first answer' });
    await place.run(['first question'], { env });
    const before = await listed();
    const { size } = await stat(store());
    model.enqueue(kubectl('kubectl get pods'), kubectl('kubectl delete pod web'), { text: 'done' });
    const { code, stdout, stderr } = await onFullDisk(size, ['--skip-permissions', 'second question']);
    expect(stderr).toContain('could not be');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await ran()).toContain('get pods');
    expect(await ran()).not.toContain('delete');
    // The answer is shown, but the run could not be kept.
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'done\n' });
    const after = await listed();
    expect(after.code).toBe(0);
    expect(after.stdout).toContain('first question');
    expect(before.stdout).toContain('first question');
    // What was kept of the second question is taken up.
    await expectNothingLeft(place, { model, env, reopens: 'second question', resumesWith: 0 });
    expect(await ran()).not.toContain('delete');
  });
});

describe('a damaged log', () => {
  it.each(['cut in the middle', 'overwritten'])(
    'reliability 27: %s: questions are answered with a warning, nothing is changed, and the file is left alone',
    async (how) => {
      model.enqueue({ text: 'first answer' });
      await place.run(['first question'], { env });
      const { size } = await stat(store());
      if (how === 'overwritten') await writeFile(store(), 'x'.repeat(size));
      else await truncate(store(), Math.floor(size / 2 / 4096) * 4096 + 100);
      const damaged = await readFile(store());
      model.enqueue(kubectl('kubectl get pods'), kubectl('kubectl delete pod web'), { text: 'done' });
      const { code, stdout, stderr } = await place.run(['--skip-permissions', 'second question'], { env });
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'done\n' });
      expect(stderr).toContain(store());
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(await ran()).toContain('get pods');
      expect(await ran()).not.toContain('delete');
      expect((await readFile(store())).equals(damaged)).toBe(true);
      await expectNothingLeft(place, { model, env });
    },
  );
});

describe('a read-only state directory', () => {
  it.skipIf(process.getuid?.() === 0)('reliability 27: is as one that can not be made', async () => {
    model.enqueue({ text: 'first answer' }, kubectl('kubectl get pods'), { text: 'done' });
    await place.run(['first question'], { env });
    await chmod(join(store(), '..'), 0o500);
    const { code, stdout, stderr } = await place.run(['second question'], { env });
    await chmod(join(store(), '..'), 0o700);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'done\n' });
    expect(stderr).toContain('warning');
    await expectNothingLeft(place, { model, env, reopens: 'first question' });
  });
});

describe('two processes', () => {
  it('reliability 27: on one session: the second is told that it is busy, and the first goes on', async () => {
    model.enqueue({ text: 'first answer' });
    await place.run(['first question'], { env });
    model.enqueue({ text: ['slow ', 'answer'], delayMs: 1_000 });
    const first = await place.start(['--resume-session', 'latest', '--output=jsonl', 'second question'], { env });
    await first.shows('slow');
    const second = await place.run(['--resume-session', 'latest', 'third question'], { env });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/busy|has a question open/);
    expect(second.stderr).not.toMatch(/\n\s+at /);
    const { code, stdout } = await first.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('"slow answer"');
    await expectNothingLeft(place, { model, env, reopens: 'second question' });
  });
});
