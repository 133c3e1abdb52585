import { describe, expect, it } from 'vitest';
import type { ConfigSources } from '../../src/config/load.ts';
import { loadConfig } from '../../src/config/load.ts';

const path = '/home/ann/.config/kubelet-wuhrai/config.yaml';

function sources({ file, mode = 0o600, ...rest }: Partial<ConfigSources> & { file?: string; mode?: number } = {}): ConfigSources {
  return {
    env: {},
    home: '/home/ann',
    flags: {},
    readFile: async (name) => (name === path && file !== undefined ? { text: file, mode } : undefined),
    ...rest,
  };
}

async function config(given: Parameters<typeof sources>[0] = {}): Promise<Awaited<ReturnType<typeof loadConfig>>['config']> {
  return (await loadConfig(sources(given))).config;
}

describe('loadConfig', () => {
  it('S2: DeepSeek is the provider when nothing is configured', async () => {
    expect((await config()).provider).toBe('deepseek');
  });

  it('S8: the file ~/.config/kubelet-wuhrai/config.yaml is read', async () => {
    expect(await config({ file: 'model: m1\nquiet: true\n' })).toMatchObject({ model: 'm1', quiet: true, configFile: path });
  });

  it('S9: the key llm-provider chooses the provider', async () => {
    expect((await config({ file: 'llm-provider: qwen' })).provider).toBe('qwen');
  });

  it('S10: the key model chooses the model', async () => {
    expect((await config({ file: 'model: "deepseek-coder"' })).model).toBe('deepseek-coder');
  });

  it('lets the file win over defaults, variables over the file and flags over variables', async () => {
    const file = 'auth-token: from-file\nmax-iterations: 7\n';
    expect(await config({ file })).toMatchObject({ authToken: 'from-file', maxIterations: 7 });
    expect((await config({ file, env: { KW_AUTH_TOKEN: 'from-environment' } })).authToken).toBe('from-environment');
    expect((await config({ file, flags: { 'max-iterations': '3' } })).maxIterations).toBe(3);
  });

  it('reads camelCase and snake_case keys', async () => {
    expect(await config({ file: 'llmProvider: vllm\nmax_iterations: 4' })).toMatchObject({ provider: 'vllm', maxIterations: 4 });
  });

  it('warns of an unknown key with its line and the nearest key', async () => {
    const { warnings } = await loadConfig(sources({ file: 'model: a\nmax-iteration: 3\n' }));
    expect(warnings).toEqual([`${path}:2: unknown key "max-iteration"; did you mean "max-iterations"?`]);
  });

  it('replaces ${NAME} and refuses a variable that is not set', async () => {
    expect((await config({ file: 'model: "${MINE}"', env: { MINE: 'm2' } })).model).toBe('m2');
    await expect(config({ file: 'quiet: true\nmodel: "${MINE}"' })).rejects.toMatchObject({
      code: 'bad-configuration',
      message: `${path}:2: the variable MINE is not set`,
    });
  });

  it.each([
    ['max-iterations: many', `${path}:1: max-iterations: "many" is not a whole number from 1 to 1000`],
    ['quiet: perhaps', `${path}:1: quiet: "perhaps" is not true or false`],
    ['user-interface: web', `${path}:1: user-interface: "web" is not one of terminal, html`],
    ['- a\n- b', `${path}:1: the file must hold a map of settings`],
    ['model: [a', `${path}:1: `],
    ['model: a\nmodel: b', `${path}:2: Map keys must be unique`],
    ['rules: [{action: maybe}]', `${path}:1: rules.0.action: `],
    ['rules: [{action: deny, verbs: delete}]', `${path}:1: rules.0.verbs: `],
  ])('refuses %j with the place, the value and what is possible', async (file, message) => {
    await expect(config({ file })).rejects.toMatchObject({ code: 'bad-configuration', message: expect.stringContaining(message) });
  });

  it('names a flag once', async () => {
    await expect(config({ flags: { 'max-iterations': '0' } })).rejects.toMatchObject({
      message: '--max-iterations: "0" is not a whole number from 1 to 1000',
    });
  });

  it('survives a bomb of aliases and prototype keys', async () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...Array.from(
        'bcdefgh',
        (name, index) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefg'[index] ?? 'a'}`).join(',')}]`,
      ),
    ].join('\n');
    await expect(config({ file: `${bomb}\nmodel: *h` })).rejects.toThrow(/alias/i);
    const { config: plain, warnings } = await loadConfig(sources({ file: '__proto__: {quiet: true}\nconstructor: 1\n' }));
    expect(plain.quiet).toBe(false);
    expect(warnings).toHaveLength(2);
  });

  it('S136: keys can stand in the file, in two spellings, and a readable file is warned of', async () => {
    const { config: read, warnings } = await loadConfig(sources({ file: 'api-keys: {deepseek: k1}\nqwen-api-key: k2\n', mode: 0o644 }));
    expect(read.apiKeys).toEqual({ deepseek: 'k1', qwen: 'k2' });
    expect(warnings).toEqual([`${path} holds a secret and can be read by others: chmod 600 ${path}`]);
  });

  it.each([
    ['auth-tokens: [{name: ann, token-file: /run/ann}]', 0],
    ["auth-tokens: [{name: ann, token-file: /run/ann}, {name: bob, token: '${BOB}'}]\nauth-token: '${ONE}'", 0],
    ["api-keys: {deepseek: '${ONE}'}\nqwen-api-key: '${ONE}'", 0],
    ['model: deepseek-chat', 0],
    ['auth-tokens: [{name: ann, token-file: /run/ann}, {name: bob, token: b-0123456789abcdef}]', 1],
    ["auth-token: 'x${ONE}'", 1],
    ['qwen-api-key: k2', 1],
  ])('%j is warned of in a readable file only where the secret itself stands in it', async (file, count) => {
    const env = { ONE: 'one-0123456789abcdef', BOB: 'bob-0123456789abcdef' };
    const readFile: ConfigSources['readFile'] = async (name) => ({ text: name === path ? file : 'ann-0123456789abcdef', mode: 0o644 });
    const { warnings } = await loadConfig(sources({ env, readFile }));
    expect(warnings.filter((warning) => warning.includes('holds a secret'))).toHaveLength(count);
  });

  it('a secret in a readable file is warned of, also where a variable is stronger', async () => {
    const env = { KW_AUTH_TOKEN: 'one-0123456789abcdef' };
    const { warnings } = await loadConfig(sources({ file: 'auth-token: two-0123456789abcdef', mode: 0o644, env }));
    expect(warnings).toEqual([`${path} holds a secret and can be read by others: chmod 600 ${path}`]);
  });

  it('S154: a model given by a flag chooses its provider over the file, and says so', async () => {
    const { config: read, warnings } = await loadConfig(sources({ file: 'llm-provider: deepseek', flags: { model: 'qwen-turbo' } }));
    expect(read).toMatchObject({ provider: 'qwen', model: 'qwen-turbo' });
    expect(warnings).toHaveLength(1);
    expect((await config({ flags: { model: 'qwen-turbo', 'llm-provider': 'deepseek' } })).provider).toBe('deepseek');
    expect((await config({ file: 'llm-provider: openai\nmodel: qwen-turbo' })).provider).toBe('openai');
  });

  it.each([
    ['llm-provider: qwen\nmodel: qwen-plus', 'deepseek', undefined, 1],
    ['model: deepseek-chat', 'qwen', undefined, 1],
    ['llm-provider: qwen\nmodel: deepseek-reasoner', 'deepseek', 'deepseek-reasoner', 0],
    ['model: my-own', 'deepseek', 'my-own', 0],
    ['llm-provider: qwen\nmodel: qwen-plus', 'vllm', 'qwen-plus', 0],
  ])("%j, with --llm-provider=%s: the file's model is not sent to a vendor who does not have it", async (file, provider, model, told) => {
    const { config: read, warnings } = await loadConfig(sources({ file, flags: { 'llm-provider': provider } }));
    expect([read.provider, read.model, warnings.length]).toEqual([provider, model, told]);
  });

  it('takes vllm://host as provider and address', async () => {
    expect(await config({ flags: { 'llm-provider': 'vllm://gpu:8000' } })).toMatchObject({ provider: 'vllm', endpoint: 'vllm://gpu:8000' });
  });

  it('S175: skip-permissions stands for auto, and a stronger permissions wins', async () => {
    expect((await config({ file: 'skip-permissions: true' })).permissions).toBe('auto');
    expect((await config({ file: 'skip-permissions: true', flags: { permissions: 'read-only' } })).permissions).toBe('read-only');
    expect((await config({ file: 'permissions: read-only', flags: { 'skip-permissions': true } })).permissions).toBe('auto');
  });

  it('speaks the language of the locale unless told otherwise', async () => {
    expect((await config({ env: { LANG: 'zh_CN.UTF-8' } })).language).toBe('zh');
    expect((await config({ env: { LANG: 'zh_CN.UTF-8' }, flags: { lang: 'en' } })).language).toBe('en');
  });

  it('refuses a named file that is not there', async () => {
    await expect(config({ flags: { config: '/nowhere.yaml' } })).rejects.toMatchObject({
      message: '/nowhere.yaml: there is no such configuration file',
    });
  });

  it('S172: the documented production file is valid as a whole, without a warning', async () => {
    const file =
      'llm-provider: "deepseek"\nmodel: "deepseek-chat"\nmax-iterations: 10\nskip-permissions: false\nquiet: false\nuser-interface: "html"\nui-listen-address: "0.0.0.0:8888"\n';
    const { config: read, warnings } = await loadConfig(sources({ file }));
    expect(warnings).toEqual([]);
    expect(read).toMatchObject({ maxIterations: 10, permissions: 'ask-writes', userInterface: 'html', listenAddress: '0.0.0.0:8888' });
  });
});
