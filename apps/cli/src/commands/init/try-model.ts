import type { DraftModels } from './draft.ts';

/** Little, but enough for models that think before they answer. */
const maxOutputTokens = 512;

/** Sends one small request to the current model; gives how long it took. Throws what the request throws. */
export async function tryModel(models: DraftModels, signal: AbortSignal, monotonic: () => number): Promise<number> {
  const since = monotonic();
  const model = models.lookup(models.current);
  const messages = [{ role: 'user' as const, content: 'Answer with the single word: ok' }];
  for await (const event of model.stream({ messages, maxOutputTokens }, { signal })) {
    if (event.type === 'finish') break;
  }
  return monotonic() - since;
}
