import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseToolsFile } from '../src/custom-tools/parse-file.ts';
import { loadCustomTools } from '../src/custom-tools.ts';
import type { CustomTools } from '../src/custom-tools.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kw-tools-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = (toolsConfig: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<CustomTools> =>
  loadCustomTools({ toolsConfig, configDirectory: folder }, { env, taken: ['kubectl', 'bash'], apiKeys: ['sk-model-0123456789'] });

const put = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text, { mode: 0o600 });
  return path;
};

const tool = (name: string, rest = ''): string => `- name: ${name}\n  description: d\n  command: ${name}\n${rest}`;

describe('tools.yaml', () => {
  it('S127: is a YAML list; S128 to S131: name, description, command, command_desc', () => {
    const text = `# tools
- name: helm
  description: "Helm is the package manager for Kubernetes."
  command: "helm"
  command_desc: |
    The arguments of helm.

    - \`helm list\`
- name: istio
  description: istioctl
  command: /opt/istio/bin/istioctl --vklog 'a b'
  commandDesc: d
  is-interactive: true
  timeout: 5m
`;
    expect(parseToolsFile(text, '/t.yaml')).toEqual([
      {
        name: 'helm',
        description: 'Helm is the package manager for Kubernetes.',
        command: ['helm'],
        commandDescription: 'The arguments of helm.\n\n- `helm list`\n',
        isInteractive: false,
        effects: [],
        env: [],
        origin: '/t.yaml:2',
      },
      {
        name: 'istio',
        description: 'istioctl',
        command: ['/opt/istio/bin/istioctl', '--vklog', 'a b'],
        commandDescription: 'd',
        isInteractive: true,
        effects: [],
        env: [],
        timeoutMs: 300_000,
        origin: '/t.yaml:9',
      },
    ]);
    expect(parseToolsFile('', '/t.yaml')).toEqual([]);
    expect(parseToolsFile('# nothing yet\n', '/t.yaml')).toEqual([]);
  });

  it('takes rules about effects, and variables as a list or a map', () => {
    const rules = `  effect:
    - { match: [list, repo list], effect: read }
    - { match: uninstall, effect: dangerous, traits: [sensitive] }
    - { effect: write }
  env: { HELM_DRIVER: configmap, AWS_PROFILE: , N: 1 }
`;
    expect(parseToolsFile(tool('a', rules) + tool('b', '  effect: read\n  env: [X=y=z, AWS_PROFILE]\n'), '/t.yaml')).toMatchObject([
      {
        effects: [
          { match: [['list'], ['repo', 'list']], effect: 'read', traits: [] },
          { match: [['uninstall']], effect: 'dangerous', traits: ['sensitive'] },
          { match: [[]], effect: 'write', traits: [] },
        ],
        env: [{ name: 'HELM_DRIVER', value: 'configmap' }, { name: 'AWS_PROFILE' }, { name: 'N', value: '1' }],
      },
      { effects: [{ match: [[]], effect: 'read' }], env: [{ name: 'X', value: 'y=z' }, { name: 'AWS_PROFILE' }] },
    ]);
  });

  it.each([
    [`${tool('a')}  comand_desc: x\n`, '/t.yaml:4: unknown key "comand_desc"; did you mean "command_desc"?'],
    [`${tool('a')}  colour: x\n`, '/t.yaml:4: unknown key "colour"; the keys of a tool are name, description'],
    [`${tool('a')}  name: b\n`, '/t.yaml:4: Map keys must be unique'],
    [`${tool('a')}  commandDesc: b\n  command_desc: c\n`, '/t.yaml:5: "command_desc" is given twice'],
    ['- name: a\n  description: d\n', '/t.yaml:1: a tool needs "command"'],
    ['- name: a\n  description: d\n  command:\n', '/t.yaml:1: a tool needs "command"'],
    [tool('a.b'), '/t.yaml:1: name "a.b" must be 1 to 64 letters'],
    [tool('a__b'), '/t.yaml:1: name "a__b" must not have two _ in a row'],
    ['- name: a\n  description: d\n  command: "helm | sh"\n', '/t.yaml:3: command "helm | sh" is run without a shell'],
    ['- name: a\n  description: d\n  command: ./helm\n', '/t.yaml:3: command "./helm" must be a name on PATH or an absolute path'],
    [tool('a', '  is_interactive: yes please\n'), '/t.yaml:4: is_interactive must be true or false'],
    [tool('a', '  timeout: 3h\n'), '/t.yaml:4: timeout "3h" must be seconds from 1 to 600'],
    [tool('a', '  effect: raed\n'), '/t.yaml:4: effect "raed" is not one of read, write, dangerous, unknown; did you mean "read"?'],
    [tool('a', '  effect:\n  - { match: [x], efect: read }\n'), '/t.yaml:5: effect[0]: unknown key "efect"; did you mean "effect"?'],
    [tool('a', '  effect:\n  - { match: [x] }\n'), '/t.yaml:5: effect[0] needs "effect"'],
    [tool('a', '  effect:\n  - { match: [""], effect: read }\n'), '/t.yaml:5: effect[0].match[0] must hold at least one word'],
    [tool('a', '  env: [1X]\n'), '/t.yaml:4: env[0] "1X" is no name of a variable'],
    [tool('a', '  env: { KUBECONFIG: /x }\n'), '/t.yaml:4: env.KUBECONFIG KUBECONFIG can not be set'],
    ['name: a\n', '/t.yaml:1: the file must hold a list of tools'],
    ['- a\n', '/t.yaml:1: a tool must be a map'],
    ['- {name: [\n', '/t.yaml:'],
  ])('says what is wrong in %j', (text, message) => {
    expect(() => parseToolsFile(text, '/t.yaml')).toThrow(message);
  });
});

describe('loading custom tools', () => {
  it('reads tools.yaml and tools.d of the configuration, where they are there', async () => {
    expect(await load()).toEqual({ specs: [], secrets: [], warnings: [] });
    await put('tools.yaml', tool('helm'));
    await put('tools.d/b.yaml', tool('two'));
    await put('tools.d/a.yml', tool('one'));
    await put('tools.d/notes.txt', 'not YAML: [');
    await put('tools.d/.hidden.yaml', 'not YAML: [');
    expect((await load()).specs.map(({ name }) => name)).toEqual(['helm', 'one', 'two']);
  });

  it('reads what is named instead, and what is named must be there', async () => {
    await put('tools.yaml', tool('helm'));
    const other = await put('other/x.yaml', tool('other'));
    expect((await load([other])).specs.map(({ name }) => name)).toEqual(['other']);
    expect((await load([join(folder, 'other')])).specs.map(({ name }) => name)).toEqual(['other']);
    await expect(load([join(folder, 'missing.yaml')])).rejects.toThrow('missing.yaml: there is no such file or directory');
  });

  it('refuses names that are taken', async () => {
    const path = await put('tools.yaml', tool('kubectl'));
    await expect(load()).rejects.toThrow(`${path}:1: the name "kubectl" belongs to a built-in tool`);
    await put('tools.yaml', tool('a') + tool('a'));
    await expect(load()).rejects.toThrow(`${path}:4: there is a tool "a" already (${path}:1)`);
  });

  it('gives variables their values and tells which are secret', async () => {
    await put('tools.yaml', tool('a', '  env: { TEAM: "x-${NAME}", REPO_TOKEN: , HELM_DRIVER: configmap, MISSING: }\n'));
    const { specs, secrets } = await load([], { NAME: 'ops', REPO_TOKEN: 'r-0123456789' });
    expect(specs[0]?.env).toEqual([
      { name: 'TEAM', value: 'x-ops' },
      { name: 'REPO_TOKEN', value: 'r-0123456789' },
      { name: 'HELM_DRIVER', value: 'configmap' },
      { name: 'MISSING' },
    ]);
    expect(secrets).toEqual(['r-0123456789']);
    await expect(load()).rejects.toThrow('tools.yaml:1: env of a: the variable NAME is not set');
  });

  it('hands the key of a model service to no tool', async () => {
    await put('tools.yaml', tool('a', '  env: [OPENAI_API_KEY]\n'));
    await expect(load([], { OPENAI_API_KEY: 'sk-model-0123456789' })).rejects.toThrow('OPENAI_API_KEY holds the key of a model service');
  });

  it('warns of a file that others can write', async () => {
    const path = await put('tools.yaml', tool('a'));
    await chmod(path, 0o666);
    expect((await load()).warnings).toEqual([`${path} can be written by others, and what stands there runs as you: chmod go-w ${path}`]);
  });
});
