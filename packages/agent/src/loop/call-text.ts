import { readTextCalls } from '@kw/providers';

export { mayBeCallText } from '@kw/providers';

/** The tool that a text calls, where the text is nothing but calls of offered tools. */
export function callTextOf(text: string, tools: ReadonlySet<string>): string | undefined {
  const reading = readTextCalls(text, { tools: [...tools].map((name) => ({ name })), where: 'nothing-else' });
  return reading.type === 'calls' ? (reading.calls.find(({ name }) => name !== '')?.name ?? 'a tool') : undefined;
}
