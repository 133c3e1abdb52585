import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clusters, deployment } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { openTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

let cluster: Cluster;
let model: ScriptedServer;
let place: Place;

const prompt = 'y = run it';

async function askToScale(options: Parameters<typeof openTerminal>[2] = {}): Promise<Terminal> {
  model.enqueue(
    {
      text: 'I will scale it.',
      toolCalls: [{ name: 'kubectl', arguments: { command: `kubectl scale deployment web --replicas=5 -n ${cluster.namespace}` } }],
    },
    { text: 'That is all.' },
  );
  return openTerminal(place, ['scale web to 5'], options);
}

const replicas = (): Promise<string> =>
  cluster.kubectl('get', 'deployment', 'web', '-n', cluster.namespace, '-o', 'jsonpath={.spec.replicas}');
const toolResult = (): string => JSON.stringify(model.chats()[1]?.body['messages']);

describe.each(clusters)('an approval in the terminal, on $name', ({ open }) => {
  beforeAll(async () => {
    cluster = await open();
  });
  afterAll(async () => {
    await cluster.close();
  });
  beforeEach(async () => {
    await cluster.apply(deployment('web', 2));
    model = await startScriptedServer({ strict: true });
    place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789', KUBECONFIG: cluster.kubeconfig });
  });
  afterEach(async () => {
    await model.close();
    await place.remove();
  });

  it('shows the whole command, the cluster, the effect and what would change', async () => {
    const terminal = await askToScale();
    await terminal.shows(prompt);
    const shown = terminal.bytes();
    expect(shown).toContain(`kubectl scale deployment web --replicas=5 -n ${cluster.namespace}`);
    expect(shown).toContain('127.0.0.1');
    expect(shown).toContain('write');
    expect(shown).toMatch(/spec\.replicas.*2.*5/);
    terminal.type('n\r');
    expect((await terminal.ended).code).toBe(0);
  });

  it.each(['y', 'yes', 'Y'])('%s approves', async (answer) => {
    const terminal = await askToScale();
    await terminal.shows(prompt);
    terminal.type(`${answer}\r`);
    expect((await terminal.ended).code).toBe(0);
    expect(await replicas()).toBe('5');
    expect(toolResult()).toContain('scaled');
  });

  it.each(['n', 'no', '', 'yy', 'yes please'])('%j does not', async (answer) => {
    const terminal = await askToScale();
    await terminal.shows(prompt);
    terminal.type(`${answer}\r`);
    expect((await terminal.ended).code).toBe(0);
    expect(await replicas()).toBe('2');
    expect(terminal.bytes()).toContain('That is all.');
  });

  it('any other words are the reason that the model is told', async () => {
    const terminal = await askToScale();
    await terminal.shows(prompt);
    terminal.type('only to 3, please\r');
    expect((await terminal.ended).code).toBe(0);
    expect(await replicas()).toBe('2');
    expect(toolResult()).toContain('only to 3, please');
  });

  it('the end of input is a no', async () => {
    const terminal = await askToScale();
    await terminal.shows(prompt);
    terminal.type('\u0004');
    expect((await terminal.ended).code).toBe(0);
    expect(await replicas()).toBe('2');
  });

  it('Ctrl-C cancels the run with 130', async () => {
    const terminal = await askToScale();
    await terminal.shows(prompt);
    terminal.type('\u0003');
    expect((await terminal.ended).code).toBe(130);
    expect(await replicas()).toBe('2');
    expect(model.chats()).toHaveLength(1);
  });

  it('what was typed before the question does not answer it', async () => {
    const terminal = await askToScale({ typedAhead: 'y\ny\ny\n' });
    await terminal.shows(prompt);
    terminal.type('n\r');
    expect((await terminal.ended).code).toBe(0);
    expect(await replicas()).toBe('2');
  });

  it('asks on the terminal also where standard input is a pipe', async () => {
    const terminal = await askToScale({ line: "echo 'y' | kw" });
    await terminal.shows(prompt);
    expect(await replicas()).toBe('2');
    terminal.type('y\r');
    expect((await terminal.ended).code).toBe(0);
    expect(await replicas()).toBe('5');
  });

  it('--quiet never asks: nothing is run, and the exit code is 3', async () => {
    model.enqueue(
      { toolCalls: [{ name: 'kubectl', arguments: { command: `kubectl scale deployment web --replicas=5 -n ${cluster.namespace}` } }] },
      { text: 'It needs your approval.' },
    );
    const terminal = await openTerminal(place, ['--quiet', 'scale web to 5']);
    const { code } = await terminal.ended;
    expect(code).toBe(3);
    expect(terminal.bytes()).not.toContain(prompt);
    expect(terminal.bytes()).toContain('It needs your approval.');
    expect(await replicas()).toBe('2');
  });

  it('the question stands whole on a terminal of 60 columns', async () => {
    const terminal = await askToScale({ columns: 60 });
    await terminal.shows(prompt);
    const lines = stripVTControlCharacters(terminal.bytes()).split(/[\r\n]+/); // the spinner begins anew at each return
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    expect(lines.map((line) => line.trim()).join(' ')).toContain(`kubectl scale deployment web --replicas=5 -n ${cluster.namespace}`);
    terminal.type('n\r');
    expect((await terminal.ended).code).toBe(0);
  });

  it('sequences of the model are shown, not obeyed', async () => {
    const command = `kubectl annotate deployment web note=\u001b[2K\u001b[1Ainnocent\u202e -n ${cluster.namespace}`;
    model.enqueue(
      { text: 'Look: \u001b]0;owned\u0007 \u001b[31mred', toolCalls: [{ name: 'kubectl', arguments: { command } }] },
      { text: 'Done \u001b[2J.' },
    );
    const terminal = await openTerminal(place, ['note it']);
    await Promise.race([terminal.shows(prompt).then(() => terminal.type('n\r')), terminal.ended]);
    expect((await terminal.ended).code).toBe(0);
    expect(terminal.bytes()).not.toContain('\u001b]0;');
    expect(terminal.bytes()).not.toContain('\u001b[2J');
    expect(terminal.bytes()).not.toContain('\u001b[2K');
    expect(terminal.bytes()).not.toContain('\u202e');
    expect(terminal.bytes()).toContain(String.raw`\x1b[2J`);
  });
});
