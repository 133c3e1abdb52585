import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { configure } from './configure.ts';
import { kubeconfigOf } from './stub.ts';
import { openTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

const key = 'sk-deepseek-0123456789';
let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'ok' }, models: ['deepseek-flash', 'deepseek-v4-pro'], apiKey: key });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

const path = (): string => `${place.home}/.config/kubelet-wuhrai/config.yaml`;
const written = (): Promise<string> => readFile(path(), 'utf8');

describe('init without questions', () => {
  it('takes the provider from a flag and the key from standard input, tries it, and writes the current name, 0600', async () => {
    const { code, stdout, stderr } = await place.run(['init', '--llm-provider=deepseek', '--yes'], { input: `${key}\n` });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(path());
    expect(stdout).not.toContain(key);
    expect(await written()).toBe(`llm-provider: deepseek\nmodel: deepseek-flash\napi-keys:\n  deepseek: ${key}\n`);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect(model.chats()).toHaveLength(1);
    expect(await place.run(['--quiet', 'x'])).toMatchObject({ code: 0, stdout: 'ok\n' });
  });

  it('leaves a key in its variable', async () => {
    const { code } = await place.run(['init', '--model=deepseek-v4-pro', '--yes'], {
      env: { DEEPSEEK_API_KEY: key },
      input: 'not the key',
    });
    expect(code).toBe(0);
    expect(await written()).toBe('llm-provider: deepseek\nmodel: deepseek-v4-pro\n');
  });

  it('writes nothing where the key is refused, and says how to write all the same', async () => {
    const args = ['init', '--llm-provider=deepseek', '--yes'];
    const { code, stdout, stderr } = await place.run(args, { input: 'sk-wrong-0123456789' });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('--no-test');
    expect(stderr).not.toContain('sk-wrong');
    expect(existsSync(path())).toBe(false);
    expect((await place.run([...args, '--no-test'], { input: 'sk-wrong-0123456789' })).code).toBe(0);
    expect(await written()).toContain('sk-wrong-0123456789');
  });

  it('keeps comments and everything else of a file', async () => {
    await configure(place, '# mine\nllmProvider: qwen # to be changed\npermissions: read-only\nrules:\n  - {action: deny, verb: delete}\n');
    const { code } = await place.run(['init', '--llm-provider=deepseek', '--yes'], { env: { DEEPSEEK_API_KEY: key } });
    expect(code).toBe(0);
    expect(await written()).toBe(
      '# mine\nllmProvider: deepseek # to be changed\npermissions: read-only\nrules:\n  - { action: deny, verb: delete }\nmodel: deepseek-flash\n',
    );
  });

  it('a model of another vendor brings its provider, and an address in the file stays', async () => {
    const args = ['init', '--yes', '--no-test'];
    await configure(place, 'llm-provider: deepseek\n');
    expect((await place.run([...args, '--model=qwen-turbo'])).code).toBe(0);
    expect(await written()).toBe('llm-provider: qwen\nmodel: qwen-turbo\n');
    await configure(place, 'llm-provider: vllm://gpu-box:8000\nmodel: mine\n');
    expect((await place.run([...args, '--lang=zh'])).code).toBe(0);
    expect(await written()).toBe('llm-provider: vllm://gpu-box:8000\nmodel: mine\nlang: zh\n');
  });

  it("a provider of a flag gets its own model where the file names another vendor's", async () => {
    await configure(place, 'llm-provider: qwen\nmodel: qwen-plus\n');
    const { code, stderr } = await place.run(['init', '--yes', '--no-test', '--llm-provider=deepseek'], { env: { DEEPSEEK_API_KEY: key } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await written()).toBe('llm-provider: deepseek\nmodel: deepseek-flash\n');
  });

  it.each([
    ['no terminal and no --yes', ['init'], '', '--yes'],
    ['a key as a flag', ['init', '--api-key=x', '--yes'], '', '--api-key'],
    ['more than a key on standard input', ['init', '--yes'], 'two words', 'alone'],
    ['an unknown provider', ['init', '--yes', '--llm-provider=depseek'], '', 'deepseek'],
    ['no key', ['init', '--yes'], '', 'DEEPSEEK_API_KEY'],
  ])('refuses %s', async (_, args, input, named) => {
    const { code, stderr } = await place.run(args, { input });
    expect(code).toBe(2);
    expect(stderr).toContain(named);
    expect(existsSync(path())).toBe(false);
  });

  it('does not touch a file that is broken', async () => {
    await configure(place, 'model: [\n');
    const { code, stderr } = await place.run(['init', '--yes'], { env: { DEEPSEEK_API_KEY: key } });
    expect(code).toBe(2);
    expect(stderr).toContain(path());
    expect(await written()).toBe('model: [\n');
  });
});

const enter = '\r';
const ctrlC = '\u0003';

/** Answers the questions up to the key with what is proposed. */
async function toKey(terminal: Terminal): Promise<void> {
  await terminal.shows('Language');
  terminal.type(enter);
  await terminal.shows('Which service answers?');
  terminal.type(enter);
  await terminal.shows('Key of DeepSeek');
}

describe('init on a terminal', () => {
  it('asks, hides the key, tries it, and writes the file', async () => {
    const KUBECONFIG = await kubeconfigOf(place);
    const terminal = await openTerminal(place, ['init'], { env: { KUBECONFIG, LANG: 'en_US.UTF-8' } });
    await toKey(terminal);
    terminal.type(`${key}${enter}`);
    await terminal.shows('Which model?');
    terminal.type(enter);
    await terminal.shows('one small request?');
    terminal.type(enter);
    await terminal.shows('The model answers');
    expect(await terminal.ended).toMatchObject({ code: 0 });
    expect(terminal.bytes()).not.toContain(key);
    expect(terminal.bytes()).toContain('deepseek: ***');
    expect(await written()).toBe(`lang: en\nllm-provider: deepseek\nmodel: deepseek-flash\napi-keys:\n  deepseek: ${key}\n`);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('offers the key of its variable, and goes on in Chinese where that is chosen', async () => {
    const terminal = await openTerminal(place, ['init', '--no-test'], { env: { DEEPSEEK_API_KEY: key, LANG: 'zh_CN.UTF-8' } });
    await terminal.shows('Language');
    terminal.type(enter);
    await terminal.shows('使用哪个模型服务？');
    terminal.type(enter);
    await terminal.shows('使用环境变量 DEEPSEEK_API_KEY 中的密钥');
    await terminal.shows('使用哪个模型？');
    terminal.type(enter);
    expect(await terminal.ended).toMatchObject({ code: 0 });
    expect(await written()).toBe('lang: zh\nllm-provider: deepseek\nmodel: deepseek-flash\n');
  });

  it('shows the change of a file that is there, and a no leaves it as it is', async () => {
    const before = '# mine\nmodel: deepseek-reasoner\n';
    await configure(place, before);
    const terminal = await openTerminal(place, ['init', '--no-test', '--lang=en', '--llm-provider=deepseek', '--model=deepseek-flash'], {
      env: { DEEPSEEK_API_KEY: key },
    });
    await terminal.shows('Write them?');
    expect(terminal.bytes()).toContain('- model: deepseek-reasoner');
    expect(terminal.bytes()).toContain('+ model: deepseek-flash');
    terminal.type('n');
    expect(await terminal.ended).toMatchObject({ code: 130 });
    expect(terminal.bytes()).toContain('Nothing was written.');
    expect(await written()).toBe(before);
  });

  it('Ctrl-C at any question leaves nothing behind', async () => {
    const terminal = await openTerminal(place, ['init'], { env: { LANG: 'en_US.UTF-8' } });
    await toKey(terminal);
    terminal.type('sk-half');
    terminal.type(ctrlC);
    expect(await terminal.ended).toMatchObject({ code: 130 });
    expect(terminal.bytes()).toContain('Nothing was written.');
    expect(existsSync(`${place.home}/.config`)).toBe(false);
  });

  it('asks for an address that only the user knows', async () => {
    const terminal = await openTerminal(place, ['init', '--llm-provider=vllm', '--lang=en', '--no-test']);
    await terminal.shows('Address of vLLM');
    terminal.type(`${model.url}${enter}`);
    await terminal.shows('Key of vLLM, where it wants one');
    terminal.type(`${key}${enter}`);
    await terminal.shows('Which model?');
    terminal.type(enter);
    expect(await terminal.ended).toMatchObject({ code: 0 });
    expect(await written()).toContain(`providers:\n  vllm:\n    base-url: ${model.url}\n`);
    expect(await place.run(['--quiet', 'x'])).toMatchObject({ code: 0, stdout: 'ok\n' });
  });

  it('a refused key can be given again', async () => {
    const terminal = await openTerminal(place, ['init'], { env: { LANG: 'en_US.UTF-8' } });
    await toKey(terminal);
    terminal.type(`sk-wrong-0123456789${enter}`);
    await terminal.shows('Give another key?');
    terminal.type(enter);
    await terminal.shows('Key of DeepSeek', 3);
    terminal.type(`${key}${enter}`);
    await terminal.shows('Which model?');
    terminal.type(enter);
    await terminal.shows('one small request?');
    terminal.type(enter);
    expect(await terminal.ended).toMatchObject({ code: 0 });
    expect(await written()).toContain(key);
    expect(await written()).not.toContain('sk-wrong');
  });
});

describe('the file that init writes', () => {
  it('can be named, and is made where it is not there', async () => {
    await writeFile(`${place.home}/key`, key);
    const other = `${place.home}/elsewhere/kw.yaml`;
    expect((await place.run(['init', '--yes', `--config=${other}`], { env: { DEEPSEEK_API_KEY: key } })).code).toBe(0);
    expect(await readFile(other, 'utf8')).toContain('model: deepseek-flash');
    expect(await readdir(`${place.home}/elsewhere`)).toEqual(['kw.yaml']);
  });
});
