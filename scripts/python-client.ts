/* oxlint-disable no-console -- a program's own entry */
// Tests the Python client against the built service, in a virtual environment in .cache.
//   node --conditions=@kw/source scripts/python-client.ts [--json FILE]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startService } from './service.ts';

const root = resolve(import.meta.dirname, '..');
const client = join(root, 'clients/python');
const venv = join(root, '.cache/python');
const python = join(venv, 'bin/python');
const json = process.argv[2] === '--json' ? process.argv[3] : undefined;

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

await prepare();
const service = await startService();
let code = 1;
try {
  code = await run(python, ['-m', 'pytest', '-q'], { ...process.env, KW_URL: service.url });
} finally {
  await service.stop();
}
if (json !== undefined)
  await writeFile(json, JSON.stringify([{ name: 'clients/python', problems: code === 0 ? [] : [`pytest ended with ${code}`] }]));
process.exitCode = code;
