import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Suite {
  readonly name: string;
  readonly node: string;
  readonly args: readonly string[];
  readonly scenarios: readonly string[];
}

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

const today = fileURLToPath(new URL('../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url));
const before = fileURLToPath(new URL('../../node_modules/mcp-conformance-0.1.13/dist/index.js', import.meta.url));
const node20 = process.env['KW_TEST_NODE_20'];

/** Today's suite on our own Node; the last one for Node 20 on Node 20 where everything is asked for, else some of it on ours. */
const suites: readonly Suite[] = [
  {
    name: '0.1.16',
    node: process.execPath,
    args: [today, 'client', '--spec-version', '2025-11-25'],
    scenarios,
  },
  {
    name: `0.1.13${node20 === undefined ? '' : ' on Node 20'}`,
    node: node20 ?? process.execPath,
    args: [before, 'client'],
    scenarios: node20 === undefined ? ['tools_call', 'sse-retry', 'auth/scope-step-up'] : scenarios,
  },
];

describe.each(suites)('the official conformance suite $name', ({ node, args, scenarios: wanted }) => {
  it.each(wanted)('our own manager passes the client scenario %s', { timeout: 60_000 }, async (scenario) => {
    const command = `${process.execPath} --conditions=@kw/source ${client}`;
    const output = await new Promise<string>((resolve) => {
      const child = spawn(node, [...args, '--command', command, '--scenario', scenario], {
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
});
