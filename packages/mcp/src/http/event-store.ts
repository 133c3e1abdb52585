import type { EventStore } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

/** Bounds of what one session keeps for clients that come back. */
export interface EventLimits {
  readonly maxEvents: number;
  readonly maxUnits: number;
}

interface Kept {
  readonly number: number;
  readonly stream: string;
  readonly message: JSONRPCMessage;
  readonly units: number;
}

/** Keeps the last events of a session, so that a stream can be gone on with by Last-Event-ID. */
export function eventStore({ maxEvents, maxUnits }: EventLimits): EventStore {
  let kept: readonly Kept[] = [];
  let last = 0;
  let units = 0;
  const placeOf = (id: string): { readonly stream: string; readonly number: number } | undefined => {
    const [, stream, number] = /^(.+)-(\d+)$/.exec(id) ?? [];
    return stream === undefined ? undefined : { stream, number: Number(number) };
  };
  return {
    storeEvent: async (stream, message) => {
      last += 1;
      const event = { number: last, stream, message, units: JSON.stringify(message).length };
      units += event.units;
      kept = [...kept, event];
      while (kept.length > maxEvents || (units > maxUnits && kept.length > 1)) {
        units -= kept[0]?.units ?? 0;
        kept = kept.slice(1);
      }
      return `${stream}-${event.number}`;
    },
    getStreamIdForEventId: async (id) => placeOf(id)?.stream,
    replayEventsAfter: async (id, { send }) => {
      const place = placeOf(id);
      if (place === undefined) throw new Error(`${id} is no event of this server`);
      for (const { number, stream, message } of kept) {
        const isMessage = 'jsonrpc' in message; // the first event of a stream has no message
        if (stream === place.stream && number > place.number && isMessage) await send(`${stream}-${number}`, message);
      }
      return place.stream;
    },
  };
}
