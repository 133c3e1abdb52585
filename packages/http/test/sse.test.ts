import { expect, it } from 'vitest';
import { eventStream } from '../src/sse.ts';
import type { TextSink, TextStream } from '../src/text-stream.ts';

const limits = { heartbeatMs: 1, maxQueueBytes: 65_536, stallMs: 10_000 };

/** Sends one last event to a reader that takes what waits only now and then. */
async function sent(
  response: string,
  { stallMs = limits.stallMs, reads = true } = {},
): Promise<{ text: string; end: string; most: number; longest: number }> {
  const texts: string[] = [];
  let waiting = 0;
  let most = 0;
  const { promise, resolve } = Promise.withResolvers<string>();
  const streams: TextStream[] = [];
  const event = { delta: '', session_id: 's', status: 'completed', done: true, response } as const;
  eventStream(
    async function* () {
      yield { cursor: '3:0', event };
    },
    {
      limits: { ...limits, stallMs },
      toFailure: () => ({ code: 'x', message: 'x' }),
      take: (stream) => void streams.push(stream),
    },
  );
  const sink: TextSink = {
    write: (text) => {
      texts.push(text);
      waiting += text.length;
      most = Math.max(most, waiting);
    },
    waiting: () => waiting,
    end: () => resolve('end'),
    cut: () => resolve('cut'),
  };
  const opened = streams[0]?.open(sink);
  const reading = setInterval(() => {
    if (!reads) return;
    waiting = 0;
    opened?.drained();
  }, 5);
  const end = await promise;
  clearInterval(reading);
  return { text: texts.join(''), end, most, longest: Math.max(...texts.map(({ length }) => length)) };
}

it('a very long event goes out in pieces as the reader takes them, with nothing in between and no letter cut', async () => {
  const response = `a${'😀'.repeat(200_000)}`;
  const { text, end, most, longest } = await sent(response);
  expect(end).toBe('end');
  expect(longest).toBeLessThanOrEqual(32_768);
  expect(most).toBeLessThan(2 * limits.maxQueueBytes);
  const line = text.split('\n').find((one) => one.startsWith('data: ')) ?? '';
  expect(JSON.parse(line.slice('data: '.length))).toMatchObject({ done: true, response });
});

it('an event that fits into a network read or two is one piece', async () => {
  const { longest } = await sent('b'.repeat(100_000));
  expect(longest).toBeGreaterThan(100_000);
});

it('a reader that stops in the middle of an event is cut off, not ended', async () => {
  expect((await sent('c'.repeat(1_000_000), { stallMs: 20, reads: false })).end).toBe('cut');
});
