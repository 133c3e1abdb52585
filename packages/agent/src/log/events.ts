import type { AssistantPart } from '@kw/providers';
import { toolCallsOf } from '@kw/providers';
import { defined } from '../defined.ts';
import type { AssistantEntry, Entry, StoredEntry } from '../entry.ts';
import type { AgentEvent } from '../event.ts';
import { type Place, toCursor } from './cursor.ts';
import { deltaPieces } from './delta-pieces.ts';

type Bare<E> = E extends AgentEvent ? Omit<E, 'session' | 'runId' | 'cursor'> : never;

/** An event before it has its place. */
export type BareEvent = Bare<AgentEvent>;

/** An event with its place, and the place as numbers. */
export interface Placed {
  readonly event: AgentEvent;
  readonly place: Place;
}

/** The events of one entry for a reader who stands at `from`, which must lie before the entry. */
export function* eventsOf(session: string, stored: StoredEntry, from: Place): Iterable<Placed> {
  const { entry, seq } = stored;
  const at = (event: BareEvent, place: Place): Placed => ({
    event: { ...event, session, runId: entry.runId, cursor: toCursor(place) },
    place,
  });
  if (entry.type === 'assistant-message') {
    yield* messageEvents(entry, { seq, from, at });
    return;
  }
  const event = eventOf(entry);
  if (event !== undefined) yield at(event, { seq, offset: entry.type === 'message-discarded' ? 0 : from.offset });
}

/** Where a reader stands who has taken all events of an entry. */
export function afterEntry({ entry, seq }: StoredEntry, from: Place): Place {
  return { seq, offset: entry.type === 'assistant-message' || entry.type === 'message-discarded' ? 0 : from.offset };
}

interface MessageScope {
  readonly seq: number;
  readonly from: Place;
  readonly at: (event: BareEvent, place: Place) => Placed;
}

/** The rest of the text, then one event per call, then the end; only the last one carries the entry's own seq. */
function* messageEvents(entry: AssistantEntry, { seq, from, at }: MessageScope): Iterable<Placed> {
  let offset = 0;
  for (const part of entry.message.content) {
    if (part.type === 'tool-call') continue;
    const text = part.text.slice(Math.max(0, from.offset - offset));
    offset += part.text.length;
    let delivered = offset - text.length;
    for (const piece of deltaPieces(text)) {
      delivered += piece.length;
      yield at(deltaOf(part, piece), { seq: seq - 1, offset: delivered });
    }
  }
  for (const call of toolCallsOf(entry.message)) {
    offset += 1;
    if (offset > from.offset)
      yield at({ type: 'tool-call', callId: call.id, tool: call.name, arguments: call.arguments }, { seq: seq - 1, offset });
  }
  yield at(
    {
      type: 'turn-end',
      turn: entry.turn,
      finish: entry.finish,
      usage: entry.usage,
      ...defined({ modelUsed: entry.modelUsed, partial: entry.partial, cost: entry.cost }),
    },
    { seq, offset: 0 },
  );
}

function deltaOf(part: AssistantPart, text: string): BareEvent {
  return part.type === 'reasoning' ? { type: 'reasoning-delta', text } : { type: 'text-delta', text };
}

function eventOf(entry: Exclude<Entry, AssistantEntry>): BareEvent | undefined {
  switch (entry.type) {
    case 'run-start':
      return { type: 'run-start', settings: entry.settings, query: entry.message.content, ...defined({ target: entry.target }) };
    case 'message-discarded':
      return { type: 'message-discarded', code: entry.code, reason: entry.reason };
    case 'retry':
      return { type: 'retry', attempt: entry.attempt, delayMs: entry.delayMs, code: entry.code, message: entry.message };
    case 'tool-intent':
      return {
        type: 'tool-start',
        callId: entry.callId,
        tool: entry.tool,
        summary: entry.summary,
        effect: entry.effect,
        traits: entry.traits,
        ...defined({ grantId: entry.grantId }),
      };
    case 'tool-result':
      return {
        type: 'tool-result',
        callId: entry.message.callId,
        tool: entry.message.name,
        outcome: entry.outcome,
        isError: entry.message.isError,
        content: entry.message.content,
        durationMs: entry.durationMs,
        ...defined({ summary: entry.summary, exitCode: entry.exitCode, output: entry.output, outputBytes: entry.outputBytes }),
      };
    case 'approval-request':
      return { type: 'approval-request', request: entry.request };
    case 'approval-response':
      return { type: 'approval-response', response: entry.response };
    case 'run-parked':
      return { type: 'run-parked', approvalId: entry.approvalId };
    case 'run-resumed':
      return { type: 'run-resumed', because: entry.because };
    case 'run-end':
      return {
        type: 'run-end',
        outcome: entry.outcome,
        usage: entry.usage,
        turns: entry.turns,
        unanswered: entry.unanswered,
        ...defined({ cost: entry.cost, context: entry.context }),
      };
    case 'context-compacted':
      return { type: 'context-compacted', before: entry.before, after: entry.after, turns: entry.turns };
    case 'notice':
      return { type: 'notice', code: entry.code, message: entry.message };
    case 'program-message':
    case 'cancel-request':
    case 'grant-revoked':
      return undefined;
  }
}
