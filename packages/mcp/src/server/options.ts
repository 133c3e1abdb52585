import type { JsonObject, PolicyRule } from '@kw/agent';
import type { McpManager, McpManagerOptions } from '../client/manager.ts';
import type { McpBackend } from './backend.ts';

/** What only the session knows of the servers behind it. */
export type ExternalPorts = Pick<McpManagerOptions, 'capabilities' | 'answer' | 'onNotification' | 'notice' | 'reserved'>;

/** What an MCP server is made of; each client gets a session of its own. */
export interface McpServerOptions {
  readonly version: string;
  /** Put together at the first request that needs it; asked for each time, so it is to be kept. */
  readonly backend: () => Promise<McpBackend>;
  /** Nothing is changed: said in the listing; the policy of the backend keeps it. */
  readonly readOnly: boolean;
  /** False: whoever is behind the client may not approve, so nobody is asked. Default true. */
  readonly mayApprove?: boolean;
  /** What would allow a call that nobody can be asked about. */
  readonly wayOut: string;
  /** The servers whose tools, prompts and resources are passed on; made anew for each session. */
  readonly external?: (ports: ExternalPorts) => McpManager;
  /** Tells when tools or prompts of our own changed, until the signal is aborted. */
  readonly watch?: (changed: () => void, signal: AbortSignal) => void;
  /** Rules for the calls of tools that are passed on, beside those of the policy. */
  readonly relayRules?: (tool: string) => readonly PolicyRule[];
  /** Lets at most so many calls of our own tools run at once, over all sessions. */
  readonly slots: Slots;
}

/** Places for calls that run at once. */
export interface Slots {
  /** Waits for a place; resolves to the way out. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<() => void>;
}

/** Makes places. */
export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    take: (signal) =>
      new Promise((resolve, reject) => {
        const enter = (): void => {
          signal.removeEventListener('abort', stop);
          let left = false;
          resolve(() => {
            if (!left) leave();
            left = true;
          });
        };
        const stop = (): void => {
          const at = waiting.indexOf(enter);
          if (at !== -1) waiting.splice(at, 1);
          reject(signal.reason);
        };
        if (signal.aborted) return stop();
        if (free > 0) {
          free -= 1;
          enter();
        } else {
          signal.addEventListener('abort', stop, { once: true });
          waiting.push(enter);
        }
      }),
  };
}

/** What a client says of itself. */
export interface ClientFacts {
  readonly name: string;
  readonly version: string;
  readonly capabilities: JsonObject;
}
