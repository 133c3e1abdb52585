/* oxlint-disable no-console -- a program's own entry */
// Tests the Python client against the built service: a virtual environment in .cache, a scripted model, a simulated cluster.
//   node --conditions=@kw/source scripts/python-client.ts [--json FILE]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createSandbox } from '../packages/sandbox/src/index.ts';
import { startScriptedServer } from '../packages/providers/src/testing/index.ts';
import type { RecordedRequest, ServerTurn } from '../packages/providers/src/testing/index.ts';
// @ts-expect-error plain JavaScript, shared with scripts that run on any Node
import { clientsFolder } from './clients.mjs';

const root = resolve(import.meta.dirname, '..');
const client = join(root, 'clients/python');
const venv = join(root, '.cache/python');
const python = join(venv, 'bin/python');
const json = process.argv[2] === '--json' ? process.argv[3] : undefined;

const report = Array.from({ length: 100_000 }, (_, index) => `${index} `).join('');

/** Answers by the question, so that tests need no order. */
function answer({ text }: RecordedRequest): ServerTurn {
  if (text.includes('write a long report')) return { text: report };
  const called = text.includes('"role":"tool"');
  if (text.includes('scale web to 3') && !called)
    return { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl scale deployment web --replicas=3 -n shop' } }] };
  return { text: 'Three pods are ready.' };
}

async function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const child = spawn(file, args, { cwd: client, env, stdio: 'inherit' });
  child.on('error', (error) => console.error(`${file}: ${error.message}`));
  const [code]: unknown[] = await once(child, 'close');
  return typeof code === 'number' ? code : 1;
}

async function prepare(): Promise<void> {
  if (!existsSync(python) && (await run('python3', ['-m', 'venv', venv])) !== 0)
    throw new Error('no virtual environment could be made: python3 with its venv module is needed');
  if ((await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--editable', '.[test]'])) !== 0)
    throw new Error('the packages of clients/python could not be installed');
}

/** Starts the built service; resolves when it listens. */
async function serve(env: NodeJS.ProcessEnv): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const main = join(root, 'apps/cli/dist/main.js');
  const child = spawn(process.execPath, [main, '--user-interface=html', '--ui-listen-address=127.0.0.1:0'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  for await (const chunk of child.stderr) {
    said += String(chunk);
    const url = /listens on (http:\/\/\S+)/.exec(said)?.[1];
    if (url === undefined) continue;
    child.stderr.resume();
    return {
      url,
      stop: async () => {
        const closed = once(child, 'close');
        child.kill('SIGTERM');
        await closed;
      },
    };
  }
  throw new Error(`the service did not start:\n${said}`);
}

async function main(): Promise<number> {
  await prepare();
  const home = await mkdtemp(join(tmpdir(), 'kw-python-'));
  const [model, sandbox] = await Promise.all([startScriptedServer({ script: answer }), createSandbox({ seed: 'python' })]);
  const folder: string = clientsFolder();
  const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, HOME: home, TMPDIR: home, KUBECONFIG: sandbox.kubeconfigPath };
  try {
    const service = await serve({ ...env, DEEPSEEK_API_KEY: 'sk-scripted', DEEPSEEK_ENDPOINT: model.url });
    try {
      return await run(python, ['-m', 'pytest', '-q', `--junit-xml=${join(home, 'report.xml')}`], { ...env, KW_URL: service.url });
    } finally {
      await service.stop();
    }
  } finally {
    await Promise.all([model.close(), sandbox.close()]);
    await rm(home, { recursive: true, force: true });
  }
}

const code = await main();
if (json !== undefined)
  await writeFile(json, JSON.stringify([{ name: 'clients/python', problems: code === 0 ? [] : [`pytest ended with ${code}`] }]));
process.exitCode = code;
