import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentEvent } from '@kw/agent';
import { type ScriptedServer, startScriptedServer } from '@kw/providers/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Runtime } from '../src/index.ts';
import { ask, createPlace, type Place } from './support.ts';

/** A server whose tool asks the user, with the fields of its first argument, before it answers. */
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
    send({ id: 'q', method: 'elicitation/create', params: { message: 'Restart all?', requestedSchema: { type: 'object', ...JSON.parse(process.argv[2]) } } });
  } else if (id === 'q') send({ id: calling, result: { content: [{ type: 'text', text: 'the user said ' + JSON.stringify(result) }] } });
}).on('close', () => process.exit(0));
`;

const name = { properties: { name: { type: 'string' } }, required: ['name'] };
const confirm = { properties: { confirm: { type: 'boolean' }, tries: { type: 'integer', default: 3 } }, required: ['confirm'] };

let model: ScriptedServer;
let place: Place;
let told: string[];

beforeEach(async () => {
  told = [];
  model = await startScriptedServer({ fallback: { text: 'Done.' } });
  place = await createPlace({ OPENAI_ENDPOINT: model.url, OPENAI_API_KEY: 'sk-questions-0123456789', PATH: process.env['PATH'] ?? '' });
  await mkdir(join(place.home, '.config/kubelet-wuhrai'), { recursive: true });
  await writeFile(join(place.home, 'asking.mjs'), asking);
});
afterEach(async () => {
  await place.remove();
  await model.close();
});

async function runtimeWith(schema: object): Promise<Runtime> {
  const servers = [
    { name: 'ops', command: process.execPath, args: [join(place.home, 'asking.mjs'), JSON.stringify(schema)], trust: true, timeout: '30s' },
  ];
  await writeFile(join(place.home, '.config/kubelet-wuhrai/mcp.yaml'), JSON.stringify({ servers }), { mode: 0o600 });
  model.enqueue({ toolCalls: [{ name: 'ops__restart', arguments: {} }] }, { text: 'Done.' });
  const flags = {
    'llm-provider': 'openai-compatible',
    model: 'm',
    'mcp-client': true,
    'skip-permissions': true,
    'dangerously-allow': true,
  };
  return place.runtime(flags, { onWarning: (line) => told.push(line) });
}

const resultsOf = (events: readonly AgentEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'tool-result' ? [event.content] : []));

/** A run that nobody sits in front of, as in the service; questions are answered by whoever reads the log. */
async function serve(runtime: Runtime, decision: 'approve' | 'deny'): Promise<readonly AgentEvent[]> {
  const over = new AbortController();
  const driving = runtime.runs.drive(over.signal);
  const ref = await runtime.runs.start({ text: 'restart it' }, runtime.principal);
  const events: AgentEvent[] = [];
  for await (const event of runtime.runs.follow(ref)) {
    events.push(event);
    if (event.type === 'approval-request') await runtime.runs.answer(event.request.approvalId, { decision }, runtime.principal);
  }
  over.abort();
  await driving;
  return events;
}

describe('a question of an MCP server where nobody sits in front', () => {
  it.each([
    ['approve', 'the user said {"action":"accept","content":{"tries":3,"confirm":true}}'],
    ['deny', 'the user said {"action":"decline"}'],
  ] as const)('that yes or no answers stands in the log of the run, and %s answers it', async (decision, result) => {
    const events = await serve(await runtimeWith(confirm), decision);
    const [question] = events.flatMap((event) => (event.type === 'approval-request' ? [event.request] : []));
    expect(question).toMatchObject({
      question: true,
      tool: 'ops__restart',
      summary: 'MCP server "ops" asks: Restart all?',
      reasons: ['an approval tells the server confirm = true, tries = 3, a denial declines'],
    });
    expect(resultsOf(events)).toEqual([result]);
    expect(told).toEqual([]);
  });

  it('that wants more than a yes is declined, and reader and model are told whose it was and why', async () => {
    const events = await serve(await runtimeWith(name), 'approve');
    const words = 'MCP server "ops" asked for the user\'s answer, and it was declined, since it wants more than a yes (name)';
    expect(resultsOf(events)).toEqual([expect.stringMatching(/^the user said \{"action":"decline"\}\n/)]);
    expect(resultsOf(events)[0]).toContain(words);
    expect(JSON.stringify(model.chats().at(-1)?.body)).toContain('it wants more than a yes (name)');
    expect(told).toEqual([expect.stringContaining(words)]);
  });

  it('is declined in a run whose approvals nobody can give, and that is told', async () => {
    const events = await ask(await runtimeWith(confirm), 'restart it');
    expect(resultsOf(events)[0]).toMatch(
      /"decline"[\s\S]*MCP server "ops" asked .* since nobody can be asked in this run: "Restart all\?"/,
    );
    expect(told).toHaveLength(1);
  });
});
