import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonValue } from '../json.ts';
import { answerOf, chunksOf, type Fault, type ServerTurn } from './server-turn.ts';
import { encodeEvent, writeBytes } from './write-events.ts';

/** What playing a turn needs. */
export interface PlayOptions {
  readonly model: string;
  readonly streamed: boolean;
  readonly nextId: () => string;
  /** Aborted when the client leaves or the server closes. */
  readonly signal: AbortSignal;
}

/** Writes a turn, with its fault, to a response. */
export async function playTurn(response: ServerResponse, turn: ServerTurn, options: PlayOptions): Promise<void> {
  const { fault, wire = {} } = turn;
  if (await playWithoutStream(response, turn, options)) return;
  response.writeHead(200, { 'content-type': wire.contentType ?? 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  response.flushHeaders();
  if (wire.bom === true) response.write('\ufeff');
  const chunks = fault?.type === 'empty' ? [] : chunksOf(turn, options.model, options.nextId);
  const stop = stopAt(fault, chunks);
  for (const [at, chunk] of chunks.entries()) {
    if (at === stop && (await interrupt(response, fault, options.signal))) return;
    if (turn.delayMs !== undefined) await sleep(turn.delayMs, undefined, { signal: options.signal });
    if (wire.heartbeats === true) await writeBytes(response, encodeEvent(undefined, wire), wire, options.signal);
    await writeBytes(response, encodeEvent(JSON.stringify(chunk), wire), wire, options.signal);
  }
  if (stop >= chunks.length && (await interrupt(response, fault, options.signal))) return;
  if (fault?.type !== 'no-done') await writeBytes(response, encodeEvent('[DONE]', wire), wire, options.signal);
  if (fault?.type !== 'keep-open') response.end();
}

/** Faults and requests that have no stream; true where the response is done. */
async function playWithoutStream(response: ServerResponse, turn: ServerTurn, { model, streamed, nextId }: PlayOptions): Promise<boolean> {
  const { fault } = turn;
  switch (fault?.type) {
    case 'status':
      json(response, fault.status, fault.body ?? { error: { message: `scripted status ${fault.status}` } }, fault.headers);
      return true;
    case 'redirect':
      response.writeHead(fault.status ?? 307, { location: fault.location }).end();
      return true;
    case 'html':
      response
        .writeHead(fault.status ?? 200, { 'content-type': 'text/html' })
        .end('<!doctype html><html><head><title>Welcome</title></head><body>Hello</body></html>');
      return true;
    case 'json':
      json(response, 200, fault.body);
      return true;
    case 'hang':
      return true;
    case 'reset':
      if (fault.after === 'before-headers') response.socket?.resetAndDestroy();
      return fault.after === 'before-headers';
    default:
      if (streamed && fault?.type !== 'json-answer') return false;
      json(response, 200, answerOf(turn, model, nextId));
      return true;
  }
}

function json(response: ServerResponse, status: number, body: JsonValue, headers: Readonly<Record<string, string>> = {}): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json', ...headers }).end(text);
}

/** The chunk before which a fault strikes. */
function stopAt(fault: Fault | undefined, chunks: readonly JsonValue[]): number {
  if (fault === undefined || !('after' in fault) || fault.after === undefined || fault.after === 'before-headers')
    return Number.POSITIVE_INFINITY;
  if (fault.after !== 'in-call') return fault.after;
  return chunks.findIndex((chunk) => JSON.stringify(chunk).includes('"tool_calls":[')) + 2;
}

/** Lets a fault strike in the middle; true where the answer ends there. */
async function interrupt(response: ServerResponse, fault: Fault | undefined, signal: AbortSignal): Promise<boolean> {
  switch (fault?.type) {
    case 'reset':
      await flushed(response);
      response.socket?.resetAndDestroy();
      return true;
    case 'end':
      response.end();
      return true;
    case 'stall':
      if (fault.heartbeatMs !== undefined)
        while (!signal.aborted) {
          response.write(': keep-alive\n\n');
          await sleep(fault.heartbeatMs, undefined, { signal });
        }
      return true;
    case 'garbage':
      response.write(`data: ${fault.text ?? '{"choices":[{"delta":{"content":"lost'}\n\n`);
      return false;
    case 'error-object':
      response.write(`data: ${JSON.stringify({ error: fault.error })}\n\n`);
      response.end();
      return true;
    default:
      return false;
  }
}

/** Gives the bytes that were written a moment to leave before the connection is reset. */
async function flushed(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    response.write(': \n\n', () => resolve());
  });
  await sleep(30);
}
