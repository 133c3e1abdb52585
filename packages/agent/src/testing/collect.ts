import type { AgentEvent } from '../event.ts';

/** All events of a stream. */
export async function collectEvents(events: AsyncIterable<AgentEvent>): Promise<readonly AgentEvent[]> {
  const all: AgentEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The text that a reader of the events has on the screen: deltas, without those that were discarded. */
export function textOfEvents(events: readonly AgentEvent[]): string {
  let whole = '';
  let current = '';
  for (const event of events) {
    if (event.type === 'text-delta') current += event.text;
    if (event.type === 'message-discarded') current = '';
    if (event.type === 'turn-end') {
      whole += current;
      current = '';
    }
  }
  return whole + current;
}

/** The first event of a type. */
export function eventOf<T extends AgentEvent['type']>(events: readonly AgentEvent[], type: T): Extract<AgentEvent, { type: T }> {
  for (const event of events) if (isEvent(event, type)) return event;
  throw new Error(`no event ${type} among: ${events.map((event) => event.type).join(', ')}`);
}

function isEvent<T extends AgentEvent['type']>(event: AgentEvent, type: T): event is Extract<AgentEvent, { type: T }> {
  return event.type === type;
}
