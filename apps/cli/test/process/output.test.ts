import { startScriptedServer } from '@kw/providers/testing';
import type { ScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlace } from './command.ts';
import type { Place } from './command.ts';
import { kubeconfigOf, putOnPath } from './stub.ts';

let model: ScriptedServer;
let place: Place;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  model = await startScriptedServer({ strict: true });
  place = await createPlace({ DEEPSEEK_ENDPOINT: model.url, DEEPSEEK_API_KEY: 'sk-deepseek-0123456789' });
  env = {
    KUBECONFIG: await kubeconfigOf(place),
    PATH: await putOnPath(place, 'kubectl', '#!/bin/sh\necho "NAME   READY"\necho "web-1  1/1"\n'),
  };
});
afterEach(async () => {
  await model.close();
  await place.remove();
});

const messages = (at: number): string => JSON.stringify(model.chats()[at]?.body['messages']);
const getPods = { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl get pods' } }] };
const deletes = { toolCalls: [{ name: 'kubectl', arguments: { command: 'kubectl delete pod web-1' } }] };

describe('--output', () => {
  it('json is one object at the end, and nothing else is on standard output', async () => {
    model.enqueue({ text: 'Let me look.', ...getPods }, { text: 'web-1 is fine.' });
    const { code, stdout, stderr } = await place.run(['--output=json', 'pods?'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(2);
    expect(JSON.parse(stdout)).toMatchObject({
      session: expect.stringMatching(/^session_\d+$/),
      status: 'completed',
      answer: 'web-1 is fine.',
      model: { provider: 'deepseek', id: 'deepseek-chat' },
      target: { context: 'stub', namespace: 'shop' },
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      turns: 2,
      unanswered: 0,
      tools: [
        { tool: 'kubectl', command: 'kubectl get pods', effect: 'read', outcome: 'ran', isError: false, exitCode: 0, output: 'output:1' },
      ],
    });
  });

  it('json tells failures, limits and what nobody could approve by status and exit code', async () => {
    model.enqueue(deletes, { text: 'It needs your approval.' });
    const unanswered = await place.run(['-o', 'json', '--quiet', 'delete web-1'], { env });
    expect(unanswered.code).toBe(3);
    expect(JSON.parse(unanswered.stdout)).toMatchObject({ status: 'completed', unanswered: 1, tools: [{ outcome: 'denied' }] });
    model.enqueue(getPods, { text: 'Best so far.' });
    const limited = await place.run(['-o', 'json', '--max-iterations=2', 'pods?'], { env });
    expect(limited.code).toBe(4);
    expect(JSON.parse(limited.stdout)).toMatchObject({ status: 'limit', answer: 'Best so far.', error: { code: 'limit-iterations' } });
    model.enqueue({ fault: { type: 'status', status: 401, body: { error: { message: 'bad key' } } } });
    const failed = await place.run(['-o', 'json', 'pods?'], { env });
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({ status: 'failed', error: { code: expect.any(String), message: expect.any(String) } });
  });

  it('jsonl is one event a line, as they happen', async () => {
    model.enqueue(getPods, { text: ['web-1 ', 'is fine.'], delayMs: 50 });
    const { code, stdout } = await place.run(['--output=jsonl', 'pods?'], { env });
    expect(code).toBe(0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line): { type: string; text?: string } => JSON.parse(line));
    expect(events[0]).toMatchObject({ type: 'run-start', query: 'pods?' });
    expect(events.at(-1)).toMatchObject({ type: 'run-end', outcome: { type: 'completed', answer: 'web-1 is fine.' } });
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['turn-end', 'tool-call', 'tool-start', 'tool-result', 'text-delta']),
    );
    expect(events.flatMap(({ type, text }) => (type === 'text-delta' ? [text] : [])).join('')).toBe('web-1 is fine.');
  });

  it('--show-tool-output shows what commands print, on standard error', async () => {
    model.enqueue(getPods, { text: 'Fine.' });
    const { stdout, stderr } = await place.run(['--show-tool-output', 'pods?'], { env });
    expect(stdout).toBe('Fine.\n');
    expect(stderr).toContain('web-1  1/1');
  });
});

describe('sessions of single questions', () => {
  it('are new, unless one is to go on', async () => {
    model.enqueue({ text: 'One.' }, { text: 'Two.' }, { text: 'Three.' }, { text: 'Four.' });
    const first: { session: string } = JSON.parse((await place.run(['-o', 'json', 'first question'])).stdout);
    await place.run(['second question']);
    await place.run(['--resume-session', first.session, 'third question']);
    await place.run(['--new-session', 'fourth question']);
    expect(messages(1)).not.toContain('first question');
    expect(messages(2)).toContain('first question');
    expect(messages(2)).not.toContain('second question');
    expect(messages(3)).not.toContain('question"},{"role":"user","content":"third');
    model.enqueue({ text: 'Five.' });
    await place.run(['--resume-session=latest', 'fifth question']);
    expect(messages(4)).toContain('fourth question');
  });

  it('that are unknown or have something open are named, with the way out', async () => {
    expect(await place.run(['--resume-session', 'session_1', 'x'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('session_1'),
    });
    expect(await place.run(['--resume-session=latest', 'x'])).toMatchObject({ code: 2, stderr: expect.stringContaining('no sessions') });
    expect(model.chats()).toEqual([]);
  });
});
