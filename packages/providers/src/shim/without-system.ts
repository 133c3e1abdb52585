import type { Message, UserMessage } from '../message.ts';

/** The same messages where a model knows no system: the instructions stand before the user's first words. */
export function withoutSystem(messages: readonly Message[]): readonly Message[] {
  const instructions = messages.flatMap((message) => (message.role === 'system' ? [message.content] : [])).join('\n\n');
  const others = messages.filter((message) => message.role !== 'system');
  if (instructions === '') return others;
  const [first, ...rest] = others;
  if (first?.role !== 'user') return [{ role: 'user', content: instructions }, ...others];
  const joined: UserMessage = { ...first, content: `${instructions}\n\n${first.content}` };
  return [joined, ...rest];
}
