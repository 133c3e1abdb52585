import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { configure } from './configure.ts';
import { openTerminal } from './terminal.ts';
import type { TerminalOptions } from './terminal.ts';

let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: '**All** is `well`.' }, models: ['local-model'] });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789', OPENAI_ENDPOINT: model.url });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

/** All that a command prints on a terminal, without styling. */
async function onTerminal(args: readonly string[], options: TerminalOptions = {}): Promise<string> {
  const terminal = await openTerminal(place, args, options);
  expect((await terminal.ended).code).toBe(0);
  return stripVTControlCharacters(terminal.bytes());
}

describe('after one question', () => {
  const hint = 'kubelet-wuhrai --resume-session latest "..."';

  it('a person at a terminal is told how to ask more, and that works', async () => {
    expect(await onTerminal(['is all well?'])).toContain(`To ask more: ${hint}`);
    expect(await onTerminal(['is all well?', '--lang=zh'])).toContain(`继续提问：${hint}`);
    expect(await place.run(['--resume-session', 'latest', 'and now?'])).toMatchObject({ code: 0 });
    expect(JSON.stringify(model.chats().at(-1)?.body['messages'])).toContain('is all well?');
  });

  it('nobody else is', async () => {
    expect(await onTerminal(['is all well?', '--quiet'])).not.toContain('--resume-session');
    expect(await onTerminal(['is all well?', '--output=json'])).not.toContain('--resume-session');
    expect(await onTerminal(['is all well?'], { line: 'echo x | kw' })).not.toContain('--resume-session');
    expect((await place.run(['is all well?'])).stderr).not.toContain('--resume-session');
  });
});

describe('earlier answers', () => {
  it('are rendered on a terminal, and as they were written in a pipe', async () => {
    await place.run(['is all well?']);
    expect(await onTerminal(['sessions', 'show', 'latest'])).toContain('\nAll is well.');
    expect((await place.run(['sessions', 'show', 'latest'])).stdout).toContain('\n**All** is `well`.\n');
    const terminal = await openTerminal(place, ['--resume-session=latest']);
    await terminal.shows('ask about your cluster');
    terminal.type('\u0004');
    await terminal.ended;
    expect(stripVTControlCharacters(terminal.bytes())).toMatch(/^ {2}All is well\.\r?$/m);
  });
});

describe('the demo', () => {
  it('gives the outputs of its first question the numbers that show takes', async () => {
    const terminal = await openTerminal(place, ['demo', 'what is wrong in the shop namespace?'], { env: { DEEPSEEK_API_KEY: undefined } });
    await terminal.shows('scale web to 5');
    terminal.type('show 1\r');
    await terminal.shows('NAMESPACE ');
    terminal.type('\u0004');
    expect((await terminal.ended).code).toBe(0);
    const shown = stripVTControlCharacters(terminal.bytes());
    expect(shown).toMatch(/✓ kubectl get pods -n shop .*… .*#1/);
    expect(shown.replaceAll(/\r?\n/g, '')).toMatch(/#1 kubectl get pods -n shop -o 'custom-columns=NAMESPACE:[^']+'/);
  });
});

describe('long commands', () => {
  const command = `kubectl delete pods ${Array.from({ length: 12 }, (_, at) => `web-${at}`).join(' ')} -n shop; helm upgrade web ./chart`;

  it('are whole in an explanation, and no line is wider than the terminal', async () => {
    const shown = await onTerminal(['explain-command', command], { columns: 60 });
    expect(shown.split(/[\r\n]+/).filter((line) => line.length > 60)).toEqual([]);
    expect(shown.replaceAll(/\s+/g, ' ')).toContain(command);
  });

  it('are cut in the list of a session on a terminal, and whole in a pipe', async () => {
    model.enqueue({ toolCalls: [{ name: 'kubectl', arguments: { command } }] }, { text: 'Nothing was done.' });
    expect(await place.run(['clean up'])).toMatchObject({ code: 3 });
    const shown = await onTerminal(['sessions', 'show', 'latest'], { columns: 70, env: { LC_ALL: 'zh_CN.UTF-8' } });
    expect(shown).toMatch(/✗ kubectl delete pods .*… .*已拒绝/);
    expect(shown.split(/[\r\n]+/).filter((line) => line.length > 70)).toEqual([]);
    expect((await place.run(['sessions', 'show', 'latest'])).stdout).toContain(command);
  });
});

describe('what stands in lists', () => {
  it('status names a log only where one is written', async () => {
    const files = async (...flags: readonly string[]): Promise<string> => {
      const terminal = await openTerminal(place, flags);
      await terminal.shows('ask about your cluster');
      terminal.type('status\r');
      await terminal.shows('sessions.db');
      await terminal.shows('ask about your cluster', 2);
      terminal.type('\u0004');
      await terminal.ended;
      return terminal.bytes();
    };
    expect(await files()).not.toContain('kubelet-wuhrai.log');
    expect(await files('-v1')).toContain('kubelet-wuhrai.log');
  });

  it('models says nothing of models that the service does not have', async () => {
    const own = ['models', '--llm-provider=openai-compatible', '--model=local-model'];
    const shown = await onTerminal(own);
    expect(shown).toContain('* local-model');
    expect(shown).not.toMatch(/qwen|doubao|deepseek/);
    expect(JSON.parse((await place.run([...own, '--json'])).stdout)).toMatchObject({ guide: [] });
    expect(await onTerminal(['models'])).toMatch(/qwen-max[^]*doubao-pro-128k/);
  });

  it('a flag of one letter is named as it was written', async () => {
    expect((await place.run(['-v=12', 'x'])).stderr).toContain('-v: "12" is not a whole number from 0 to 9');
    expect((await place.run(['-v=12', 'x'])).stderr).not.toContain('--v');
    await configure(place, 'v: 12\n');
    expect((await place.run(['x'])).stderr).toMatch(/config\.yaml:1: v: 12 is not/);
  });
});
