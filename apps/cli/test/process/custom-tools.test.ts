import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';
import { openTerminal } from './terminal.ts';

let model: ScriptedServer;
let place: Place;

const tools = `- name: helm
  description: "Helm is the package manager for Kubernetes."
  command: "helm"
  command_desc: |
    The Helm command to run.

    Examples:
    - List releases: \`helm list -n shop\`
- name: istio
  description: "Istio is the service mesh."
  command: "istioctl"
  command_desc: What stands behind istioctl.
  effect:
    - { match: [proxy-status], effect: read }
`;

const stub = '#!/bin/sh\necho "$(basename "$0") $*" >> "$HOME/ran"\nenv > "$HOME/environment"\necho "stub: $*"\n';

let PATH: string;
let KUBECONFIG: string;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'Done.' }, strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
  await configure(tools);
  PATH = await putOnPath(place, 'helm', stub);
  await putOnPath(place, 'istioctl', stub);
  KUBECONFIG = await kubeconfigOf(place);
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

async function configure(text: string, name = 'tools.yaml'): Promise<string> {
  const folder = join(place.home, '.config/kubelet-wuhrai');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
}

interface Offered {
  readonly function: {
    readonly name: string;
    readonly description: string;
    readonly parameters: { readonly properties: { readonly command: object } };
  };
}

const isOffer = (value: unknown): value is readonly Offered[] => Array.isArray(value) && value.every((each) => typeof each === 'object');

/** The tool as the model was offered it. */
function offered(name: string): Offered['function'] | undefined {
  const list: unknown = model.chats()[0]?.body['tools'];
  return isOffer(list) ? list.find((each) => each.function.name === name)?.function : undefined;
}

const ran = (): Promise<string> => readFile(join(place.home, 'ran'), 'utf8').catch(() => '');
const ask = (call: string, command: string): ReturnType<Place['run']> => {
  model.enqueue({ toolCalls: [{ name: call, arguments: { command } }] }, { text: 'Done.' });
  return place.run(['--quiet', 'look'], { env: { PATH, KUBECONFIG } });
};

describe('custom tools', () => {
  it('S127: ~/.config/kubelet-wuhrai/tools.yaml is a list of tools that the model is offered', async () => {
    expect(await place.run(['--quiet', 'x'], { env: { PATH, KUBECONFIG } })).toMatchObject({ code: 0, stderr: '' });
    expect([offered('helm')?.name, offered('istio')?.name]).toEqual(['helm', 'istio']);
  });

  it('S127: `kubelet-wuhrai --quiet tools` lists them, without a model', async () => {
    const { code, stdout } = await place.run(['--quiet', 'tools'], { env: { DEEPSEEK_API_KEY: undefined } });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/\bhelm\b[^]*\bistio\b/) });
    expect(model.chats()).toEqual([]);
  });

  it('S128, S129, S131: name, description and command_desc reach the model as they stand', async () => {
    await place.run(['--quiet', 'x'], { env: { PATH, KUBECONFIG } });
    expect(offered('helm')).toMatchObject({
      name: 'helm',
      description: 'Helm is the package manager for Kubernetes.',
      parameters: {
        properties: {
          command: { description: 'The Helm command to run.\n\nExamples:\n- List releases: `helm list -n shop`\n' },
        },
      },
    });
  });

  it.each([
    ['helm', 'list', 'helm list\n'],
    ['helm', 'helm list -n shop', 'helm list -n shop\n'],
    ['istio', 'proxy-status', 'istioctl proxy-status\n'],
    ['istio', 'istioctl proxy-status', 'istioctl proxy-status\n'],
  ])('S130: the tool %s with %j runs %j, unasked because it reads', async (tool, command, expected) => {
    expect(await ask(tool, command)).toMatchObject({ code: 0, stdout: 'Done.\n' });
    expect(await ran()).toBe(expected);
    expect(model.chats()[1]?.text).toContain(`stub: ${expected.replace(/^\w+ |\n$/g, '')}`);
  });

  it('asks about what it does not know to be a read: quiet does not run it and exits with 3', async () => {
    expect(await ask('helm', 'upgrade web ./chart')).toMatchObject({ code: 3 });
    expect(await ask('istio', 'install')).toMatchObject({ code: 3 });
    expect(await ran()).toBe('');
  });

  it('an exact grant of a call ends when a variable of the tool changes, and none is offered where the words name a file', async () => {
    const granting = (value: string): Promise<string> =>
      configure(`${tools}    - { match: [install], effect: write }\n  env: {MESH_REVISION: ${value}}\n`);
    const env = { PATH, KUBECONFIG };
    await granting('one');
    model.enqueue(
      { toolCalls: [{ name: 'istio', arguments: { command: 'install -f mesh.yaml' } }] },
      { toolCalls: [{ name: 'istio', arguments: { command: 'install --set a=b' } }] },
    );
    const terminal = await openTerminal(place, ['install it'], { env });
    await terminal.shows('y = run it');
    expect(terminal.bytes()).not.toContain('a = run it');
    terminal.type('n\r');
    await terminal.shows('a = run it');
    terminal.type('a\r');
    expect((await terminal.ended).code).toBe(0);
    const again = (...flags: readonly string[]): ReturnType<Place['run']> => {
      model.enqueue({ toolCalls: [{ name: 'istio', arguments: { command: 'install --set a=b' } }] });
      return place.run(['--quiet', '--resume-session=latest', ...flags, 'again'], { env });
    };
    const { code, stdout } = await again('--output=json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).tools).toEqual([expect.objectContaining({ effect: 'write', grantId: expect.any(String), outcome: 'ran' })]);
    expect(await ran()).toBe('istioctl install --set a=b\n'.repeat(2));
    await granting('two');
    expect(await again()).toMatchObject({ code: 3 });
    expect(await ran()).toBe('istioctl install --set a=b\n'.repeat(2));
  });

  it('has no shell', async () => {
    await ask('helm', 'list; touch "$HOME/pwned"');
    expect(await ran()).toBe('');
    expect(model.chats()[1]?.text).toContain('is for a shell');
  });

  it('gets the frozen cluster and no key', async () => {
    await ask('helm', 'list');
    const environment = await readFile(join(place.home, 'environment'), 'utf8');
    const kubeconfig = /^KUBECONFIG=(.*)$/m.exec(environment)?.[1];
    expect(kubeconfig).not.toBe(KUBECONFIG);
    expect(environment).not.toContain('sk-deepseek');
    expect(environment).not.toContain('DEEPSEEK');
  });

  it('passes named variables on, and their secrets reach neither model nor screen', async () => {
    await configure(`${tools}  env: [REGISTRY_TOKEN]\n`);
    await putOnPath(place, 'istioctl', '#!/bin/sh\necho "token is $REGISTRY_TOKEN."\n');
    model.enqueue({ toolCalls: [{ name: 'istio', arguments: { command: 'proxy-status' } }] });
    await place.run(['--quiet', '--show-tool-output', 'x'], { env: { PATH, KUBECONFIG, REGISTRY_TOKEN: 'plain-words-and-42' } });
    expect(model.chats()[1]?.text).toContain('token is [redacted');
    expect(model.chats()[1]?.text).not.toContain('plain-words-and-42');
  });

  it.each([
    ['- name: a\n  description: d\n  comand: x\n', ':3: unknown key "comand"; did you mean "command"?'],
    ['- name: bash\n  description: d\n  command: x\n', ':1: the name "bash" belongs to a built-in tool'],
  ])('a mistake in the file ends with 2, its file and its line', async (text, message) => {
    const path = await configure(text);
    const { code, stderr } = await place.run(['--quiet', 'x']);
    expect(code).toBe(2);
    expect(stderr).toContain(`${path}${message}`);
  });

  it('reads nothing from the working directory, and what --tools-config names', async () => {
    const elsewhere = join(place.home, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'tools.yaml'), '- name: here\n  description: d\n  command: here\n', { mode: 0o600 });
    await place.run(['--quiet', 'x'], { cwd: elsewhere, env: { PATH, KUBECONFIG } });
    expect(offered('here')).toBeUndefined();
    await place.run(['--quiet', '--tools-config', 'tools.yaml', 'x'], { cwd: elsewhere, env: { PATH, KUBECONFIG } });
    expect(JSON.stringify(model.chats()[1]?.body['tools'])).toContain('"here"');
  });
});
