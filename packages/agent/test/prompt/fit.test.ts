import type { AssistantMessage, Message, ToolResultMessage } from '@kw/providers';
import { describe, expect, it } from 'vitest';
import { fitToBudget } from '../../src/prompt/fit.ts';
import { messageTokens, toolTokens } from '../../src/prompt/message-cost.ts';

const limits = { contextWindow: 4096, maxOutputTokens: 1024 };
const tools = [{ name: 'kubectl', description: 'Runs kubectl.', parameters: { type: 'object' } }];
const system: Message = { role: 'system', content: 'You are an agent.' };
const user = (content: string): Message => ({ role: 'user', content, origin: 'person' });
const call = (id: string): AssistantMessage => ({
  role: 'assistant',
  content: [{ type: 'tool-call', id, name: 'kubectl', arguments: `{"command":"kubectl get pods -n ${id}"}` }],
});
const result = (id: string, content: string): ToolResultMessage => ({ role: 'tool', callId: id, name: 'kubectl', content, isError: false });
const turn = (index: number, words = 120): readonly Message[] => [
  call(`c${index}`),
  result(`c${index}`, `pod-${index} Running `.repeat(words) + `\n[output:${index}, 99 lines, 9 kB; shown: all]`),
];

const tokensOf = (messages: readonly Message[]): number => messages.reduce((sum, message) => sum + messageTokens(message), 0);
const fit = (messages: readonly Message[]): ReturnType<typeof fitToBudget> => fitToBudget({ messages, tools, limits, answerReserve: 800 });

/** What every provider asks of a history. */
function expectValid(messages: readonly Message[]): void {
  const open = new Set<string>();
  for (const message of messages) {
    if (message.role === 'tool') expect(open.delete(message.callId)).toBe(true);
    else expect([...open]).toEqual([]);
    if (message.role === 'assistant') for (const part of message.content) if (part.type === 'tool-call') open.add(part.id);
  }
  expect([...open]).toEqual([]);
  expect(messages.filter(({ role }) => role !== 'system')[0]?.role).toBe('user');
}

function expectFits(messages: readonly Message[]): void {
  expect(tokensOf(messages) + toolTokens(tools)).toBeLessThanOrEqual(4096 - 800);
  expectValid(messages);
}

describe('a history', () => {
  it('that fits stays the same', () => {
    const messages = [system, user('hello'), ...turn(1, 3)];
    expect(fit(messages)).toEqual({ messages, dropped: 0 });
  });

  it('loses old results first, which keep the name of their output', () => {
    const messages = [system, user('why?'), ...Array.from({ length: 6 }, (_, index) => turn(index + 1)).flat()];
    const { messages: fitted, dropped } = fit(messages);
    expectFits(fitted);
    expect(dropped).toBe(0);
    expect(fitted).toHaveLength(messages.length);
    expect(fitted[3]).toMatchObject({ role: 'tool', content: expect.stringContaining('read_output({"ref":"output:1"})') });
    expect(fitted.at(-1)).toEqual(messages.at(-1));
  });

  it('then loses whole old turns, with a note; the first question stays', () => {
    const messages = [system, user('the first question'), ...Array.from({ length: 80 }, (_, index) => turn(index + 1, 20)).flat()];
    const { messages: fitted, dropped } = fit(messages);
    expectFits(fitted);
    expect(dropped).toBeGreaterThan(50);
    expect(fitted[1]).toMatchObject({ role: 'user', content: expect.stringMatching(/^the first question\n\n\[\d+ earlier messages/) });
    expect(fitted.at(-1)).toEqual(messages.at(-1));
  });

  it('keeps its beginning while a few more turns come, so that prompts are cached', () => {
    const of = (count: number): readonly Message[] =>
      fit([system, user('why?'), ...Array.from({ length: count }, (_, index) => turn(index + 1, 60)).flat()]).messages;
    const same = [10, 11, 12, 13, 14, 15].filter(
      (count) => JSON.stringify(of(count).slice(0, 6)) === JSON.stringify(of(count + 1).slice(0, 6)),
    );
    expect(same.length).toBeGreaterThanOrEqual(4);
  });

  it('keeps calls and results together over several questions', () => {
    const messages = [
      system,
      ...Array.from({ length: 20 }, (_, index) => [
        user(`question ${index}`),
        ...turn(index + 1, 40),
        { role: 'assistant', content: [{ type: 'text', text: `answer ${index} `.repeat(40) }] } satisfies Message,
      ]).flat(),
      user('and now?'),
    ];
    const { messages: fitted } = fit(messages);
    expectFits(fitted);
    expect(fitted.at(-1)).toMatchObject({ role: 'user', content: expect.stringContaining('and now?') });
  });

  it('S182: cuts one huge text of the user in its middle', () => {
    for (const text of ['x'.repeat(200_000), `${'pod web Running '.repeat(350_000)}the end`, '日'.repeat(100_000)]) {
      const { messages: fitted } = fit([system, user(`question first ${text}`)]);
      expectFits(fitted);
      expect(fitted[1]).toMatchObject({ content: expect.stringMatching(/^question first [\s\S]*characters left out/) });
    }
  });

  it('cuts the newest results where they alone are too much', () => {
    const calls: AssistantMessage = { role: 'assistant', content: [1, 2, 3, 4].flatMap((id) => call(`c${id}`).content) };
    const messages = [system, user('why?'), calls, ...[1, 2, 3, 4].map((id) => result(`c${id}`, `row ${id} `.repeat(900)))];
    const { messages: fitted } = fit(messages);
    expectFits(fitted);
    expect(fitted).toHaveLength(messages.length);
  });

  it('keeps the last words of the program', () => {
    const last: Message = { role: 'user', content: 'Answer now, in plain words.', origin: 'program' };
    const { messages: fitted } = fit([system, user('why?'), ...Array.from({ length: 30 }, (_, index) => turn(index + 1)).flat(), last]);
    expectFits(fitted);
    expect(fitted.at(-1)).toEqual(last);
  });

  it('keeps a short question and a short answer beside very much reasoning or a very long answer, whose middle it cuts', () => {
    for (const type of ['text', 'reasoning'] as const) {
      const long: AssistantMessage = { role: 'assistant', content: [{ type, text: `begin ${'word '.repeat(50_000)}end` }] };
      const { messages: fitted, dropped } = fit([system, user('the first question'), long, user('again')]);
      expectFits(fitted);
      expect(dropped).toBe(0);
      expect(fitted[1]).toEqual(user('the first question'));
      expect(JSON.stringify(fitted[2])).toMatch(/begin .*characters left out.* end/s);
    }
  });

  it('never begins with an answer, also where the first question has no place', () => {
    const signed: AssistantMessage = {
      role: 'assistant',
      content: [{ type: 'reasoning', text: 'word '.repeat(50_000), vendor: 'signed' }],
    };
    const { messages: fitted } = fit([system, user('the first question'), signed, user('again')]);
    expectFits(fitted);
  });
});
