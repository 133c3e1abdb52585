import { describe, expect, it } from 'vitest';
import { conversationId } from '../src/conversation-id.ts';
import { type ChatRequest, createChatModel } from '../src/index.ts';
import { collect } from '../src/testing/index.ts';
import { events, serveBytes } from './byte-server.ts';

const answer = events('data: {"choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
const ask = (question: string, ...more: ChatRequest['messages']): ChatRequest => ({
  messages: [{ role: 'system', content: 'be brief' }, { role: 'user', content: question }, ...more],
});

describe('the id of a conversation', () => {
  it('keeps the requests of one conversation on one server of the vendor that has a header for it', async () => {
    const server = await serveBytes(answer);
    const model = (): ReturnType<typeof createChatModel> =>
      createChatModel({ preset: 'grok', apiKey: 'k', baseURL: `${server.origin}/v1` });
    await collect(model().stream(ask('why?')));
    await collect(
      model().stream(ask('why?', { role: 'assistant', content: [{ type: 'text', text: 'so' }] }, { role: 'user', content: 'and?' })),
    );
    await collect(model().stream(ask('what?')));
    const ids = server.seen.map(({ headers }) => headers['x-grok-conv-id']);
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
    expect([ids[1] === ids[0], ids[2] === ids[0]]).toEqual([true, false]);
  });

  it('is sent to no other', async () => {
    const server = await serveBytes(answer);
    await collect(createChatModel({ preset: 'qwen', apiKey: 'k', baseURL: `${server.origin}/v1` }).stream(ask('why?')));
    expect(Object.keys(server.seen[0]?.headers ?? {}).filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  it('differs for requests that differ in a letter', () => {
    const ids = Array.from({ length: 500 }, (_, index) => conversationId({ messages: [{ role: 'user', content: `question ${index}` }] }));
    expect(new Set(ids).size).toBe(500);
  });
});
