import { describe, expect, it } from 'vitest';
import { collect, type ServerTurn, type Wire } from '../src/testing/index.ts';
import { hello, modelAt, serve, withTools } from './support.ts';

const turn: ServerTurn = {
  reasoning: ['让我', '想想 🤔'],
  text: ['Pods: ', 'наблюдение — “ок”, ', '你好，世界 👩‍👩‍👧‍👦\r\n', 'data: [DONE]\n\n', '\ufeffend'],
  toolCalls: [{ id: 'a', name: 'kubectl', arguments: '{"command":"get pods -l a=\\"ü,\\"", "emoji":"🚀"}', fragments: 20 }],
};
const text = 'Pods: наблюдение — “ок”, 你好，世界 👩‍👩‍👧‍👦\r\ndata: [DONE]\n\n\ufeffend';

const wires: Wire[] = [
  {},
  { newline: '\r\n' },
  { newline: '\r' },
  { bom: true },
  { multiline: true },
  { heartbeats: true },
  { packetBytes: 1 },
  { packetBytes: 3, newline: '\r\n', bom: true, heartbeats: true },
  { packetBytes: 1, newline: '\r', multiline: true },
  { contentType: 'application/octet-stream' },
];

describe('reliability 15: bytes on the wire', () => {
  it.each(wires)('the same text and the same arguments, exactly: %j', async (wire) => {
    const server = await serve({ script: [{ ...turn, wire }] });
    const result = await collect(modelAt(server).stream(withTools));
    expect(result.text).toBe(text);
    expect(result.reasoning).toBe('让我想想 🤔');
    expect(result.finish.message.content.at(-1)).toEqual({
      type: 'tool-call',
      id: 'a',
      name: 'kubectl',
      arguments: '{"command":"get pods -l a=\\"ü,\\"", "emoji":"🚀"}',
    });
  });

  it('ends at an end marker of bare CR on a connection that stays open', async () => {
    const server = await serve({ script: [{ text: 'done', wire: { newline: '\r' }, fault: { type: 'keep-open' } }] });
    expect((await collect(modelAt(server, { timeouts: { endMs: 100 } }).stream(hello))).text).toBe('done');
  });

  it('never gives half a letter where the vendor cuts it', async () => {
    const delta = (content: string): object => ({ choices: [{ index: 0, delta: { content } }] });
    const raw = [delta('a\ud83d'), delta('\ude80b'), { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }];
    const server = await serve({ script: [{ chunks: JSON.parse(JSON.stringify(raw)) }] });
    const { events } = await collect(modelAt(server).stream(hello));
    expect(events.slice(0, 2)).toEqual([
      { type: 'text-delta', text: 'a' },
      { type: 'text-delta', text: '🚀b' },
    ]);
  });
});

describe('reliability 16: sizes', () => {
  it('holds 20,000 deltas, 5 MB of text, 2 MB of reasoning and an 8 MB line in less than 200 MB', async () => {
    const kilobyte = 'x'.repeat(1_024);
    const server = await serve({
      script: [
        { text: Array.from({ length: 20_000 }, (_, index) => `${index} `) },
        { text: Array.from({ length: 5_000 }, () => kilobyte), reasoning: Array.from({ length: 2_000 }, () => kilobyte) },
        { text: kilobyte.repeat(8_192) },
      ],
    });
    const model = modelAt(server);
    const before = process.memoryUsage().rss;
    let peak = before;
    let longestPauseMs = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
      longestPauseMs = Math.max(longestPauseMs, performance.now() - last);
      last = performance.now();
    }, 20);
    const lengths: number[] = [];
    for (let index = 0; index < 3; index++) lengths.push((await collect(model.stream(hello))).text.length);
    clearInterval(watch);
    expect(lengths).toEqual([108_890, 5_000 * 1_024, 8_192 * 1_024]);
    expect((peak - before) / 1e6).toBeLessThan(200);
    expect(longestPauseMs).toBeLessThan(1_000);
  });
});
