import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveHttp } from './serving.ts';

const suite = fileURLToPath(new URL('../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url));
const upstream = fileURLToPath(new URL('fixtures/conformance-upstream.ts', import.meta.url));

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
  const child = spawn(process.execPath, [upstream, '--http'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill();
  });
  return new Promise((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
}

async function passedOf(mcpYaml: string): Promise<Ended> {
  const { url } = await serveHttp({ mcpYaml });
  return run(process.execPath, [suite, 'server', '--url', url, '--suite', 'all', '--spec-version', '2025-11-25']);
}

describe('the official conformance suite, through --external-tools', () => {
  it('passes every server scenario with the upstream on standard streams', { timeout: 120_000 }, async () => {
    const { code, output } = await passedOf(
      `servers:\n  - name: fixture\n    command: ${process.execPath}\n    args: ["${upstream}"]\n    prefix: false\n    trust: true\n`,
    );
    expect(output).toMatch(/Total: \d+ passed, 0 failed/);
    expect(output.match(/^✓ /gm)?.length).toBeGreaterThanOrEqual(30);
    expect(code).toBe(0);
  });

  it('passes every server scenario with the upstream over HTTP', { timeout: 120_000 }, async () => {
    const { code, output } = await passedOf(
      `servers:\n  - name: fixture\n    url: ${await startUpstream()}\n    prefix: false\n    trust: true\n`,
    );
    expect(output).toMatch(/Total: \d+ passed, 0 failed/);
    expect(output.match(/^✓ /gm)?.length).toBeGreaterThanOrEqual(30);
    expect(code).toBe(0);
  });
});
