import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startScriptedServer } from '@kw/providers/testing';
import { expect, it, onTestFinished } from 'vitest';
import { ask, createPlace } from './support.ts';

/** A server whose tool asks the user before it answers. */
const asking = `
import { createInterface } from 'node:readline';
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
let calling;
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, result } = JSON.parse(line);
  if (method === 'initialize') send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'a', version: '1' } } });
  else if (method === 'tools/list') send({ id, result: { tools: [{ name: 'restart', inputSchema: { type: 'object' } }] } });
  else if (method === 'tools/call') {
    calling = id;
    send({ id: 'q', method: 'elicitation/create', params: { message: 'Which cluster?', requestedSchema: { type: 'object', properties: { name: { type: 'string' } } } } });
  } else if (id === 'q') send({ id: calling, result: { content: [{ type: 'text', text: 'the user said ' + result.action }] } });
}).on('close', () => process.exit(0));
`;

it('a question of a server that nobody can be asked is declined, and reader and model are told whose it was and why', async () => {
  const model = await startScriptedServer({ fallback: { text: 'Nobody answered.' } });
  onTestFinished(() => model.close());
  const place = await createPlace({
    OPENAI_ENDPOINT: model.url,
    OPENAI_API_KEY: 'sk-declined-0123456789',
    PATH: process.env['PATH'] ?? '',
  });
  onTestFinished(() => place.remove());
  await mkdir(join(place.home, '.config/kubelet-wuhrai'), { recursive: true });
  await writeFile(join(place.home, 'asking.mjs'), asking);
  const servers = [{ name: 'ops', command: process.execPath, args: [join(place.home, 'asking.mjs')], trust: true }];
  await writeFile(join(place.home, '.config/kubelet-wuhrai/mcp.yaml'), JSON.stringify({ servers }), { mode: 0o600 });
  const told: string[] = [];
  const flags = {
    'llm-provider': 'openai-compatible',
    model: 'm',
    'mcp-client': true,
    'skip-permissions': true,
    'dangerously-allow': true,
  };
  const runtime = await place.runtime(flags, { onWarning: (line) => told.push(line) });
  model.enqueue({ toolCalls: [{ name: 'ops__restart', arguments: {} }] }, { text: 'Nobody answered.' });
  const events = await ask(runtime, 'restart it');
  const words = /MCP server \\?"ops\\?" asked for the user's answer, and here nobody can be asked.*Which cluster\?/;
  const results = events.filter(({ type }) => type === 'tool-result').map((event) => JSON.stringify(event));
  expect(results).toEqual([expect.stringContaining('the user said decline')]);
  expect(JSON.stringify(model.chats().at(-1)?.body)).toMatch(words);
  expect(told).toEqual([expect.stringMatching(words)]);
});
