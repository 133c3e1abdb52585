import type { JsonObject } from '@kw/agent';
import type { RequestScope } from './rpc.ts';

/** A request under way, as a server's questions see it. */
export interface AskedScope extends RequestScope {
  readonly onAsk?: () => void;
  readonly onAnswer?: () => void;
}

/** Which requests of the client are under way at which server: what a server asks or says meanwhile belongs to the latest one. */
export interface Asks {
  /** Returns the way out. */
  enter(server: string, scope: AskedScope): () => void;
  /** The request that a server works on; undefined where there is none. */
  current(server: string): AskedScope | undefined;
  /** Asks the client in the name of a server. */
  ask(server: string, method: string, params: JsonObject, options: AskOptions): Promise<JsonObject>;
}

/** How the client is asked where no request is under way. */
export interface AskOptions {
  readonly signal: AbortSignal;
  readonly otherwise: RequestScope['ask'];
}

/** A person may take so long, in milliseconds. */
const personMs = 600_000;

/** Makes the book of requests under way. */
export function createAsks(): Asks {
  const active = new Map<string, readonly AskedScope[]>();
  const current = (server: string): AskedScope | undefined => active.get(server)?.at(-1);
  return {
    current,
    enter: (server, scope) => {
      active.set(server, [...(active.get(server) ?? []), scope]);
      return () => {
        active.set(
          server,
          (active.get(server) ?? []).filter((each) => each !== scope),
        );
      };
    },
    ask: async (server, method, params, { signal, otherwise }) => {
      const scope = current(server);
      scope?.onAsk?.();
      try {
        return await (scope?.ask ?? otherwise)(method, params, { signal, timeoutMs: personMs });
      } finally {
        scope?.onAnswer?.();
      }
    },
  };
}
