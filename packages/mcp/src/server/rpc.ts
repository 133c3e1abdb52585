import type { JsonObject, JsonValue } from '@kw/agent';

/** What one request of the downstream client brings beside its parameters. */
export interface RequestScope {
  /** Aborted when the client cancels the request or leaves. */
  readonly signal: AbortSignal;
  /** Where the client wants to be told of progress. */
  readonly progressToken?: string | number;
  /** Sends a notification that belongs to this request. */
  notify(method: string, params: JsonObject): Promise<void>;
  /** Asks the client something that belongs to this request. */
  ask(method: string, params: JsonObject, options?: { readonly signal?: AbortSignal; readonly timeoutMs?: number }): Promise<JsonObject>;
}

/** JSON-RPC error codes, https://www.jsonrpc.org/specification#error_object and the MCP specification. */
export const rpcCodes = { methodNotFound: -32_601, invalidParams: -32_602, internal: -32_603, resourceNotFound: -32_002 } as const;

/** An error that is answered with this code, these words and this data, exactly. */
export function rpcError(code: number, message: string, data?: JsonValue): Error {
  return Object.assign(new Error(message), { code, ...(data === undefined ? {} : { data }) });
}
