import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deployment, openSandbox } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { putOnPath } from './stub.ts';
import { openTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** Shown where nothing is written yet. */
const ready = 'ask about your cluster';
const question = 'y = run it';
const enter = '\r';
const ctrlC = '\u0003';
const ctrlD = '\u0004';

let cluster: Cluster;
let model: ScriptedServer;
let place: Place;

beforeAll(async () => {
  cluster = await openSandbox();
  await cluster.kubectl('create', 'namespace', 'other');
  await cluster.apply(deployment('web-front', 2));
});
afterAll(async () => {
  await cluster.close();
});
beforeEach(async () => {
  model = await startScriptedServer({ strict: true, models: ['deepseek-chat', 'deepseek-reasoner'] });
  place = await createPlace({
    DEEPSEEK_ENDPOINT: model.url,
    DEEPSEEK_API_KEY: 'sk-deepseek-0123456789',
    OPENAI_ENDPOINT: model.url,
    KUBECONFIG: cluster.kubeconfig,
  });
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

const messages = (at: number): string => JSON.stringify(model.chats()[at]?.body['messages']);
const run = (
  command: string,
): { readonly toolCalls: readonly { readonly name: string; readonly arguments: { readonly command: string } }[] } => ({
  toolCalls: [{ name: 'kubectl', arguments: { command } }],
});
const scale = (to: number, name = 'web-front', namespace = 'shop'): ReturnType<typeof run> =>
  run(`kubectl scale deployment ${name} --replicas=${to} -n ${namespace}`);
const replicas = (): Promise<string> => cluster.kubectl('get', 'deployment', 'web-front', '-n', 'shop', '-o', 'jsonpath={.spec.replicas}');

interface Talk extends Terminal {
  /** Types a line, and waits until the next one can be written. */
  readonly next: (line: string) => Promise<void>;
  /** Types keys, and waits until a text is shown once more. */
  readonly until: (keys: string, text: string) => Promise<void>;
}

async function talk(args: readonly string[] = [], options: Parameters<typeof openTerminal>[2] = {}): Promise<Talk> {
  const terminal = await openTerminal(place, args, options);
  await terminal.shows(ready);
  const shownAgain = async (keys: string, text: string): Promise<void> => {
    const before = terminal.bytes().split(text).length - 1;
    terminal.type(keys);
    await terminal.shows(text, before + 1);
  };
  return { ...terminal, next: (line) => shownAgain(line + enter, ready), until: shownAgain };
}

describe('the conversation at the terminal', () => {
  it.each([60, 120])('S31: a newcomer without a question, at %d columns', async (columns) => {
    model.enqueue(
      { reasoning: 'Which pods are there?', ...run('kubectl get deployments -n shop') },
      { text: '**web-front** is `fine`.' },
      { text: 'Yes.' },
    );
    const terminal = await talk(['--llm-provider=openai-compatible', '--model=custom-model'], { columns });
    await terminal.next('is everything fine?');
    await terminal.next('really?');
    await terminal.next('help');
    await terminal.next('status');
    terminal.type(`exit${enter}`);
    expect((await terminal.ended).code).toBe(0);
    const shown = stripVTControlCharacters(terminal.bytes());
    expect(shown).toContain('custom-model');
    expect(shown).toContain('asks before it changes anything');
    expect(shown).toMatch(/✓ kubectl get deployments -n shop .*#1/);
    expect(shown).toMatch(/thought for .*Ctrl-O/);
    expect(shown).toContain('web-front is fine.');
    expect(shown).toMatch(/2 requests · .* in, .* out · /);
    expect(shown).toContain('2 questions');
    expect(shown.split(/[\r\n]+/).filter((line) => line.length > columns)).toEqual([]);
    expect(model.chats().map(({ body }) => body['model'])).toEqual(['custom-model', 'custom-model', 'custom-model']);
    expect(messages(2)).toContain('is everything fine?');
  });

  it('S29: the positional is the endpoint, and the questions come from the terminal', async () => {
    model.enqueue({ text: 'I am here.' });
    const terminal = await talk(['--llm-provider=vllm', model.url.replace(/^http/, 'vllm').replace(/\/v1$/, ''), '--model=your-model']);
    await terminal.next('hello');
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
    expect(model.chats()[0]?.body['model']).toBe('your-model');
    expect(messages(0)).not.toContain('vllm://');
  });

  it('reliability 25: Ctrl-C stops the answer and keeps the session', async () => {
    model.enqueue({ text: ['Half ', 'an answer'], delayMs: 20, fault: { type: 'stall', after: 2 } }, { text: 'Whole.' });
    const terminal = await talk();
    terminal.type(`first question${enter}`);
    await terminal.shows('Half');
    await terminal.until(ctrlC, ready);
    expect(terminal.bytes()).toContain('Cancelled.');
    await terminal.next('second question');
    expect(messages(1)).toContain('first question');
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });

  it('reliability 25: SIGINT from outside does the same', async () => {
    model.enqueue({ fault: { type: 'hang' } });
    const terminal = await talk();
    terminal.type(`first question${enter}`);
    await until(() => model.answering() === 1);
    await place.program('sh', ['-c', pidScript('INT')]).ended;
    await terminal.shows('Cancelled.');
    await terminal.shows(ready, 2);
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });

  it('reliability 25: a second Ctrl-C waits for nothing, and the exit code is 130', async () => {
    const PATH = await putOnPath(place, 'kubectl', '#!/bin/sh\ntrap "" TERM INT\ntouch "$HOME/child"\nwhile :; do sleep 1; done\n');
    model.enqueue(run('kubectl get pods'));
    const terminal = await talk([], { env: { PATH } });
    terminal.type(`first question${enter}`);
    await until(() => existsSync(`${place.home}/child`));
    await terminal.until(ctrlC, 'Ctrl-C again');
    terminal.type(ctrlC);
    expect((await terminal.ended).code).toBe(130);
  });

  it('reliability 25: SIGTERM ends the conversation with 130', async () => {
    const terminal = await talk();
    await place.program('sh', ['-c', pidScript('TERM')]).ended;
    expect((await terminal.ended).code).toBe(130);
  });

  it('Ctrl-C twice at an empty line leaves; once clears what was typed', async () => {
    const terminal = await talk();
    await terminal.until(`half a quest${ctrlC}`, ready);
    terminal.type(ctrlC);
    await terminal.shows('again to leave');
    terminal.type(ctrlC);
    expect((await terminal.ended).code).toBe(0);
    expect(model.chats()).toEqual([]);
  });

  it('several pasted lines are one question', async () => {
    model.enqueue({ text: 'I see.' });
    const terminal = await talk();
    await terminal.next('\u001b[200~why?\nNAME READY\nweb-1 0/1\u001b[201~');
    terminal.type(ctrlD);
    await terminal.ended;
    expect(model.chats()).toHaveLength(1);
    expect(messages(0)).toContain(String.raw`why?\nNAME READY\nweb-1 0/1`);
  });

  it('Tab completes commands and names of the cluster', async () => {
    model.enqueue({ text: 'Fine.' });
    const terminal = await talk(['-n', 'shop']);
    await terminal.until('why is web-f\t', 'web-front ');
    await terminal.next('slow?');
    expect(messages(0)).toContain('why is web-front slow?');
    await terminal.until('versi\t', 'version ');
    terminal.type(`${enter}${ctrlD}`);
    expect((await terminal.ended).code).toBe(0);
  });

  it('unfolds outputs and thoughts', async () => {
    model.enqueue({ reasoning: 'A deep thought.', ...run('kubectl get deployments -n shop') }, { text: 'Fine.' });
    const terminal = await talk();
    await terminal.next('fine?');
    expect(terminal.bytes()).not.toContain('A deep thought.');
    await terminal.until('\u000f', ready);
    expect(terminal.bytes()).toContain('UP-TO-DATE');
    await terminal.next('show thinking');
    expect(terminal.bytes()).toContain('A deep thought.');
    await terminal.next('show 1 /web-front');
    await terminal.next('show 7');
    expect(terminal.bytes()).toContain('There is no output:7');
    terminal.type(ctrlD);
    await terminal.ended;
    const again = await talk(['--resume-session=latest']);
    await again.next('show');
    expect(again.bytes()).toContain('UP-TO-DATE');
    again.type(ctrlD);
    await again.ended;
  });

  it('switches the model, begins anew and comes back', async () => {
    model.enqueue({ text: 'One.' }, { text: 'Two.' }, { text: 'Three.' }, { text: 'Four.' });
    const terminal = await talk();
    await terminal.next('first question');
    await terminal.next('model deepseek-reasoner');
    await terminal.next('models');
    expect(stripVTControlCharacters(terminal.bytes())).toMatch(/\* deepseek-reasoner\b/);
    await terminal.next('second question');
    await terminal.next('reset');
    await terminal.next('third question');
    await terminal.next('sessions');
    await terminal.next('resume');
    expect(terminal.bytes()).toContain('Going on in session_');
    await terminal.next('fourth question');
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
    expect(model.chats().map(({ body }) => body['model'])).toEqual([
      'deepseek-chat',
      'deepseek-reasoner',
      'deepseek-reasoner',
      'deepseek-reasoner',
    ]);
    expect(messages(2)).not.toContain('first question');
    expect(messages(3)).toContain('second question');
  });

  it('keeps the history in a file of its own, without secrets', async () => {
    model.enqueue({ text: 'One.' }, { text: 'Two.' });
    const terminal = await talk();
    await terminal.next('which pods are down?');
    await terminal.next('my key is sk-deepseek-0123456789');
    terminal.type(ctrlD);
    await terminal.ended;
    const path = `${place.home}/.local/state/kubelet-wuhrai/history`;
    expect(await readFile(path, 'utf8')).toBe('"which pods are down?"\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const again = await talk();
    model.enqueue({ text: 'Three.' });
    await again.next('\u001b[A');
    expect(messages(2)).toContain('which pods are down?');
    again.type(ctrlD);
    await again.ended;
  });

  it('writes no history through a link, and says so', async () => {
    const other = `${place.home}/other`;
    await writeFile(other, '');
    await mkdir(`${place.home}/.local/state/kubelet-wuhrai`, { recursive: true, mode: 0o700 });
    await symlink(other, `${place.home}/.local/state/kubelet-wuhrai/history`);
    const terminal = await talk();
    await terminal.next('version');
    expect(terminal.bytes()).toContain('earlier questions are not kept');
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
    expect(await readFile(other, 'utf8')).toBe('');
  });

  it('a failure of the model is said, and the conversation goes on', async () => {
    model.enqueue({ fault: { type: 'status', status: 401, body: { error: { message: 'bad key' } } } }, { text: 'Better.' });
    const terminal = await talk();
    await terminal.next('first');
    expect(terminal.bytes()).toContain('error:');
    await terminal.next('second');
    expect(terminal.bytes()).toContain('Better.');
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });

  it('what is typed while the program starts is the first line', async () => {
    model.enqueue({ text: 'Early.' });
    const terminal = await openTerminal(place, [], { typedAhead: 'why?\n' });
    await terminal.shows('Early.');
    await terminal.shows(ready);
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
    expect(messages(0)).toContain('why?');
  });

  it('speaks Chinese', async () => {
    const terminal = await openTerminal(place, ['--lang=zh']);
    await terminal.shows('修改前先询问');
    terminal.type(`help${enter}`);
    await terminal.shows('列出会话');
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });
});

describe('approvals in the conversation', () => {
  beforeEach(async () => {
    await cluster.kubectl('scale', 'deployment', 'web-front', '--replicas=2', '-n', 'shop');
  });

  it('goes on with the question that was open when the terminal was closed', async () => {
    model.enqueue(scale(5));
    const first = await talk();
    await first.until(`scale web-front${enter}`, question);
    first.close();
    await first.ended;
    model.enqueue({ text: 'Five.' });
    const terminal = await openTerminal(place, ['--resume-session=latest']);
    await terminal.shows(question);
    expect(terminal.bytes()).toContain('Going on in session_');
    terminal.type(`y${enter}`);
    await terminal.shows(ready);
    expect(await replicas()).toBe('5');
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });

  it('a no with a reason is told to the model', async () => {
    model.enqueue(scale(5), { text: 'I see, 3 then.' });
    const terminal = await talk();
    await terminal.until(`scale web-front${enter}`, question);
    terminal.type(`e${enter}`);
    await terminal.shows('Why not');
    await terminal.next('the quota is 3');
    expect(messages(1)).toContain('the quota is 3');
    expect(await replicas()).toBe('2');
    terminal.type(ctrlD);
    await terminal.ended;
  });

  it('S167: what was typed while the model was asked answers nothing', async () => {
    model.enqueue({ ...scale(5), text: ['I', ' will'], delayMs: 300 }, { text: 'Kept.' });
    const terminal = await talk();
    terminal.type(`scale web-front${enter}`);
    await terminal.shows('I will');
    await terminal.until(`y${enter}y${enter}`, question);
    await wait(300);
    expect(await replicas()).toBe('2');
    await terminal.next('n');
    expect(await replicas()).toBe('2');
    terminal.type(ctrlD);
    await terminal.ended;
  });

  it('Ctrl-C at the question stops the answer and keeps the session', async () => {
    model.enqueue(scale(5), { text: 'Still here.' });
    const terminal = await talk();
    await terminal.until(`scale web-front${enter}`, question);
    await terminal.until(ctrlC, ready);
    expect(terminal.bytes()).toContain('Cancelled.');
    await terminal.next('and now?');
    expect(messages(1)).toContain('scale web-front');
    expect(await replicas()).toBe('2');
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });

  it('a = the exact command is not asked again, another one is, and the grant can be taken back', async () => {
    const terminal = await talk();
    model.enqueue(scale(5), { text: 'Five.' });
    await terminal.until(`to five${enter}`, question);
    await terminal.next('a');
    await cluster.kubectl('scale', 'deployment', 'web-front', '--replicas=2', '-n', 'shop');

    model.enqueue(scale(5), { text: 'Five again.' });
    await terminal.next('to five');
    expect(await replicas()).toBe('5');
    expect(stripVTControlCharacters(terminal.bytes())).toMatch(/✓ kubectl scale .* · allowed by grant #1 · #2/);

    model.enqueue(scale(4), { text: 'Not four.' });
    await terminal.until(`to four${enter}`, question);
    await terminal.next('n');

    await terminal.next('grants');
    expect(terminal.bytes()).toContain('revoke N takes one back');
    await terminal.next('revoke 1');
    expect(terminal.bytes()).toContain('Asked again from now on');
    model.enqueue(scale(5), { text: 'Not five.' });
    await terminal.until(`to five${enter}`, question);
    await terminal.next('n');
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });

  it('s = the like is not asked again: the same verb and kind in the same namespace, and nothing else', async () => {
    const terminal = await talk([], { columns: 120 });
    model.enqueue(scale(5), { text: 'Five.' });
    terminal.type(`to five${enter}`);
    await terminal.shows('scale deployments in shop');
    await terminal.shows(question);
    await terminal.next('s');

    model.enqueue(scale(4), { text: 'Four.' });
    await terminal.next('to four');
    expect(terminal.bytes()).toContain('Four.');
    expect(await replicas()).toBe('4');

    model.enqueue(scale(1, 'web-front', 'other'), run('kubectl delete deployment web-front -n shop'), { text: 'Nothing of that.' });
    await terminal.until(`something else${enter}`, question);
    await terminal.until(`n${enter}`, question);
    await terminal.next('n');
    expect(await replicas()).toBe('4');
    terminal.type(ctrlD);
    expect((await terminal.ended).code).toBe(0);
  });
});

it('what is chosen by labels when it runs is asked each time', async () => {
  const terminal = await talk();
  model.enqueue(run('kubectl delete pods -l app=nothing-has-it -n shop'), { text: 'Not done.' });
  await terminal.until(`clean up${enter}`, question);
  expect(terminal.bytes()).not.toContain('a = run it');
  await terminal.until(`a${enter}`, question);
  expect(terminal.bytes()).toContain('can not be granted');
  await terminal.next('n');
  terminal.type(ctrlD);
  expect((await terminal.ended).code).toBe(0);
});

it('grants speak Chinese, too', async () => {
  await cluster.kubectl('scale', 'deployment', 'web-front', '--replicas=2', '-n', 'shop');
  const terminal = await openTerminal(place, ['--lang=zh'], { columns: 120 });
  const ready = '请提出关于集群的问题';
  await terminal.shows(ready);
  model.enqueue(scale(5), { text: 'Five.' });
  terminal.type(`to five${enter}`);
  await terminal.shows('命名空间 shop 中的 scale deployments');
  terminal.type(`s${enter}`);
  await terminal.shows(ready, 2);
  model.enqueue(scale(4), { text: 'Four.' });
  terminal.type(`to four${enter}`);
  await terminal.shows(ready, 3);
  terminal.type(`grants${enter}`);
  await terminal.shows('revoke N 可收回');
  terminal.type(ctrlD);
  expect((await terminal.ended).code).toBe(0);
  expect(stripVTControlCharacters(terminal.bytes())).toContain('由许可 #1 放行');
  expect(stripVTControlCharacters(terminal.bytes())).not.toContain('deployments in shop');
});

/** Sends a signal to the command in this place. */
function pidScript(signal: string): string {
  return `for p in /proc/[0-9]*; do
  tr "\\0" "\\n" < $p/environ 2>/dev/null | grep -qx "HOME=$HOME" || continue
  case "$(tr "\\0" " " < $p/cmdline)" in *sh\\ -c*) ;; script*) ;; */dist/main.js*) kill -${signal} \${p#/proc/};; esac
done; true`;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(10);
}
