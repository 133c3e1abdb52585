import { KubectlAIError } from './error.ts';
import { createEventParser } from './parse-events.ts';
import type { StreamEvent, WireCursor } from './wire.ts';

/** An event with the place after it. */
export interface StreamMessage {
  readonly event: StreamEvent;
  /** Where a reader that has taken this event may go on; undefined where the server sent none. */
  readonly cursor: WireCursor | undefined;
}

/** Reads the events of an answer, however the network cuts it and of any size. Leaving the loop closes the connection. */
export async function* readEvents(response: Response): AsyncGenerator<StreamMessage> {
  if (response.body === null) return;
  const parse = createEventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const { data, id } of parse(value)) yield { event: parseEvent(data), cursor: toCursor(id) };
    }
  } finally {
    await reader.cancel().catch(() => {}); // it may be broken already
  }
}

/** A cursor as the server writes it; undefined where it is none. */
export function toCursor(text: string | undefined): WireCursor | undefined {
  const match = /^(\d+):(\d+)$/.exec(text ?? '');
  return match === null ? undefined : `${Number(match[1])}:${Number(match[2])}`;
}

function parseEvent(data: string): StreamEvent {
  try {
    const event: StreamEvent = JSON.parse(data); // the wire contract
    return event;
  } catch (cause) {
    throw new KubectlAIError('broken-event', `The server sent an event that is not JSON: ${data.slice(0, 80)}`, { cause });
  }
}
