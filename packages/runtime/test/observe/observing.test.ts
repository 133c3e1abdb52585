import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { existsSync } from 'node:fs';
import { readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Flags } from '../../src/config/given.ts';
import { ask, createPlace } from '../support.ts';
import type { Place } from '../support.ts';

const key = 'sk-observed-0123456789';
let model: ScriptedServer;
let place: Place;

beforeEach(async () => {
  model = await startScriptedServer({ fallback: { text: 'All is well.' } });
  place = await createPlace({ OPENAI_ENDPOINT: model.url, OPENAI_API_KEY: key, PATH: process.env['PATH'] ?? '' });
});

afterEach(async () => {
  await place.remove();
  await model.close();
});

const flags: Flags = { 'llm-provider': 'openai-compatible', model: 'm' };
const leaky = { name: 'bash', arguments: { command: `echo "token ${key} and password=hunter2hunter2"` } };

async function lines(path: string): Promise<readonly Record<string, unknown>[]> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the log holds objects
  return (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log', () => {
  it('S149: a higher verbosity gives more lines', async () => {
    const counts: number[] = [];
    for (const v of ['1', '2', '4']) {
      model.enqueue({ toolCalls: [leaky] }, { text: 'Done.' });
      const path = join(place.home, `log-${v}`);
      await ask(await place.runtime({ ...flags, v, 'log-file': path }), 'look');
      counts.push((await lines(path)).length);
    }
    expect(counts[1]).toBeGreaterThan(counts[0] ?? 0);
    expect(counts[2]).toBeGreaterThan(counts[1] ?? 0);
  });

  it('S150: with -v=2 the file in TMPDIR exists, is ours alone and holds no key', async () => {
    model.enqueue({ toolCalls: [leaky] }, { text: 'Done.' });
    await ask(await place.runtime({ ...flags, v: '2' }), `is ${key} right?`);
    const path = join(place.home, 'kubelet-wuhrai.log');
    const text = await readFile(path, 'utf8');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(text).not.toContain(key);
    expect(text).not.toContain('hunter2');
    const events = (await lines(path)).map(({ event }) => event);
    expect(events).toEqual([
      'start',
      'run-start',
      'model-request',
      'assistant-message',
      'tool-intent',
      'tool-result',
      'model-request',
      'assistant-message',
      'run-end',
    ]);
  });

  it('writes nothing without a verbosity, and failures alone into a named file', async () => {
    await ask(await place.runtime(flags), 'hello');
    expect(existsSync(join(place.home, 'kubelet-wuhrai.log'))).toBe(false);
    model.enqueue({ fault: { type: 'status', status: 401, body: { error: { message: `bad key ${key}` } } } });
    const path = join(place.home, 'log');
    await ask(await place.runtime({ ...flags, 'log-file': path }), 'hello');
    expect((await lines(path)).map(({ event, level, failure, code }) => [event, level, failure ?? code])).toEqual([
      ['model-request', 'warning', 'authentication-failed'],
      ['run-end', 'warning', 'authentication-failed'],
    ]);
    expect(await readFile(path, 'utf8')).not.toContain(key);
  });

  it('a link in its place is a warning, and the question is answered', async () => {
    await symlink(join(place.home, 'elsewhere'), join(place.home, 'kubelet-wuhrai.log'));
    const runtime = await place.runtime({ ...flags, v: '1' });
    expect(runtime.warnings).toEqual([expect.stringContaining('the log is off: ')]);
    expect((await ask(runtime, 'hello')).at(-1)).toMatchObject({ outcome: { type: 'completed' } });
    expect(existsSync(join(place.home, 'elsewhere'))).toBe(false);
  });
});

describe('the trace', () => {
  it('S151: holds the tool request and its response, no key, and is ours alone', async () => {
    model.enqueue({ toolCalls: [leaky] }, { text: 'First line.\nSecond line.' });
    const path = join(place.home, 'trace.yaml');
    await ask(await place.runtime({ ...flags, 'trace-path': path }), 'your query');
    const text = await readFile(path, 'utf8');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(text).not.toContain(key);
    expect(text).not.toContain('hunter2');
    const records: unknown[] = parseAllDocuments(text).map((document): unknown => document.toJS());
    expect(records).toMatchObject([
      { type: 'run-start', query: 'your query', model: { provider: 'openai-compatible', id: 'm' } },
      { type: 'model-request', messages: 2, tools: expect.any(Number), usage: { inputTokens: expect.any(Number) } },
      { type: 'model-response', turn: 1, finish: 'tool-calls' },
      { type: 'tool-request', tool: 'bash', arguments: expect.stringContaining('echo') },
      { type: 'tool-start', effect: 'read', command: expect.stringContaining('echo') },
      { type: 'tool-response', outcome: 'ran', content: expect.stringContaining('token') },
      { type: 'model-request', messages: 4 },
      { type: 'model-response', text: 'First line.\nSecond line.' },
      { type: 'run-end', outcome: { type: 'completed' } },
    ]);
  });

  it('that can not be written stops the program: it was asked for', async () => {
    await expect(place.runtime({ ...flags, 'trace-path': join(place.home, 'no', 'such', 'folder') })).rejects.toMatchObject({
      code: 'bad-configuration',
      message: expect.stringMatching(/^trace-path: .*can not be written/),
    });
  });
});
