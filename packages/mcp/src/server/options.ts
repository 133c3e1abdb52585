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
}

/** What a client says of itself. */
export interface ClientFacts {
  readonly name: string;
  readonly version: string;
  readonly capabilities: JsonObject;
}
