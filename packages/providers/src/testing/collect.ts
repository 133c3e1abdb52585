import type { Finish, ModelEvent } from '../chat-model.ts';

/** What a stream came to. */
export interface Collected {
  readonly events: readonly ModelEvent[];
  /** The text of the deltas that were not made void by a retry. */
  readonly text: string;
  readonly reasoning: string;
  readonly finish: Finish;
}

/** Reads a stream to its end and checks that it has exactly one finish, which is its last event. Throws what the stream throws. */
export async function collect(stream: AsyncIterable<ModelEvent>): Promise<Collected> {
  const events: ModelEvent[] = [];
  let text = '';
  let reasoning = '';
  for await (const event of stream) {
    events.push(event);
    if (event.type === 'text-delta') text += event.text;
    if (event.type === 'reasoning-delta') reasoning += event.text;
    if (event.type === 'retry' && event.discarded) {
      text = '';
      reasoning = '';
    }
  }
  const finish = events.at(-1);
  if (finish?.type !== 'finish' || events.filter((event) => event.type === 'finish').length !== 1)
    throw new Error('a stream must end with its only finish');
  return { events, text, reasoning, finish };
}
