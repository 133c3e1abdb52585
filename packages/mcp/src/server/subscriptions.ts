import type { McpBackend } from './backend.ts';
import type { ObjectAddress } from './object-uri.ts';
import { rpcCodes, rpcError } from './rpc.ts';

/** The objects of whose changes one client is told. */
export interface Subscriptions {
  /** Resolves when changes are told from now on; a second time for the same address it does nothing. Throws what the watch says. */
  add(uri: string, address: ObjectAddress, signal: AbortSignal): Promise<void>;
  remove(uri: string): Promise<void>;
  /** Ends all of them. */
  close(): Promise<void>;
}

/** What is told of them. */
export interface SubscriptionPorts {
  readonly watch: McpBackend['watch'];
  readonly changed: (uri: string) => void;
  /** A line for people: a watch that ended by itself. */
  readonly say: (text: string) => void;
}

/** Each holds a connection to its cluster. */
const maxSubscriptions = 16;
/** An object that changes without rest is told this often, in milliseconds. */
const apartMs = 1_000;

interface Held {
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

/** Makes the book of a client's subscriptions. */
export function createSubscriptions({ watch, changed, say }: SubscriptionPorts): Subscriptions {
  const held = new Map<string, Held>();
  const remove = async (uri: string): Promise<void> => {
    const found = held.get(uri);
    held.delete(uri);
    found?.stop.abort();
    await found?.over;
  };
  return {
    add: async (uri, address, signal) => {
      if (held.has(uri)) return;
      if (held.size >= maxSubscriptions)
        throw rpcError(
          rpcCodes.invalidParams,
          `changes of ${maxSubscriptions} objects are told already; unsubscribe from one, or read the object again`,
        );
      const stop = new AbortController();
      const told = atMostEach(apartMs, () => changed(uri), stop.signal);
      const begun = watch(address, told, stop.signal);
      const over = begun
        .then(async ({ ended }) => {
          const reason = await ended;
          if (!stop.signal.aborted) say(`changes of ${uri} are told no longer: ${reason}`);
        })
        .catch(() => undefined) // told to whoever subscribed
        .finally(() => {
          if (held.get(uri)?.stop === stop) held.delete(uri);
        });
      held.set(uri, { stop, over });
      const cancel = (): void => stop.abort(signal.reason);
      signal.addEventListener('abort', cancel, { once: true });
      try {
        await begun;
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
    remove,
    close: async () => {
      await Promise.all([...held.keys()].map(remove));
    },
  };
}

/** Calls at once, and again after a rest where more came meanwhile. */
function atMostEach(ms: number, call: () => void, signal: AbortSignal): () => void {
  let resting: NodeJS.Timeout | undefined;
  let again = false;
  signal.addEventListener('abort', () => clearTimeout(resting), { once: true });
  const tell = (): void => {
    if (signal.aborted) return;
    if (resting !== undefined) {
      again = true;
      return;
    }
    call();
    resting = setTimeout(() => {
      resting = undefined;
      if (!again) return;
      again = false;
      tell();
    }, ms);
    resting.unref();
  };
  return tell;
}
