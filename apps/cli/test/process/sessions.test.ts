import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';
import { openTerminal } from './terminal.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'All is well.' } });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

interface Listed {
  readonly id: string;
  readonly title: string;
}

async function list(...words: readonly string[]): Promise<readonly Listed[]> {
  return JSON.parse((await place.run(['sessions', 'list', ...words, '--json'])).stdout);
}

/** Asks something that runs one command. */
async function ask(question: string): Promise<void> {
  const env = { KUBECONFIG: await kubeconfigOf(place), PATH: await putOnPath(place, 'kubectl', '#!/bin/sh\necho "pod/web-1"\n') };
  model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get pods' } }] }, { text: `Answer to: ${question}` });
  expect((await place.run([question], { env })).code).toBe(0);
}

describe('sessions', () => {
  it('lists them, the latest first, and those that a word fits', async () => {
    expect((await place.run(['sessions'])).stderr).toContain('no sessions yet');
    await ask('why is checkout failing?');
    await ask('list the nodes');
    expect((await list()).map(({ title }) => title)).toEqual(['list the nodes', 'why is checkout failing?']);
    expect(await list('checkout')).toHaveLength(1);
    const { code, stdout } = await place.run(['sessions']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^session_\d+ +\d{4}-\d\d-\d\d \d\d:\d\d +list the nodes\n/);
    expect((await place.run(['sessions', 'list', 'nothing-like-it'])).stderr).toContain('nothing-like-it');
  });

  it('shows what was asked, run and answered', async () => {
    await ask('why is checkout failing?');
    const { code, stdout } = await place.run(['sessions', 'show', 'latest']);
    expect(code).toBe(0);
    expect(stdout).toContain('> why is checkout failing?');
    expect(stdout).toContain('✓ kubectl get pods');
    expect((await place.run(['sessions', 'show', 'latest', '--lang=zh'])).stdout).toContain('模型 deepseek/deepseek-chat\n');
    expect(stdout).toContain('Answer to: why is checkout failing?');
    const [session] = await list();
    expect(JSON.parse((await place.run(['sessions', 'show', session?.id ?? '', '--json'])).stdout)).toMatchObject({ id: session?.id });
  });

  it('renames and deletes by the beginning of a name', async () => {
    await ask('one');
    await ask('two');
    const [two, one] = await list();
    expect(await place.run(['sessions', 'rename', 'latest', 'checkout', 'incident'])).toMatchObject({ code: 0 });
    expect((await list())[0]).toMatchObject({ id: two?.id, title: 'checkout incident' });
    expect(await place.run(['sessions', 'delete', one?.id ?? ''])).toMatchObject({ code: 0, stdout: `Deleted ${one?.id}.\n` });
    expect((await list()).map(({ id }) => id)).toEqual([two?.id]);
  });

  it.each([
    ['a session that is not there', ['show', 'session_nothing'], 'session_nothing'],
    ['a name that is missing', ['rename'], 'which session'],
    ['a title that is missing', ['rename', 'latest'], 'new name'],
    ['an unknown subcommand', ['lst'], 'did you mean list?'],
  ])('refuses %s', async (_, words, named) => {
    const { code, stdout, stderr } = await place.run(['sessions', ...words]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(named);
  });

  it('asks before it deletes on a terminal, unless --yes', async () => {
    await ask('one');
    const kept = await openTerminal(place, ['sessions', 'delete', 'latest']);
    await kept.shows('n = keep');
    kept.type('n\r');
    expect(await kept.ended).toMatchObject({ code: 1 });
    expect(kept.bytes()).toContain('Nothing was deleted.');
    expect(await list()).toHaveLength(1);
    const gone = await openTerminal(place, ['sessions', 'delete', 'latest', '--yes']);
    expect(await gone.ended).toMatchObject({ code: 0 });
    expect(await list()).toEqual([]);
  });
});

describe('export', () => {
  it('hands a session over as Markdown and as JSON, without secrets', async () => {
    await ask('why is checkout failing? my key is sk-deepseek-0123456789');
    for (const name of [[], ['latest'], ['session_']]) {
      const { code, stdout } = await place.run(['export', ...name, '--md']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^# /);
      expect(stdout).toContain('kubectl get pods');
      expect(stdout).toContain('why is checkout failing?');
      expect(stdout).not.toContain('sk-deepseek-0123456789');
    }
    const { stdout } = await place.run(['export', 'latest', '--json']);
    expect(JSON.stringify(JSON.parse(stdout))).toContain('kubectl get pods');
    expect(stdout).not.toContain('sk-deepseek-0123456789');
  });

  it('says that there is none', async () => {
    const { code, stderr } = await place.run(['export']);
    expect(code).toBe(2);
    expect(stderr).toContain('no sessions');
  });
});
