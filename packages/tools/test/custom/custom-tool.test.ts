import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ToolChunk, ToolContext, ToolInvocation } from '@kw/agent';
import { customTool } from '../../src/custom/custom-tool.ts';
import type { CustomToolSpec } from '../../src/custom/tool-spec.ts';

const helm: CustomToolSpec = {
  name: 'helm',
  description: 'Helm.',
  command: ['helm'],
  commandDescription: 'What stands behind helm.\n\n- `list`\n',
  isInteractive: false,
  effects: [],
  env: [],
  origin: '/tools.yaml:1',
};
const istio: CustomToolSpec = {
  ...helm,
  name: 'istio',
  command: ['istioctl'],
  effects: [
    { match: [['proxy-status'], ['proxy-config', 'secret']], effect: 'read', traits: ['sensitive'] },
    { match: [['proxy-config'], ['version']], effect: 'read', traits: [] },
    { match: [['install']], effect: 'write', traits: [] },
  ],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kw-custom-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const context: ToolContext = {
  callId: 'c1',
  signal: new AbortController().signal,
  timeoutMs: 10_000,
  outputs: { info: async () => undefined, async *lines() {} },
};

function prepare(command: string, spec: CustomToolSpec = helm): ToolInvocation {
  return customTool(spec, { env: { PATH: folder } }).prepare(JSON.stringify({ command }), {});
}

async function run(invocation: ToolInvocation): Promise<readonly ToolChunk[]> {
  const chunks: ToolChunk[] = [];
  for await (const chunk of invocation.run(context)) chunks.push(chunk);
  return chunks;
}

async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, script);
  await chmod(path, 0o755);
  return path;
}

describe('a custom tool', () => {
  it('S131: describes its parameter in the words of the file', () => {
    expect(customTool(helm).parameters).toMatchObject({
      properties: { command: { type: 'string', description: 'What stands behind helm.\n\n- `list`\n' } },
      required: ['command'],
    });
  });

  it.each([
    ['list -n shop', 'helm list -n shop'],
    ['helm list -n shop', 'helm list -n shop'],
    ["list --filter 'a b'", "helm list --filter 'a b'"],
    ['', 'helm'],
  ])('S130: %j runs %s', (command, line) => {
    expect(prepare(command).summary).toBe(line);
  });

  it('puts all of its words in front, once', () => {
    const build = { ...helm, name: 'build', command: ['/usr/bin/kustomize', 'build'] as const };
    expect(prepare('./app', build).summary).toBe('/usr/bin/kustomize build ./app');
    expect(prepare('kustomize build ./app', build).summary).toBe('/usr/bin/kustomize build ./app');
    expect(prepare('/usr/bin/kustomize build ./app', build).summary).toBe('/usr/bin/kustomize build ./app');
  });

  it.each([['list'], ['list -n shop'], ['status web'], ['history web']])('knows that helm %s only reads, without a rule', (command) => {
    expect(prepare(command)).toMatchObject({ effect: 'read', traits: [], subject: { verb: `helm ${command.split(' ')[0] ?? ''}` } });
  });

  it('is asked about what nobody says', () => {
    expect(prepare('upgrade web ./chart').effect).toBe('write');
    expect(prepare('uninstall web').effect).toBe('dangerous');
    expect(prepare('frobnicate').effect).toBe('unknown');
    expect(prepare('analyze', istio).effect).toBe('unknown');
    expect(prepare('-n istio-system version', istio).effect).toBe('unknown');
  });

  it('follows the rule with the longest beginning', () => {
    expect(prepare('proxy-config routes web', istio)).toMatchObject({
      effect: 'read',
      traits: [],
      subject: { verb: 'istio proxy-config' },
    });
    expect(prepare('proxy-config secret web', istio)).toMatchObject({ effect: 'read', traits: ['sensitive'] });
    expect(prepare('install', istio)).toMatchObject({ effect: 'write', reasons: ['istio install is write by a rule of /tools.yaml:1'] });
  });

  it('never lets a rule hide that another cluster is named', () => {
    expect(prepare('version --context prod', istio).traits).toEqual(['moves-target']);
    const quiet = { ...helm, effects: [{ match: [[]], effect: 'read' as const, traits: [] }] };
    expect(prepare('list --kube-context prod', quiet).traits).toEqual(['moves-target']);
    expect(prepare('uninstall web', quiet).effect).toBe('read');
  });

  it.each(['list | sh', 'list; rm -rf /', 'list $(id)', 'list > x', 'list `id`', 'list &', "list 'a", 'list "$HOME"'])(
    'refuses %s: there is no shell',
    (command) => {
      expect(() => prepare(command)).toThrow(/^helm: .*it runs without one/);
    },
  );

  it('takes quoted characters as they stand', async () => {
    await program('helm', '#!/bin/sh\nprintf "<%s>\\n" "$@"\n');
    const chunks = await run(prepare(`list '$(id); x | y' "a;b"`));
    expect(chunks).toEqual([
      { type: 'output', stream: 'stdout', text: '<list>\n<$(id); x | y>\n<a;b>\n' },
      { type: 'result', isError: false, exitCode: 0 },
    ]);
  });

  it('judges hidden characters as not understood', () => {
    expect(prepare('list \u{202e}x').effect).toBe('unknown');
  });

  it('gets its own variables and nothing of this process', async () => {
    await program('helm', '#!/bin/sh\n/usr/bin/env\n');
    const [output] = await run(prepare('list', { ...helm, env: [{ name: 'HELM_DRIVER', value: 'configmap' }, { name: 'NOT_SET' }] }));
    const names = output?.type === 'output' ? output.text.split('\n').map((line) => line.split('=')[0]) : [];
    expect(names.filter((name) => !['', 'PWD', 'SHLVL', '_'].includes(name ?? ''))).toEqual(
      expect.arrayContaining(['HELM_DRIVER', 'PATH']),
    );
    expect(names).not.toContain('HOME');
  });

  it('says what to do where the program is missing', async () => {
    await expect(run(prepare('list'))).rejects.toThrow(
      'helm was not found on PATH: install it, or give its absolute path as "command" of helm',
    );
  });

  it('is refused where it needs a terminal, with the way to do it', () => {
    const invocation = prepare('edit web', { ...helm, isInteractive: true });
    expect(invocation.traits).toContain('needs-terminal');
    expect(invocation.refusal).toMatch(/in a terminal of their own: helm edit web$/);
  });

  it('is another tool for an approval once its command, its rules or what its variables hold change', () => {
    const env = (...variables: CustomToolSpec['env']): CustomToolSpec => ({ ...helm, env: variables });
    const specs = [
      helm,
      { ...helm, command: ['/opt/helm'] as const },
      { ...helm, effects: istio.effects },
      env({ name: 'HELM_NAMESPACE' }),
      env({ name: 'HELM_NAMESPACE', value: 'shop' }),
      env({ name: 'HELM_NAMESPACE', value: 'other' }),
      env({ name: 'HELM_NAMESPACE', value: 'shop' }, { name: 'TOKEN', value: 'hidden-0123456789' }),
    ];
    const versions = specs.map((spec) => customTool(spec).version);
    expect(new Set(versions).size).toBe(specs.length);
    expect(specs.map((spec) => customTool(spec).version)).toEqual(versions);
    expect(versions.join()).not.toContain('hidden');
  });
});
