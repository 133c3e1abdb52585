import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/index.ts';
import type { McpAdmin } from '../src/mcp-admin.ts';
import { openMcpAdmin } from '../src/mcp-admin.ts';

let home: string;
let admin: McpAdmin;
const notices: string[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kw-mcp-'));
  const file = join(home, 'mcp.yaml');
  const servers = [
    { name: 'one', command: '/bin/sh', args: ['-c', 'echo said $MY_TOKEN >&2; exit 3'], env: { MY_TOKEN: 'hunter2-env-1234567890' } },
    { name: 'two', url: 'http://127.0.0.1:1/mcp?api_key=hunter2-query-12345', headers: { 'X-Token': 'hunter2-header-1234567890' } },
  ];
  await writeFile(file, JSON.stringify({ servers }), { mode: 0o600 });
  const env = { PATH: process.env['PATH'] };
  const { config } = await loadConfig({
    env,
    home,
    flags: { 'mcp-config': file, 'state-dir': join(home, 'state') },
    readFile: async () => undefined,
  });
  admin = await openMcpAdmin(config, { env, home, userId: undefined, userName: 'u', version: '1' }, (text) => notices.push(text));
});
afterEach(async () => {
  await admin.close();
  await rm(home, { recursive: true, force: true });
});

describe('secrets of servers that fail', () => {
  it('are hidden in how they stand, in notices and in errors', async () => {
    const signal = new AbortController().signal;
    const shown = JSON.stringify(await admin.status(signal));
    const failures = await Promise.allSettled([admin.test('one', signal), admin.trust('one', signal), admin.test('two', signal)]);
    const said = failures.map((each) => (each.status === 'rejected' ? String(each.reason) : 'no failure'));
    expect(shown).toContain('said');
    expect(said[0]).toContain('said');
    for (const text of [shown, ...said, ...notices]) expect(text).not.toContain('hunter2');
  });
});
