import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { builtCommand, commandNode } from './built.ts';
import { deployment, openSandbox } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { putOnPath } from './stub.ts';
import { openTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

const enter = '\r';
const ctrlC = '\u0003';
const ctrlD = '\u0004';
const key = 'sk-deepseek-0123456789';
const ready = 'ask about your cluster';

let cluster: Cluster;
let model: ScriptedServer;
let place: Place;

beforeAll(async () => {
  cluster = await openSandbox();
  await cluster.apply(deployment('checkout', 2));
});
afterAll(() => cluster.close());
beforeEach(async () => {
  model = await startScriptedServer({ strict: true, models: ['deepseek-flash'] });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, KUBECONFIG: cluster.kubeconfig });
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

const run = (
  command: string,
): { readonly toolCalls: readonly { readonly name: string; readonly arguments: { readonly command: string } }[] } => ({
  toolCalls: [{ name: 'kubectl', arguments: { command } }],
});

/** What was shown, as lines; none is wider than the terminal. */
function linesOf(terminal: Terminal, columns: number): readonly string[] {
  const lines = stripVTControlCharacters(terminal.bytes()).split(/[\r\n]+/);
  expect(lines.filter((line) => line.length > columns)).toEqual([]);
  return lines;
}

describe.each([60, 120])('at %d columns', (columns) => {
  it('a newcomer: an empty home, init, a first question, a change declined, Ctrl-C, and later on again', async () => {
    const init = await openTerminal(place, ['init'], { columns, env: { LANG: 'en_US.UTF-8' } });
    model.enqueue({ text: 'OK' });
    for (const question of ['Language', 'Which service answers?']) {
      await init.shows(question);
      init.type(enter);
    }
    await init.shows('Key of DeepSeek');
    init.type(`${key}${enter}`);
    for (const question of ['Which model?', 'one small request?']) {
      await init.shows(question);
      init.type(enter);
    }
    expect((await init.ended).code).toBe(0);
    expect(init.bytes()).not.toContain(key);
    expect((await stat(join(place.home, '.config/kubelet-wuhrai/config.yaml'))).mode & 0o777).toBe(0o600);

    model.enqueue(run('kubectl get deployments -n shop'), { text: '`checkout` has **no** ready pod.' });
    const first = await openTerminal(place, ['why is checkout failing?', '-n', 'shop'], { columns });
    expect((await first.ended).code).toBe(0);
    const shown = linesOf(first, columns).join('\n');
    expect(shown).toMatch(/✓ kubectl get deployments -n shop/);
    expect(shown).toContain('checkout has no ready pod.');
    expect(shown).toContain('To ask more: kubelet-wuhrai --resume-session latest');

    const talk = await openTerminal(place, ['--resume-session', 'latest', '-n', 'shop'], { columns });
    await talk.shows(ready);
    expect(stripVTControlCharacters(talk.bytes())).toContain('checkout has no ready pod.');
    model.enqueue(run('kubectl rollout restart deployment/checkout -n shop'), { text: 'I left it as it is.' });
    talk.type(`restart it${enter}`);
    await talk.shows('y = run it');
    talk.type(`not now${enter}`);
    await talk.shows('I left it as it is.');
    expect(JSON.stringify(model.chats().at(-1)?.body['messages'])).toContain('not now');
    await talk.shows(ready, 2);
    model.enqueue({ text: ['Let me think ', 'about it'], delayMs: 20, fault: { type: 'stall', after: 2 } });
    talk.type(`what else?${enter}`);
    await talk.shows('Let me think');
    talk.type(ctrlC);
    await talk.shows('Cancelled.');
    await talk.shows(ready, 3);
    talk.type(ctrlD);
    expect((await talk.ended).code).toBe(0);
    linesOf(talk, columns);

    model.enqueue({ text: 'We looked at checkout.' });
    const later = await openTerminal(place, ['--resume-session=latest', 'where were we?'], { columns });
    expect((await later.ended).code).toBe(0);
    const history = JSON.stringify(model.chats().at(-1)?.body['messages']);
    for (const told of ['why is checkout failing?', 'restart it', 'what else?', 'where were we?']) expect(history).toContain(told);
    expect(await readFile(join(place.home, '.config/kubelet-wuhrai/config.yaml'), 'utf8')).toContain(key);
  });

  it('at 3 a.m.: kubectl wuhrai "why is checkout failing?", the change looked at, allowed for its like, and taken back', async () => {
    const main = await builtCommand();
    const PATH = await putOnPath(place, 'kubectl-wuhrai', `#!/bin/sh\nexec '${commandNode}' '${main}' "$@"\n`);
    const kubectl = process.env['KW_TEST_KUBECTL'] ?? 'kubectl';
    const scale = (to: number): ReturnType<typeof run> => run(`kubectl scale deployment checkout --replicas=${to} -n shop`);
    const env = { PATH, DEEPSEEK_API_KEY: key };
    model.enqueue({ reasoning: ['Two pods ', 'are few.'], ...run('kubectl get deployments -n shop') }, scale(4), {
      text: '## Done\n\n| what | was | is |\n|---|---|---|\n| replicas | 2 | 4 |\n',
    });
    await cluster.kubectl('scale', 'deployment', 'checkout', '--replicas=2', '-n', 'shop');
    const night = await openTerminal(place, [], { columns, env, line: `${kubectl} wuhrai "why is checkout failing?" -n shop` });
    await night.shows('s = run it');
    await night.shows('scale deployments');
    const asked = linesOf(night, columns).join('\n');
    expect(asked).toMatch(/thought for/);
    expect(asked).toContain('~ spec.replicas: 2 → 4');
    expect(asked.replaceAll(/\s+/g, ' ')).toContain('scale deployments in shop');
    night.type(`s${enter}`);
    expect((await night.ended).code).toBe(0);
    expect(await cluster.kubectl('get', 'deployment', 'checkout', '-n', 'shop', '-o', 'jsonpath={.spec.replicas}')).toBe('4');
    expect(linesOf(night, columns).join('\n')).toMatch(/replicas {2}2 {4}4/);

    const on = await openTerminal(place, ['--resume-session=latest', '-n', 'shop'], { columns, env });
    await on.shows(ready);
    model.enqueue(scale(5), { text: 'Five.' });
    on.type(`one more${enter}`);
    await on.shows(ready, 2);
    on.type(`revoke 1${enter}`);
    await on.shows(ready, 3);
    model.enqueue(scale(6), { text: 'Not six.' });
    on.type(`and another${enter}`);
    await on.shows('y = run it');
    on.type(`n${enter}`);
    await on.shows(ready, 4);
    on.type(ctrlD);
    expect((await on.ended).code).toBe(0);
    const lines = linesOf(on, columns).join('\n');
    expect(lines).toMatch(/✓ kubectl scale d[^\n]*\n? *[^\n]*allowed by grant #1/);
    expect(lines).toContain('Asked again from now on');
    expect(await cluster.kubectl('get', 'deployment', 'checkout', '-n', 'shop', '-o', 'jsonpath={.spec.replicas}')).toBe('5');
  });
});
