import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { investigation, investigationAnswer, playInvestigation } from '../src/testing/index.ts';
import { serve } from './support.ts';

const post = (url: string, body: object): Promise<Response> =>
  fetch(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify(body) });
const user = { role: 'user', content: 'x' };
const asked = (id: string, text = '{}', name = 'kubectl'): object => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name, arguments: text } }],
});
const answer = (id: string): object => ({ role: 'tool', tool_call_id: id, content: 'ok' });

describe('the strict server', () => {
  it.each([
    ['an unanswered call', [user, asked('a')], /did not have response messages: a/],
    ['a call answered twice', [user, asked('a'), answer('a'), answer('a')], /Duplicate/],
    ['an unknown call', [user, answer('a')], /must be a response to a preceding message/],
    ['arguments that are no JSON', [user, asked('a', '{'), answer('a')], /JSON/],
    ['a dotted name', [user, asked('a', '{}', 'a.b'), answer('a')], /name/],
    ['an empty answer', [user, { role: 'assistant', content: '' }], /content or tool_calls/],
  ])('answers 400 to %s', async (_form, messages, said) => {
    const server = await serve({ strict: true, fallback: { text: 'ok' } });
    const response = await post(server.url, { model: 'm', messages });
    expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(said)]);
  });

  it('answers 400 to more than its window, and 200 to what fits', async () => {
    const server = await serve({ strict: { contextWindow: 100 }, fallback: { text: 'ok' } });
    const answers = [
      await post(server.url, { messages: [{ role: 'user', content: 'x'.repeat(1_000) }] }),
      await post(server.url, { messages: [user] }),
    ];
    expect(answers.map((response) => response.status)).toEqual([400, 200]);
  });
});

describe('a strict server', () => {
  const tools = [{ type: 'function', function: { name: 'kubectl', parameters: {} } }];

  it.each([
    ['vllm', 400, /--enable-auto-tool-choice/],
    ['ollama', 400, /does not support tools/],
    ['llama.cpp', 500, /--jinja/],
    ['router', 404, /support tool use/],
  ] as const)('without tool calls refuses tools and earlier calls in the words of %s, and nothing else', async (noTools, status, said) => {
    const server = await serve({ strict: { noTools }, fallback: { text: 'ok' } });
    for (const body of [{ messages: [user], tools }, { messages: [user, asked('a'), answer('a')] }]) {
      const response = await post(server.url, body);
      expect([response.status, await response.text()]).toEqual([status, expect.stringMatching(said)]);
    }
    expect((await post(server.url, { messages: [user] })).status).toBe(200);
  });

  it('answers 404 to a model that it does not know, where it should', async () => {
    const server = await serve({ strict: { models: ['a'], unknownModelStatus: 404 }, fallback: { text: 'ok' } });
    const answers = [await post(server.url, { model: 'b', messages: [user] }), await post(server.url, { model: 'a', messages: [user] })];
    expect(answers.map((response) => response.status)).toEqual([404, 200]);
  });

  it.each([
    ['fenced', '```json\n{"name": "kubectl", "arguments": {"command":"get pods"}}\n```'],
    ['tagged', '<tool_call>\n{"name": "kubectl", "arguments": {"command":"get pods"}}\n</tool_call>'],
    ['plain', '{"name": "kubectl", "arguments": {"command":"get pods"}}'],
  ] as const)('writes calls as %s text', async (callsAsText, text) => {
    const server = await serve({ callsAsText, script: [{ toolCalls: [{ name: 'kubectl', arguments: { command: 'get pods' } }] }] });
    const body: unknown = await (await post(server.url, { messages: [user], tools })).json();
    expect(body).toMatchObject({ choices: [{ message: { content: text }, finish_reason: 'stop' }] });
  });

  it('plays the investigation, and gives a request with other instructions plain words', async () => {
    const server = await serve({ script: playInvestigation() });
    const system = (content: string): object => ({ messages: [{ role: 'system', content }, user] });
    const said = async (content: string): Promise<string> => (await post(server.url, system(content))).text();
    const first = await said('You look into clusters.');
    const aside = await said('Sum up what was said so far.');
    expect([first.includes('tool_calls"'), aside.includes('tool_calls"')]).toEqual([true, false]);
    for (const _turn of investigation.slice(2)) await said('You look into clusters.');
    expect(await said('You look into clusters.')).toContain(investigationAnswer);
  });
});

describe('the server on its own', () => {
  it('prints its URL, plays its script, shows what it got and ends with SIGTERM', async () => {
    const program = fileURLToPath(new URL('../src/testing/cli.ts', import.meta.url));
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
    const url = /^url (http:\/\/127\.0\.0\.1:\d+\/v1)$/m.exec(String(line))?.[1] ?? '';
    await fetch(new URL('/__turns', url), { method: 'POST', body: JSON.stringify([{ text: 'first' }]) });
    expect(await (await post(url, { messages: [user] })).json()).toMatchObject({ choices: [{ message: { content: 'first' } }] });
    expect(await (await fetch(new URL('/__requests', url))).json()).toMatchObject([
      { path: '/v1/chat/completions', body: { messages: [user] } },
    ]);
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });

  it('names the strict servers where one is not known', async () => {
    const program = fileURLToPath(new URL('../src/testing/cli.ts', import.meta.url));
    const child = spawn(process.execPath, [program, '--strict-server', 'nothing'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [said] = await once(child.stderr.setEncoding('utf8'), 'data');
    const [code] = await once(child, 'exit');
    expect([code, said]).toEqual([2, expect.stringContaining('window-4096')]);
  });
});
