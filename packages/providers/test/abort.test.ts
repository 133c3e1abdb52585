import { describe, expect, it } from 'vitest';
import type { ModelEvent } from '../src/index.ts';
import { collect, type ServerTurn } from '../src/testing/index.ts';
import { hello, modelAt, serve } from './support.ts';

const reason = { why: 'the user pressed Ctrl-C' };

/** Reads until `count` events came, then gives the promise of the next. */
async function pendingNext(
  stream: AsyncIterable<ModelEvent>,
  count: number,
): Promise<{ readonly next: Promise<IteratorResult<ModelEvent>>; readonly iterator: AsyncIterator<ModelEvent> }> {
  const iterator = stream[Symbol.asyncIterator]();
  for (let read = 0; read < count; read++) await iterator.next();
  return { next: iterator.next(), iterator };
}

describe('an abort', () => {
  it.each([
    ['before the headers', 0, { fault: { type: 'hang' } }],
    ['before the first word', 0, { fault: { type: 'stall', after: 0 } }],
    ['in the text', 1, { text: ['a', 'b'], fault: { type: 'stall', after: 2 } }],
    ['inside a tool call', 0, { toolCalls: [{ name: 'kubectl', arguments: { command: 'get pods' } }], fault: { type: 'stall', after: 3 } }],
    ['after the finish reason', 1, { text: 'a', usage: false, fault: { type: 'stall', after: 3 } }],
  ] satisfies [string, number, ServerTurn][])(
    '%s rejects the pending next() with the very reason, within 1 s, and closes the connection',
    async (_where, count, turn) => {
      const server = await serve({ script: () => turn });
      const controller = new AbortController();
      const { next } = await pendingNext(modelAt(server).stream(hello, { signal: controller.signal }), count);
      await expect.poll(() => server.requests.length).toBe(1);
      const began = performance.now();
      controller.abort(reason);
      await expect(next).rejects.toBe(reason);
      expect(performance.now() - began).toBeLessThan(1_000);
      await expect.poll(() => server.answering(), { timeout: 1_000 }).toBe(0);
      expect(server.requests).toHaveLength(1);
    },
  );

  it('ends the wait before a retry', async () => {
    const server = await serve({ script: () => ({ fault: { type: 'status', status: 429, headers: { 'retry-after': '30' } } }) });
    const controller = new AbortController();
    const { sleepFor } = await import('../src/abort.ts');
    const { next } = await pendingNext(modelAt(server, { sleep: sleepFor }).stream(hello, { signal: controller.signal }), 1);
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
  });

  it('that came before sends nothing', async () => {
    const server = await serve({ fallback: { text: 'x' } });
    await expect(collect(modelAt(server).stream(hello, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
  });

  it('ends a request whose fetch ignores its signal', async () => {
    const server = await serve({});
    const controller = new AbortController();
    const { next } = await pendingNext(
      modelAt(server, { fetch: () => new Promise(() => {}) }).stream(hello, { signal: controller.signal }),
      0,
    );
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
  });
});

describe('a reader that leaves', () => {
  it('closes the connection at once, also while a next() is pending', async () => {
    const server = await serve({ script: () => ({ text: ['a', 'b'], fault: { type: 'stall', after: 2 } }) });
    const { next, iterator } = await pendingNext(modelAt(server).stream(hello), 1);
    const settled = next.catch(() => undefined);
    await iterator.return?.();
    await settled;
    await expect.poll(() => server.answering(), { timeout: 1_000 }).toBe(0);
  });

  it('closes the connection when its loop breaks', async () => {
    const server = await serve({ script: () => ({ text: ['a', 'b'], fault: { type: 'stall', after: 3 } }) });
    for await (const event of modelAt(server).stream(hello)) if (event.type === 'text-delta') break;
    await expect.poll(() => server.answering(), { timeout: 1_000 }).toBe(0);
  });
});
