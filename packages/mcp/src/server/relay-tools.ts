import type { CallResult, JsonObject, JsonValue, Redactor, Tool } from '@kw/agent';
import { failureKind } from '../client/failure.ts';
import type { NamedTool } from '../client/names.ts';
import { isRecord, jsonObject, textOf, wordsOf } from '../json.ts';
import { idleLimit } from '../tools/idle-limit.ts';
import { longestMs, toTool } from '../tools/mcp-tools.ts';
import type { Asks } from './asks.ts';
import type { RequestScope } from './rpc.ts';
import { rpcError } from './rpc.ts';

/** A relayed call: the tool for the executor, and what the server answered. */
export interface RelayedCall {
  readonly tool: Tool;
  /** The answer for the client: the server's own where the call ran, its error as it is, else the executor's words. */
  readonly answer: (result: CallResult) => JsonObject;
}

/** What a relayed call is made with. */
export interface RelayOptions {
  /** The client's parameters, as they came. */
  readonly params: JsonObject;
  readonly scope: RequestScope;
  readonly asks: Asks;
  readonly redactor: Redactor;
}

/** Makes a call of a server's tool that keeps the structure of what is answered; only texts in it are redacted. */
export function relayedCall(named: NamedTool, { params, scope, asks, redactor }: RelayOptions): RelayedCall {
  const { upstream, original } = named;
  let raw: JsonObject | undefined;
  let failure: unknown;
  const tool = toTool(named, async (_named, { arguments: given }, { signal }) => {
    const limit = idleLimit(upstream.config.timeoutMs);
    const leave = asks.enter(upstream.config.name, { ...scope, onAsk: limit.pause, onAnswer: limit.begin });
    try {
      raw = await upstream.request(
        'tools/call',
        { ...withoutToken(params), name: original, ...(given === undefined ? {} : { arguments: given }) },
        {
          signal: AbortSignal.any([signal, limit.signal]),
          timeoutMs: longestMs,
          ...(scope.progressToken === undefined
            ? {}
            : {
                onProgress: (progress) => {
                  limit.begin();
                  void scope
                    .notify('notifications/progress', { ...redacted(progress, redactor), progressToken: scope.progressToken ?? 0 })
                    .catch(() => undefined); // the client left
                },
              }),
        },
      );
      return raw;
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      limit.end();
      leave();
    }
  });
  return {
    tool,
    answer: (result) => {
      if (result.outcome === 'ran' && raw !== undefined) return redactedResult(raw, redactor);
      if (failureKind(failure) === 'answered') throw relayedError(failure, redactor);
      return { content: [{ type: 'text', text: result.content }], isError: true };
    },
  };
}

/** An upstream's error as it is: code, words, data. */
export function relayedError(error: unknown, redactor: Redactor): Error {
  const code = isRecord(error) && typeof error['code'] === 'number' ? error['code'] : -32_603;
  const data = isRecord(error) && error['data'] !== undefined ? redactor.json(jsonValue(error['data'])) : undefined;
  return rpcError(code, redactor.text(wordsOf(error).replace(/^(?:MCP error -?\d+: )+/, '')), data);
}

/** A result with its texts redacted; pictures, sounds and files stay as they are. */
export function redactedResult(result: JsonObject, redactor: Redactor): JsonObject {
  return redacted(result, redactor);
}

function redacted(value: JsonObject, redactor: Redactor): JsonObject {
  const binary = new Map<string, string>();
  // What is base64 by its place is taken out of the redactor's way and put back.
  const hidden = hide(value, binary);
  return jsonObject(binary.size === 0 ? redactor.json(value) : restore(redactor.json(hidden), binary));
}

function hide(value: JsonValue, binary: Map<string, string>): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => hide(item, binary));
  if (!isRecord(value)) return value;
  const record = jsonObject(value);
  const key = binaryKey(record);
  return Object.fromEntries(
    Object.entries(record).map(([name, member]): [string, JsonValue] => {
      if (name === 'structuredContent') return [name, member]; // data of any shape: nothing in it is binary by its place
      if (name !== key || typeof member !== 'string' || !/^[A-Za-z0-9+/_=\s-]*$/.test(member)) return [name, hide(member, binary)];
      const id = `binary ${binary.size}`;
      binary.set(id, member);
      return [name, id];
    }),
  );
}

/** The member that holds base64 by the specification: of pictures and sounds with their type, of a resource's content with its address. */
function binaryKey(record: JsonObject): 'data' | 'blob' | undefined {
  const type = textOf(record, 'type');
  if (type === 'image' || type === 'audio') return typeof record['mimeType'] === 'string' ? 'data' : undefined;
  return typeof record['blob'] === 'string' && typeof record['uri'] === 'string' ? 'blob' : undefined;
}

function restore(value: JsonValue, binary: ReadonlyMap<string, string>): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => restore(item, binary));
  if (!isRecord(value)) return value;
  const record = jsonObject(value);
  const key = binaryKey(record);
  return Object.fromEntries(
    Object.entries(record).map(([name, member]): [string, JsonValue] => {
      if (name === 'structuredContent') return [name, member];
      return [name, name === key && typeof member === 'string' ? (binary.get(member) ?? member) : restore(member, binary)];
    }),
  );
}

function withoutToken(params: JsonObject): JsonObject {
  const { _meta: meta, ...rest } = params;
  if (!isRecord(meta)) return rest;
  const { progressToken: _, ...others } = jsonObject(meta);
  return Object.keys(others).length === 0 ? rest : { ...rest, _meta: others };
}

function jsonValue(value: unknown): JsonValue {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it came out of JSON.parse
  return value as JsonValue;
}
