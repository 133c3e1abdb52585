import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { HttpOptions } from './http-transport.ts';
import { boundFetch } from './http-transport.ts';

/** The transport of servers from before Streamable HTTP (protocol 2024-11-05): one stream of events, and an address to post to. */
export function sseTransport({ url, headers, authProvider, fetch }: Omit<HttpOptions, 'onCut'>): Transport {
  const bound = boundFetch({ url, headers, fetch });
  return new SSEClientTransport(new URL(url), { fetch: bound, ...(authProvider === undefined ? {} : { authProvider }) });
}
