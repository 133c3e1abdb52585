import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const suite = fileURLToPath(new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url));
const client = fileURLToPath(new URL('client.ts', import.meta.url));

const scenarios = [
  'initialize',
  'tools_call',
  'elicitation-sep1034-client-defaults',
  'sse-retry',
  'auth/metadata-default',
  'auth/metadata-var1',
  'auth/metadata-var2',
  'auth/metadata-var3',
  'auth/basic-cimd',
  'auth/scope-from-www-authenticate',
  'auth/scope-from-scopes-supported',
  'auth/scope-omitted-when-undefined',
  'auth/scope-step-up',
  'auth/scope-retry-limit',
  'auth/token-endpoint-auth-basic',
  'auth/token-endpoint-auth-post',
  'auth/token-endpoint-auth-none',
  'auth/pre-registration',
];

it.each(scenarios)('our own manager passes the client scenario %s of the official suite', { timeout: 60_000 }, async (scenario) => {
  const command = `${process.execPath} --conditions=@kw/source ${client}`;
  const output = await new Promise<string>((resolve) => {
    const child = spawn(process.execPath, [suite, 'client', '--command', command, '--scenario', scenario, '--spec-version', '2025-11-25'], {
      cwd: mkdtempSync(join(tmpdir(), 'kw-conformance-')),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', (code) => resolve(`${text}\nexit code ${code}`));
  });
  expect(output).toMatch(/exit code 0$/);
  expect(output).not.toMatch(/FAILURE/);
});
