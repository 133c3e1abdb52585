import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

let model: ScriptedServer;
let place: Place;
let temporary: string;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'Done.' }, strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
  ({ temporary } = place);
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

const directories = async (): Promise<readonly string[]> => (await readdir(temporary)).filter((name) => name.startsWith('kubelet-wuhrai-'));

const configure = async (text: string): Promise<void> => {
  const folder = join(place.home, '.config/kubelet-wuhrai');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.yaml'), text, { mode: 0o600 });
};

const env = async (): Promise<Readonly<Record<string, string>>> => ({ TMPDIR: temporary, KUBECONFIG: await kubeconfigOf(place) });
const calls = (...commands: readonly string[]): void => {
  for (const command of commands) model.enqueue({ toolCalls: [{ name: 'bash', arguments: { command } }] });
};
const makesAFile = 'echo "kind: Pod" > pod.yaml';

/** A command that leaves a file in its directory and then goes on for long. */
async function hanging(args: readonly string[], command = `${makesAFile}; sleep 321`): ReturnType<Place['start']> {
  calls(command);
  const run = await place.start(['--skip-permissions', ...args, 'x'], { env: await env() });
  await until(async () => {
    const [name] = await directories();
    return name !== undefined && (await readdir(join(temporary, name))).length > 0;
  });
  return run;
}

describe('the work directory', () => {
  it('is one for the commands of a session, for this user alone, and stays where files are in it', async () => {
    await putOnPath(place, 'kubectl', '#!/bin/sh\ncat pod.yaml\n');
    calls(makesAFile, 'cat pod.yaml');
    expect(await place.run(['--skip-permissions', 'x'], { env: await env() })).toMatchObject({ code: 0 });
    expect(model.chats()[2]?.text).toContain('kind: Pod');
    const [name, ...more] = await directories();
    expect(more).toEqual([]);
    expect((await stat(join(temporary, name ?? ''))).mode & 0o777).toBe(0o700);
    expect(await readFile(join(temporary, name ?? '', 'pod.yaml'), 'utf8')).toBe('kind: Pod\n');
  });

  it('is the one of kubectl, too: what a script wrote can be applied', async () => {
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\ncat pod.yaml\n');
    calls(makesAFile);
    model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl apply --dry-run=client -f pod.yaml' } }] });
    expect(await place.run(['--skip-permissions', 'x'], { env: { ...(await env()), PATH } })).toMatchObject({ code: 0 });
    expect(model.chats()[2]?.text).toContain('kind: Pod');
  });

  it('is not left where nothing is in it', async () => {
    calls('echo hello');
    expect(await place.run(['x'], { env: await env() })).toMatchObject({ code: 0 });
    expect(await directories()).toEqual([]);
  });

  it('S157: --remove-workdir leaves none, whatever is in it', async () => {
    calls(makesAFile, 'mkdir -p a/b && touch a/b/c');
    expect(await place.run(['--skip-permissions', '--remove-workdir', 'x'], { env: await env() })).toMatchObject({ code: 0 });
    expect(model.chats()).toHaveLength(3);
    expect(await readdir(temporary)).toEqual(expect.not.arrayContaining([expect.stringMatching(/^kubelet-wuhrai-/)]));
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('S157: --remove-workdir leaves none after %s in the middle of a command', async (signal) => {
    const run = await hanging(['--remove-workdir']);
    run.child.kill(signal);
    expect((await run.ended).code).toBe(130);
    expect(await directories()).toEqual([]);
  });

  it('S157: --remove-workdir leaves none after a second Ctrl-C that waits for nothing', async () => {
    const run = await hanging(['--remove-workdir'], `trap "" TERM INT; ${makesAFile}; sleep 321; sleep 321`);
    run.child.kill('SIGINT');
    await new Promise((done) => setTimeout(done, 200));
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(await directories()).toEqual([]);
  });

  it.each([
    ['S169', 'llm-provider: deepseek\nmodel: deepseek-chat\nmax-iterations: 10\nskip-permissions: true\nremove-workdir: true\n'],
    ['S177', 'max-iterations: 5\nskip-permissions: true\nquiet: true\nremove-workdir: true\n'],
  ])('%s: the key remove-workdir leaves none', async (_row, text) => {
    await configure(text);
    calls(makesAFile);
    expect(await place.run(['x'], { env: await env() })).toMatchObject({ code: 0 });
    expect(model.chats()).toHaveLength(2);
    expect(await directories()).toEqual([]);
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 10));
}
