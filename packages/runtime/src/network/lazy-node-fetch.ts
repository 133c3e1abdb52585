import type { FetchFunction } from '@kw/providers';
import type { NodeFetch } from './node-fetch.ts';

/** Connecting takes at most so long; the built-in fetch has the same limit. */
const connectTimeoutMs = 10_000;

/** The fetch on node:http, loaded by its first request. */
export function lazyNodeFetch(): { readonly fetch: FetchFunction; close(): Promise<void> } {
  let made: Promise<NodeFetch> | undefined;
  let ready: NodeFetch | undefined;
  const load = async (): Promise<NodeFetch> => {
    const { createNodeFetch } = await import('./node-fetch.ts');
    ready = createNodeFetch({ connectTimeoutMs });
    return ready;
  };
  return {
    fetch: async (input, init) => {
      made ??= load();
      return (ready ?? (await made)).fetch(input, init);
    },
    close: async () => (await made)?.close(),
  };
}
