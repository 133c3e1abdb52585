import { type Message, textOf, toolCallsOf } from '@kw/providers';
import { cutMiddle } from '../output/visible.ts';
import type { HistoryGroup } from '../log/history.ts';

const maxQuestionUnits = 4_000;
const maxAnswerUnits = 2_000;
const maxArgumentUnits = 600;
const maxResultUnits = 900;
const outlineUnits = { question: 400, arguments: 160, result: 80 };

/** Old turns as text, for a model to read: questions nearly whole, results by head and tail. */
export function transcriptOf(groups: readonly HistoryGroup[]): string {
  return groups.flatMap(({ messages }) => messages.map(told)).join('\n\n');
}

function told(message: Message): string {
  switch (message.role) {
    case 'system':
      return '';
    case 'user':
      return `${message.origin === 'program' ? 'PROGRAM' : 'USER'}: ${cutMiddle(message.content, maxQuestionUnits)}`;
    case 'tool':
      return `RESULT of ${message.name}: ${cutMiddle(message.content, maxResultUnits)}`;
    case 'assistant': {
      const text = textOf(message).trim();
      const calls = toolCallsOf(message).map((call) => `CALL ${call.name} ${cutMiddle(call.arguments, maxArgumentUnits)}`);
      return ['AGENT:', ...(text === '' ? [] : [cutMiddle(text, maxAnswerUnits)]), ...calls].join('\n');
    }
  }
}

/** Old turns by the program alone, where the model wrote no summary: what was asked, what was called and how it began to answer. */
export function outlineOf(groups: readonly HistoryGroup[]): string {
  return groups.flatMap(({ messages }) => outlined(messages)).join('\n');
}

function outlined(messages: readonly Message[]): readonly string[] {
  const [first] = messages;
  if (first?.role === 'user') return first.origin === 'program' ? [] : [`Asked: ${oneLine(first.content, outlineUnits.question)}`];
  if (first?.role !== 'assistant') return [];
  const results = new Map(messages.flatMap((message) => (message.role === 'tool' ? [[message.callId, message.content] as const] : [])));
  const calls = toolCallsOf(first).map(
    (call) =>
      `- ${call.name} ${oneLine(call.arguments, outlineUnits.arguments)}: ${oneLine(results.get(call.id) ?? '', outlineUnits.result)}`,
  );
  const text = textOf(first).trim();
  return [...calls, ...(calls.length > 0 || text === '' ? [] : [`Answered: ${oneLine(text, outlineUnits.question)}`])];
}

function oneLine(text: string, units: number): string {
  return cutMiddle(text.replace(/\s+/g, ' ').trim(), units);
}
