import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = join(import.meta.dirname, '../../../src/main.ts');

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kw-doctor-'));
  const folder = join(home, '.config', 'kubelet-wuhrai');
  await mkdir(folder, { recursive: true });
  const text = [
    'llm-provider: mine',
    'model: m',
    'api-keys: { mine: hunter2-key-1234567890 }',
    'auth-token: hunter2-token-1234567890',
    'providers:',
    '  mine:',
    '    base-url: http://127.0.0.1:9/v1?token=hunter2-query',
    '    headers: { X-Token: hunter2-header }',
    'unknown-key: hunter2-unknown',
  ];
  await writeFile(join(folder, 'config.yaml'), `${text.join('\n')}\n`, { mode: 0o600 });
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('secrets of the configuration', () => {
  it.each([
    [['doctor']],
    [['doctor', '--json']],
    [['doctor', '--lang=zh']],
    [['config']],
    [['config', '--output', 'json']],
    [['models']],
    [['--quiet', 'hello']],
  ])(
    'are shown by none of its readers: %j',
    async (words) => {
      const { code, text } = await new Promise<{ readonly code: unknown; readonly text: string }>((resolve) => {
        const child = execFile(
          process.execPath,
          ['--conditions=@kw/source', main, ...words],
          { env: { PATH: process.env['PATH'] ?? '', HOME: home }, timeout: 60_000 },
          (error, stdout, stderr) => resolve({ code: error?.code, text: stdout + stderr }),
        );
        child.stdin?.end();
      });
      expect([undefined, 1, 2, '1', '2']).toContain(code);
      expect(text).toMatch(/mine|127\.0\.0\.1/);
      expect(text).not.toContain('hunter2');
    },
    120_000,
  );
});
