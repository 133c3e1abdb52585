import { existsSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtCommand, commandNode } from './built.ts';
import { createPlace } from './command.ts';
import type { Ended, Place } from './command.ts';
import { kubeconfigOf } from './stub.ts';
import { openTerminal } from './terminal.ts';

let place: Place;
let path: string;

/** The command on PATH under all its names, as an installation makes them. */
beforeEach(async () => {
  place = await createPlace();
  const main = await builtCommand();
  const folder = join(place.home, 'bin');
  await mkdir(folder);
  for (const name of ['kubelet-wuhrai', 'kw', 'kubectl-wuhrai']) {
    await writeFile(join(folder, name), `#!/bin/sh\nexec '${commandNode}' '${main}' "$@"\n`);
    await chmod(join(folder, name), 0o755);
  }
  await symlink(commandNode, join(folder, 'node'));
  await symlink(join(dirname(main), '../bin/kubectl_complete-wuhrai.js'), join(folder, 'kubectl_complete-wuhrai'));
  path = `${folder}:${place.env['PATH'] ?? ''}`;
});

afterEach(() => place.remove());

function run(file: string, ...args: readonly string[]): Promise<Ended> {
  return place.program(file, args, { env: { PATH: path } }).ended;
}

/** What bash offers for a line, which it splits at spaces, `=` and `:`. */
async function offeredByBash(line: string): Promise<readonly string[]> {
  const words = line.match(/[=:]+|[^\s=:]+/g) ?? [];
  const script = `source <(kubelet-wuhrai completion bash)
COMP_WORDS=("$@")
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_kubelet_wuhrai
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', '-c', script, 'bash', ...words, ...(/[\s=:]$/.test(line) ? [''] : []));
  return stdout.split('\n').filter((offer) => offer !== '');
}

/** Shells that may be missing: what they are asked, and how they begin to answer. */
const otherShells = [
  {
    file: '/usr/bin/fish',
    args: ['--no-config', '-c', "kubelet-wuhrai completion fish | source; complete -C 'kubelet-wuhrai doc'"],
    answer: 'doctor\t',
  },
  {
    file: '/usr/bin/zsh',
    args: [
      '-f',
      '-c',
      `compdef() { :; }
source <(kubelet-wuhrai completion zsh)
_describe() { print -l -- \${(P)@[-1]}; }
words=(kubelet-wuhrai doc); CURRENT=2; _kubelet_wuhrai`,
    ],
    answer: 'doctor:',
  },
];

describe('names on PATH', () => {
  it('S1: kubelet-wuhrai is on PATH, kw is its alias', async () => {
    expect((await run('bash', '-c', 'command -v kubelet-wuhrai && command -v kw')).code).toBe(0);
    const [long, short] = await Promise.all([run('kubelet-wuhrai', 'version'), run('kw', '--version')]);
    expect(long.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(short.stdout).toBe(long.stdout);
  });

  it('kubectl wuhrai is a plugin, and flags after it work', async () => {
    const model = await startScriptedServer({ fallback: { text: 'All is well.' } });
    try {
      const env = {
        PATH: path,
        DEEPSEEK_ENDPOINT: model.url,
        DEEPSEEK_API_KEY: 'sk-deepseek-0123456789',
        KUBECONFIG: await kubeconfigOf(place),
      };
      const kubectl = process.env['KW_TEST_KUBECTL'] ?? 'kubectl';
      const args = ['wuhrai', 'why is checkout failing?', '--model=deepseek-v4-pro', '-n', 'shop', '--context=stub'];
      const { code, stdout } = await place.program(kubectl, args, { env }).ended;
      expect({ code, stdout, model: model.chats()[0]?.body['model'] }).toEqual({
        code: 0,
        stdout: 'All is well.\n',
        model: 'deepseek-v4-pro',
      });
      expect(JSON.stringify(model.chats()[0]?.body['messages'])).toContain('why is checkout failing?');
      const listed = await place.program(kubectl, ['plugin', 'list', '--name-only'], { env }).ended;
      expect(listed.stdout.split('\n')).toContain('kubectl-wuhrai');
    } finally {
      await model.close();
    }
  });

  it('kubectl completes the words after it', async () => {
    const kubectl = process.env['KW_TEST_KUBECTL'] ?? 'kubectl';
    const { stdout } = await place.program(kubectl, ['__complete', 'wuhrai', 'doc'], { env: { PATH: path } }).ended;
    expect(stdout).toContain('doctor\t');
    expect(stdout.trim().split('\n').at(-1)).toBe(':4');
  });
});

describe('a mistyped command', () => {
  it('is told to a person, and is a question after -- and in scripts', async () => {
    const model = await startScriptedServer({ fallback: { text: 'All is well.' } });
    try {
      const env = { DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' };
      const told = await openTerminal(place, ['docter'], { env });
      expect(await told.ended).toMatchObject({ code: 2 });
      expect(told.bytes()).toContain('did you mean doctor?');
      expect(model.chats()).toHaveLength(0);
      const asked = await openTerminal(place, ['--', 'docter'], { env });
      expect(await asked.ended).toMatchObject({ code: 0 });
      expect(await place.run(['docter'], { env })).toMatchObject({ code: 0, stdout: 'All is well.\n' });
      expect(model.chats()).toHaveLength(2);
    } finally {
      await model.close();
    }
  });
});

describe('completion', () => {
  it('is silent and quick, whatever is wrong', async () => {
    const env = { KUBECONFIG: '/no/such/file', KW_CONFIG: '/no/such/config' };
    for (const words of [['--context', ''], ['--resume-session', ''], ['--llm-provider', ''], ['sessions', 'show', ''], ['-'], ['"'], []]) {
      const { code, stderr } = await place.run(['__complete', '--', ...words], { env });
      expect({ words, code, stderr }).toEqual({ words, code: 0, stderr: '' });
    }
  });

  it('knows contexts and sessions of this place', async () => {
    const KUBECONFIG = await kubeconfigOf(place);
    expect(await place.run(['__complete', '--', '--context=s'], { env: { KUBECONFIG } })).toMatchObject({ stdout: '--context=stub\n' });
    await place.run(['--llm-provider=offline', 'list pods'], { env: { KUBECONFIG } });
    expect((await place.run(['__complete', '--', 'resume', 'session'])).stdout).toMatch(/^session_\d+\tlist pods\n$/);
  });

  it('refuses a shell that it does not know', async () => {
    expect((await place.run(['completion', 'tcsh'])).code).toBe(2);
    expect((await place.run(['completion'])).code).toBe(2);
  });

  it('bash: commands, flags, values behind = and behind a colon, files', async () => {
    expect(await offeredByBash('kubelet-wuhrai doc')).toEqual(['doctor']);
    expect(await offeredByBash('kw sessions ')).toEqual(['list', 'show', 'rename', 'delete']);
    expect(await offeredByBash('kw --permissions=ask')).toEqual(['ask-writes', 'ask-all']);
    expect(await offeredByBash('kw --permissions=')).toHaveLength(5);
    expect(await offeredByBash('kw --llm-pro')).toEqual(['--llm-provider']);
    await writeFile(`${place.home}/kube.yaml`, '');
    expect(await offeredByBash(`kw --kubeconfig=${place.home}/ku`)).toEqual([`${place.home}/kube.yaml`]);
    expect(await offeredByBash('kw why is ')).toEqual([]);
  });

  it('bash: the script is good bash', async () => {
    const script = (await place.run(['completion', 'bash'])).stdout;
    const { code, stderr } = await place.program('bash', ['-n'], { input: script }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('zsh and fish complete where they are installed', async () => {
    for (const { file, args, answer } of otherShells.filter((shell) => existsSync(shell.file))) {
      const { stdout } = await run(file, ...args);
      expect({ file, starts: stdout.slice(0, answer.length) }).toEqual({ file, starts: answer });
    }
  });
});
