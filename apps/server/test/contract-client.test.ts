import { expect, it } from 'vitest';
import { DocumentedClient } from './documented-client.ts';
import { serve } from './scene.ts';

it('S93: the default base URL is http://localhost:8888', () => {
  expect(new DocumentedClient().baseUrl).toBe('http://localhost:8888');
});

it('S94: chat sends session_id null and an empty context, and gets the answer', async () => {
  const { url } = await serve({ turns: [{ text: 'Three pods run.' }] });
  expect((await new DocumentedClient(url).chat('list the pods')).response).toBe('Three pods run.');
});

it('S95, S97: streamChat calls back with deltas and resolves at done', async () => {
  const { url } = await serve({ turns: [{ text: ['Three ', 'pods ', 'run.'] }] });
  let text = '';
  let ends = 0;
  await new DocumentedClient(url).streamChat('list the pods', (data) => {
    text += data.delta ?? '';
    if (data.done === true) ends += 1;
  });
  expect([text, ends]).toEqual(['Three pods run.', 1]);
});

it('S96: an answer of 60 KB of UTF-8 reaches the client that takes network chunks for whole lines, each time', async () => {
  const words = Array.from({ length: 4_000 }, (_, index) => `${index} 漢字 😀 ü\n`);
  const answer = words.join('').slice(0, 37_500).trimEnd();
  expect(new TextEncoder().encode(JSON.stringify(answer)).length).toBeGreaterThan(55_000);
  expect(new TextEncoder().encode(JSON.stringify(answer)).length).toBeLessThan(62_500);
  const { url } = await serve({ turns: () => ({ text: answer.match(/.{1,40}/gsu) ?? [] }) });
  for (let attempt = 0; attempt < 10; attempt += 1) {
    let text = '';
    let response: string | undefined;
    await new DocumentedClient(url).streamChat('x', (data) => {
      text += data.delta ?? '';
      response = data.response ?? response;
    });
    expect(text === answer).toBe(true);
    expect(response === answer).toBe(true);
  }
});

it('S98: getHealth', async () => {
  const { url } = await serve();
  expect((await new DocumentedClient(url).getHealth()).status).toBe('healthy');
});

it('S99: getModels', async () => {
  const { url } = await serve();
  expect((await new DocumentedClient(url).getModels()).models).toContain('deepseek-chat');
});

it('S100: the usage sample prints the text and Completed!', async () => {
  const { url } = await serve({ turns: () => ({ text: ['Hello ', 'world'] }) });
  const printed: string[] = [];
  const client = new DocumentedClient(url);
  const result = await client.chat('list all pods');
  printed.push(result.response);
  await client.streamChat('show cluster status', (data) => {
    if (data.delta !== undefined && data.delta !== '') printed.push(data.delta);
    if (data.done === true) printed.push('Completed!');
  });
  expect(printed[0]).toBe('Hello world');
  expect(printed.slice(1, -1).join('')).toBe('Hello world');
  expect(printed.at(-1)).toBe('Completed!');
});
