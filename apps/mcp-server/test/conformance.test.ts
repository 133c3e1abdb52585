import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveHttp } from './serving.ts';

interface Suite {
  readonly name: string;
  readonly node: string;
  readonly args: readonly string[];
  readonly upstreams: readonly Upstream[];
}

/** How the upstream is reached. */
type Upstream = 'on standard streams' | 'over HTTP';

const upstreamProgram = fileURLToPath(new URL('fixtures/conformance-upstream.ts', import.meta.url));
const today = fileURLToPath(new URL('../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url));
const before = fileURLToPath(new URL('../node_modules/mcp-conformance-0.1.13/dist/index.js', import.meta.url));
const node20 = process.env['KW_TEST_NODE_20'];

/** Today's suite on our own Node; the last one for Node 20 on Node 20 where everything is asked for, else half of it on ours. */
const suites: readonly Suite[] = [
  {
    name: '0.1.16',
    node: process.execPath,
    args: [today, 'server', '--suite', 'all', '--spec-version', '2025-11-25'],
    upstreams: ['on standard streams', 'over HTTP'],
  },
  {
    name: `0.1.13${node20 === undefined ? '' : ' on Node 20'}`,
    node: node20 ?? process.execPath,
    args: [before, 'server', '--suite', 'all'],
    upstreams: node20 === undefined ? ['over HTTP'] : ['on standard streams', 'over HTTP'],
  },
];

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function run(file: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: mkdtempSync(join(tmpdir(), 'kw-conformance-')), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => resolve({ code, output }));
  });
}

function startUpstream(): Promise<string> {
  const child = spawn(process.execPath, [upstreamProgram, '--http'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill();
  });
  return new Promise((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
}

async function placeOf(upstream: Upstream): Promise<string> {
  return upstream === 'over HTTP'
    ? `    url: ${await startUpstream()}\n`
    : `    command: ${process.execPath}\n    args: ["${upstreamProgram}"]\n`;
}

describe.each(suites)('the official conformance suite $name, through --external-tools', ({ node, args, upstreams }) => {
  it.each(upstreams)('passes every server scenario with the upstream %s', { timeout: 120_000 }, async (upstream) => {
    const { url } = await serveHttp({
      mcpYaml: `servers:\n  - name: fixture\n${await placeOf(upstream)}    prefix: false\n    trust: true\n`,
    });
    const { code, output } = await run(node, [...args, '--url', url]);
    expect(output).toMatch(/Total: \d+ passed, 0 failed/);
    expect(output.match(/^✓ /gm)?.length).toBeGreaterThanOrEqual(30);
    expect(code).toBe(0);
  });
});
