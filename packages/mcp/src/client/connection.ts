import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '@kw/agent';
import { isRecord, jsonObject, wordsOf } from '../json.ts';
import { brokenOff } from './failure.ts';
import { noValidator } from './no-validator.ts';

/** What a server may ask of us, raw; throw for an answer with an error. */
export type AnswerServer = (method: string, params: JsonObject, signal: AbortSignal) => Promise<JsonObject>;

/** How a request is made. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Told of each progress; each lets the time limit begin anew, up to ten times of it. */
  readonly onProgress?: (progress: JsonObject) => void;
}

/** What a connection is made with. */
export interface ConnectionOptions {
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly capabilities: JsonObject;
  readonly answer: AnswerServer;
  readonly onNotification: (method: string, params: JsonObject) => void;
  readonly onEnd: (reason: string | undefined) => void;
  readonly timeoutMs: number;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  /** Opens the way; `onCut` is to be told of answers that broke off. */
  readonly open: (onCut: (requestId: number) => void) => Transport;
}

/** One initialized connection to a server. */
export interface Connection {
  readonly capabilities: JsonObject;
  readonly serverInfo: JsonObject;
  readonly instructions?: string;
  /** Throws what the server answered, or why there is no answer. */
  request(method: string, params: JsonObject, options?: RequestOptions): Promise<JsonObject>;
  notify(method: string, params?: JsonObject): Promise<void>;
  close(): Promise<void>;
}

/** Chunks that are on their way are waited for before an answer counts as broken off. */
const cutGraceMs = 100;
const longestTimes = 10;

/** Opens a connection and initializes it. Throws where the server cannot be started, reached or understood. */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { clientInfo, capabilities, answer, onNotification, onEnd, timeoutMs } = options;
  const pending = new Map<number, AbortController>();
  const cut = (id: number): void => {
    setTimeout(() => pending.get(id)?.abort(new Error(brokenOff)), cutGraceMs);
  };
  const transport = options.open(cut);
  const sent = watchSent(transport);
  let lastError: string | undefined;
  const client = new Client({ ...clientInfo }, { capabilities: { ...capabilities }, jsonSchemaValidator: noValidator });
  client.fallbackRequestHandler = async ({ method, params }, { signal }) => answer(method, jsonObject(params), signal);
  client.fallbackNotificationHandler = async ({ method, params }) => onNotification(method, jsonObject(params));
  client.onerror = (error) => {
    lastError = wordsOf(error);
    // Nothing will bring these answers any more.
    if (/Maximum reconnection attempts|Failed to reconnect/.test(lastError)) for (const id of pending.keys()) cut(id);
  };
  client.onclose = () => onEnd(lastError);
  try {
    await client.connect(transport, { timeout: timeoutMs, signal: options.signal });
  } catch (error) {
    await client.close().catch(() => undefined); // the first failure is the one to tell
    throw error;
  }
  const instructions = client.getInstructions();
  return {
    capabilities: jsonObject(client.getServerCapabilities()),
    serverInfo: jsonObject(client.getServerVersion()),
    ...(instructions === undefined ? {} : { instructions }),
    request: async (method, params, { signal, timeoutMs: ownMs = timeoutMs, onProgress } = {}) => {
      const over = new AbortController();
      const limit = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
      const answered = client.request({ method, params: { ...params } }, ResultSchema, {
        signal: limit,
        timeout: ownMs,
        resetTimeoutOnProgress: true,
        maxTotalTimeout: ownMs * longestTimes,
        ...(onProgress === undefined ? {} : { onprogress: (progress) => onProgress(jsonObject(progress)) }),
      });
      const id = sent.lastId();
      if (id !== undefined) pending.set(id, over);
      try {
        return jsonObject(await answered);
      } catch (error) {
        if (over.signal.aborted) throw over.signal.reason;
        throw error;
      } finally {
        if (id !== undefined) pending.delete(id);
      }
    },
    notify: (method, params) => client.notification({ method, ...(params === undefined ? {} : { params: { ...params } }) }),
    close: () => client.close(),
  };
}

/** Requests are sent in the same turn in which they are made, so the id of the last one is known at once. */
function watchSent(transport: Transport): { readonly lastId: () => number | undefined } {
  let last: number | undefined;
  const send = transport.send.bind(transport);
  transport.send = (message: JSONRPCMessage, options) => {
    if (isRecord(message) && 'method' in message && 'id' in message && typeof message.id === 'number') last = message.id;
    return send(message, options);
  };
  return { lastId: () => last };
}
