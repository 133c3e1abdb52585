import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';

const key = 'sk-deepseek-0123456789';
let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'All is well.' }, strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: key });
});

afterEach(async () => {
  await model.close();
  await place.remove();
});

const lineCount = async (path: string): Promise<number> => (await readFile(path, 'utf8')).trimEnd().split('\n').length;

describe('the log and the trace of the command', () => {
  it('S149, S150: -v=2 writes more lines than -v 1 into $TMPDIR/kubelet-wuhrai.log, which grows, is 0600 and holds no key', async () => {
    const path = join(place.temporary, 'kubelet-wuhrai.log');
    const counts: number[] = [];
    for (const flags of [['-v', '1'], ['-v=2'], ['--v=2']]) {
      const { code, stderr } = await place.run([...flags, 'test']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      counts.push((await lineCount(path)) - counts.reduce((sum, count) => sum + count, 0));
    }
    expect(counts[1]).toBeGreaterThan(counts[0] ?? 0);
    expect(counts[2]).toBe(counts[1]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).not.toContain(key);
  });

  it('S151: --trace-path holds the tool request and response, is 0600 and holds no key', async () => {
    const path = join(place.home, 'kubelet-wuhrai-trace.txt');
    model.enqueue({ toolCalls: [{ name: 'bash', arguments: { command: `echo marker ${key}` } }] }, { text: 'Done.' });
    const { code } = await place.run([`--trace-path=${path}`, 'your query']);
    const text = await readFile(path, 'utf8');
    expect(code).toBe(0);
    expect(text).toContain('type: "tool-request"');
    expect(text).toContain('type: "tool-response"');
    expect(text).toContain('marker');
    expect(text).not.toContain(key);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('a trace that can not be written is bad configuration', async () => {
    const { code, stderr } = await place.run([`--trace-path=${place.home}/no/such/folder`, 'your query']);
    expect({ code, asked: model.requests }).toEqual({ code: 2, asked: [] });
    expect(stderr).toContain('trace-path');
  });
});
