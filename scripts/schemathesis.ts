/* oxlint-disable no-console -- a program's own entry */
// Tests what the API says of itself in OpenAPI against the built service, with schemathesis in a virtual environment in .cache.
//   node --conditions=@kw/source scripts/schemathesis.ts [--json FILE] [--url URL]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startService } from './service.ts';

const version = '4.32.5';
const limitSeconds = 90;
const seed = '1';
const root = resolve(import.meta.dirname, '..');
const venv = join(root, '.cache/schemathesis');
const program = join(venv, 'bin/schemathesis');
const { values } = parseArgs({ options: { json: { type: 'string' }, url: { type: 'string' } } });

async function run(file: string, args: readonly string[]): Promise<number> {
  const child = spawn(file, args, { cwd: venv, stdio: 'inherit' });
  child.on('error', (error) => console.error(`${file}: ${error.message}`));
  const [code]: unknown[] = await once(child, 'close');
  return typeof code === 'number' ? code : 1;
}

async function prepare(): Promise<void> {
  if (!existsSync(venv)) {
    const made = spawn('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
    const [code]: unknown[] = await once(made, 'close');
    if (code !== 0) throw new Error('no virtual environment could be made: python3 with its venv module is needed');
  }
  const wanted = `schemathesis==${version}`;
  if ((await run(join(venv, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', wanted])) !== 0)
    throw new Error(`${wanted} could not be installed`);
}

async function judge(url: string): Promise<number> {
  return run(program, [
    '--config-file',
    join(root, 'scripts/schemathesis.toml'),
    'run',
    `${url}/api/v1/openapi.json`,
    '--url',
    url,
    '--checks',
    'all',
    '--exclude-path',
    '/api/v1/kill-switch', // it would stop all the others
    // A loopback peer of the same user is open without a token, and every deleted session may be made anew by its id.
    '--exclude-checks',
    'ignored_auth,use_after_free',
    '--max-time',
    String(limitSeconds),
    '--request-timeout',
    '20',
    '--seed',
    seed,
    '--no-color',
  ]);
}

await prepare();
let code = 1;
if (values.url === undefined) {
  const service = await startService();
  try {
    code = await judge(service.url);
  } finally {
    await service.stop();
  }
} else code = await judge(values.url);
if (values.json !== undefined)
  await writeFile(values.json, JSON.stringify([{ name: 'openapi', problems: code === 0 ? [] : [`schemathesis ended with ${code}`] }]));
process.exitCode = code;
