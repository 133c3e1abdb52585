import type { ToolChunk } from '@kw/agent';
import type { LearnSecrets } from './read-before.ts';
import { maxLearnedUnits } from './read-before.ts';
import { secretValues } from './secret-values.ts';

/** The same chunks; the values of the Secrets among them are known when they are over. */
export async function* learnFrom(chunks: AsyncIterable<ToolChunk>, learn: LearnSecrets): AsyncGenerator<ToolChunk, void, void> {
  let text = '';
  for await (const chunk of chunks) {
    if (chunk.type === 'output' && chunk.stream === 'stdout' && text.length < maxLearnedUnits) text += chunk.text;
    if (chunk.type === 'result') learn(secretValues(text.slice(0, maxLearnedUnits)));
    yield chunk;
  }
}
