import { expect, it } from 'vitest';
import { serve } from './scene.ts';

it('a last event that is larger than the queue arrives whole, also at a reader that takes its time', async () => {
  const text = Array.from({ length: 100_000 }, (_, index) => String(index)).join(' ');
  const { url } = await serve({ turns: [{ text }] });
  const response = await fetch(`${url}/api/v1/chat/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'x' }),
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let all = '';
  for (;;) {
    const { done = true, value = '' } = (await reader?.read()) ?? {};
    if (done) break;
    all += value;
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  const last = all.trimEnd().split('\n').at(-1) ?? '';
  expect(JSON.parse(last.slice('data: '.length))).toMatchObject({ done: true, response: text });
});
