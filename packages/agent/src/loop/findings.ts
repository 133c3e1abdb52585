import { textOf } from '@kw/providers';
import type { RunView } from '../log/view.ts';

const maxLines = 20;
const maxCharacters = 2_000;

/** The best that a run has found: the last words of the model, else the head of its last good result. */
export function findingsOf(run: RunView): string {
  const said = run.messages
    .toReversed()
    .map((entry) => textOf(entry.message).trim())
    .find((text) => text !== '');
  if (said !== undefined) return said;
  const result = [...run.calls.values()]
    .toReversed()
    .find((call) => call.result?.outcome === 'ran' && !call.result.message.isError)?.result;
  if (result === undefined) return '';
  const head = result.message.content.split('\n').slice(0, maxLines).join('\n').slice(0, maxCharacters);
  return `${result.summary ?? result.message.name}:\n\n\`\`\`\n${head}\n\`\`\``;
}
