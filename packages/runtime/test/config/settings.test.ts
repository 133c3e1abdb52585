import { describe, expect, it } from 'vitest';
import type { ConfigSources } from '../../src/config/load.ts';
import { loadConfig } from '../../src/config/load.ts';
import { warningsOf } from '../../src/config/notice.ts';

const path = '/home/ann/.config/kubelet-wuhrai/config.yaml';

type Given = Partial<ConfigSources> & { readonly file?: string; readonly others?: Readonly<Record<string, string>> };

function load({ file, others = {}, ...rest }: Given = {}): ReturnType<typeof loadConfig> {
  const files = new Map(Object.entries({ ...others, ...(file === undefined ? {} : { [path]: file }) }));
  return loadConfig({
    env: {},
    home: '/home/ann',
    flags: {},
    readFile: async (name) => {
      const text = files.get(name);
      return text === undefined ? undefined : { text, mode: 0o600 };
    },
    ...rest,
  });
}

async function config(given: Given = {}): Promise<Awaited<ReturnType<typeof load>>['config']> {
  return (await load(given)).config;
}

describe('settings of the whole command line', () => {
  it('have defaults', async () => {
    expect(await config()).toMatchObject({
      providers: {},
      presets: [],
      toolUse: 'auto',
      skipVerifySsl: false,
      output: 'text',
      verbosity: 0,
      isLogged: false,
      logFile: '/tmp/kubelet-wuhrai.log',
      removeWorkdir: false,
      toolsConfig: [],
      mcpClient: false,
      mcpServer: false,
      externalTools: false,
      newSession: false,
      mcpConfig: '/home/ann/.config/kubelet-wuhrai/mcp.yaml',
      configDirectory: '/home/ann/.config/kubelet-wuhrai',
    });
  });

  it('are read from the file, in any spelling', async () => {
    const file = `
enableToolUseShim: true
skip_verify_ssl: true
output: jsonl
verbosity: 2
log-file: ~/logs/kw.log
trace-path: ~/trace.yaml
remove-workdir: true
mcp-client: true
mcp-config: /etc/mcp.yaml
max-cost: 0.25
tools-config: [~/tools.yaml, /etc/tools]
`;
    expect(await config({ file })).toMatchObject({
      toolUse: 'shim',
      skipVerifySsl: true,
      output: 'jsonl',
      verbosity: 2,
      isLogged: true,
      logFile: '/home/ann/logs/kw.log',
      tracePath: '/home/ann/trace.yaml',
      removeWorkdir: true,
      mcpClient: true,
      mcpConfig: '/etc/mcp.yaml',
      maxCost: 0.25,
      toolsConfig: ['/home/ann/tools.yaml', '/etc/tools'],
    });
  });

  it('are read from flags: texts, lists with commas, and repeated ones', async () => {
    expect(await config({ flags: { v: '2', 'tools-config': 'a.yaml, ~/b' } })).toMatchObject({
      verbosity: 2,
      toolsConfig: ['a.yaml', '/home/ann/b'],
    });
    expect((await config({ flags: { 'tools-config': ['a.yaml', 'b.yaml'] } })).toolsConfig).toEqual(['a.yaml', 'b.yaml']);
    expect((await config({ flags: { 'max-cost': '1.5' } })).maxCost).toBe(1.5);
    expect((await config({ flags: { 'resume-session': 'latest' } })).resumeSession).toBe('latest');
    expect((await config({ env: { TMPDIR: '/var/tmp/' } })).logFile).toBe('/var/tmp/kubelet-wuhrai.log');
  });

  it("a kubectl-ai benchmark runner's flags are all known", async () => {
    const flags = {
      kubeconfig: 'K',
      'llm-provider': 'openai',
      'enable-tool-use-shim': 'false',
      quiet: 'true',
      model: 'M',
      'trace-path': 'F',
      'skip-permissions': true,
      'show-tool-output': true,
      'mcp-client': true,
    } as const;
    const others = { K: 'apiVersion: v1' };
    expect(await load({ flags, others })).toMatchObject({
      warnings: [],
      config: { toolUse: 'native', quiet: true, tracePath: 'F', permissions: 'auto', showToolOutput: true, mcpClient: true },
    });
  });

  it('S139: LLM_SKIP_VERIFY_SSL is true or 1', async () => {
    for (const value of ['true', '1']) expect((await config({ env: { LLM_SKIP_VERIFY_SSL: value } })).skipVerifySsl).toBe(true);
    expect((await config({ env: { LLM_SKIP_VERIFY_SSL: 'false' } })).skipVerifySsl).toBe(false);
  });

  it('S123: external-tools alone is refused', async () => {
    await expect(config({ flags: { 'external-tools': true } })).rejects.toMatchObject({
      code: 'bad-usage',
      message: expect.stringContaining('--mcp-server --external-tools'),
    });
    expect((await config({ flags: { 'external-tools': true, 'mcp-server': true } })).externalTools).toBe(true);
  });

  it('S169, S177: remove-workdir is a key of the file', async () => {
    expect((await config({ file: 'remove-workdir: true' })).removeWorkdir).toBe(true);
  });

  it.each([
    [{ file: 'read-only: true' }, 'read-only'],
    [{ file: 'read-only: true\nskip-permissions: true' }, 'read-only'],
    [{ file: 'read-only: true', flags: { 'skip-permissions': true } }, 'auto'],
    [{ file: 'permissions: auto', flags: { 'read-only': true } }, 'read-only'],
    [{ flags: { 'read-only': 'false' } }, 'ask-writes'],
  ] as const)('%j means %s', async (given, permissions) => {
    expect((await config(given)).permissions).toBe(permissions);
  });

  it.each([
    ['max-cost: free', '"free" is not a number from 0.0001 to 1000000'],
    ['v: 10', '10 is not a whole number from 0 to 9'],
    ['output: xml', '"xml" is not one of text, json, jsonl'],
    ['tools-config: {a: 1}', 'is not a list of texts'],
    ['providers: [a]', `${path}:1: providers: a list is not a map`],
    [
      'providers: {gateway: {base-url: "https://llm.example", modles: [a]}}',
      `${path}:1: providers.gateway.modles: no such key; did you mean models?`,
    ],
  ])('refuses %j', async (file, message) => {
    await expect(config({ file })).rejects.toMatchObject({ code: 'bad-configuration', message: expect.stringContaining(message) });
  });

  it('which session to go on in is no matter of the file', async () => {
    expect((await load({ file: 'new-session: true' })).warnings).toEqual([`${path}:1: unknown key "new-session"`]);
  });

  it('refuses to go on in an old session and to begin a new one', async () => {
    await expect(config({ flags: { 'new-session': true, 'resume-session': 'latest' } })).rejects.toMatchObject({ code: 'bad-usage' });
  });

  it("a model of a provider of the file is inferred by the file's models", async () => {
    const file = 'providers: {qwen: {base-url: "https://mirror.example/v1"}}';
    expect(await config({ file, flags: { model: 'qwen-turbo' } })).toMatchObject({
      provider: 'qwen',
      presets: [{ id: 'qwen', baseURL: 'https://mirror.example/v1' }],
    });
  });
});

describe('where values came from', () => {
  it('names the default, the line, the variable and the flag', async () => {
    const { sources } = await load({
      file: 'model: m1\nmax-iterations: 7\ndeepseek-api-key: secret-1\n',
      env: { KW_AUTH_TOKEN: 'secret-2', LANG: 'en_US' },
      flags: { 'max-iterations': '3', namespace: 'shop' },
    });
    expect(sources.get('llm-provider')).toEqual({ layer: 'default', origin: 'default', value: 'deepseek' });
    expect(sources.get('model')).toEqual({ layer: 'file', origin: `${path}:1`, value: 'm1' });
    expect(sources.get('max-iterations')).toEqual({ layer: 'flag', origin: '--max-iterations', value: '3' });
    expect(sources.get('auth-token')).toEqual({ layer: 'environment', origin: 'KW_AUTH_TOKEN', value: '***' });
    expect(sources.get('api-keys')).toEqual({ layer: 'file', origin: `${path}:3`, value: 'deepseek: ***' });
    expect(sources.get('log-file')).toEqual({ layer: 'default', origin: 'default', value: '/tmp/kubelet-wuhrai.log' });
    expect(JSON.stringify([...sources])).not.toContain('secret-');
  });

  it('a model that brought its provider along is its source', async () => {
    const { sources } = await load({ flags: { model: 'qwen-turbo' } });
    expect(sources.get('llm-provider')).toEqual({ layer: 'flag', origin: '--model', value: 'qwen' });
  });

  it('shows no password of an address', async () => {
    const { sources } = await load({ flags: { 'llm-provider': 'vllm://ann:secret@gpu:8000' } });
    expect(sources.get('llm-provider')?.value).toBe('vllm://***@gpu:8000');
  });
});

describe('warnings', () => {
  it('are kept where the file breaks later', async () => {
    const broken = ['modle: a\nquiet: perhaps', 'modle: a\nmodel: "${MINE}"\nquite: true'];
    for (const file of broken) {
      const error: unknown = await config({ file }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'bad-configuration' });
      expect(warningsOf(error)).toContain(`${path}:1: unknown key "modle"; did you mean "model"?`);
    }
    const error: unknown = await config({ file: broken[1] ?? '' }).catch((thrown: unknown) => thrown);
    expect(warningsOf(error)).toHaveLength(2);
    expect(warningsOf(new Error('other'))).toEqual([]);
  });

  it('name a kubeconfig that is not there', async () => {
    expect((await load({ env: { KUBECONFIG: '/a:/b' }, others: { '/a': '' } })).warnings).toEqual([
      'KUBECONFIG names /b, and there is no such file',
    ]);
    expect((await load({ flags: { kubeconfig: '~/k' } })).warnings).toEqual(['--kubeconfig names /home/ann/k, and there is no such file']);
    expect((await load({ flags: { kubeconfig: '/a' }, env: { KUBECONFIG: '/b' }, others: { '/a': '' } })).warnings).toEqual([]);
  });

  it('speak the language of the configuration', async () => {
    const { warnings } = await load({ file: 'lang: zh\nmodle: a' });
    expect(warnings).toEqual([`${path}:2：未知的键 "modle"；是否应为 "model"？`]);
  });
});
