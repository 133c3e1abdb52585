import type { Calls, OutputStore, Redactor, Tool } from '@kw/agent';
import type { ObjectAddress } from './object-uri.ts';

/** A prompt of the user's own. */
export interface UserPrompt {
  readonly name: string;
  readonly description?: string;
  /** `{{name}}` stands for an argument. */
  readonly text: string;
}

/** A watch that has begun. */
export interface Watching {
  /** Resolves, never rejects, to why it ended. */
  readonly ended: Promise<string>;
}

/** What the server acts with; put together at the first request that needs it. */
export interface McpBackend {
  /** The tools of our own, as they are at the moment. */
  readonly tools: () => readonly Tool[];
  /** The way of one client's calls. */
  readonly calls: (caller: { readonly name: string; readonly version: string }) => Calls;
  readonly outputs: OutputStore;
  readonly redactor: Redactor;
  /** The contexts of the kubeconfig. */
  readonly contexts: () => Promise<readonly string[]>;
  /** Begins to tell of changes of an object, until the signal is aborted. Throws what the cluster says. */
  readonly watch: (address: ObjectAddress, changed: () => void, signal: AbortSignal) => Promise<Watching>;
  readonly prompts: () => Promise<readonly UserPrompt[]>;
}
