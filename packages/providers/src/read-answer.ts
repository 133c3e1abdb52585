import type { ModelEvent } from './chat-model.ts';
import { convertStreamError, failureOf } from './convert-error.ts';
import type { Outlet } from './channel.ts';
import { type BodyPiece, createEventDecoder } from './decode-events.ts';
import type { Draft } from './draft.ts';
import { wordsOf } from './explain-error.ts';
import type { Endpoint, Failure } from './failure.ts';
import type { JsonValue } from './json.ts';
import { isJsonObject, parseJson } from './parse-json.ts';
import { readBody, type Taken } from './read-body.ts';
import { type Chunk, readChunk } from './read-chunk.ts';
import type { Watchdog } from './watchdog.ts';

/** A failure within an answer, thrown so that the attempt ends. */
export class AnswerFailure extends Error {
  override readonly name = 'AnswerFailure';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.error.message);
    this.failure = failure;
  }
}

/** What reading an answer needs beside the response. */
export interface ReadOptions {
  readonly draft: Draft;
  readonly endpoint: Endpoint;
  readonly signal: AbortSignal;
  readonly watchdog: Watchdog;
  readonly outlet: Outlet<ModelEvent>;
}

/**
 * Reads an answer into a draft and gives its deltas as they come. It returns when the answer is whole: an end marker
 * came, or a finish reason and then nothing more. Throws AnswerFailure, or what broke the connection.
 */
export async function readAnswer(response: Response, { draft, endpoint, signal, watchdog, outlet }: ReadOptions): Promise<void> {
  const decoder = createEventDecoder();
  let over = false;

  const give = (chunk: Chunk): void => {
    for (const delta of draft.add(chunk)) outlet.give(delta);
  };
  /** True where the answer ends with this piece. */
  const take = (piece: BodyPiece): boolean => {
    if (piece.type === 'document') {
      give(readDocument(piece.text, endpoint));
      return true;
    }
    const data = piece.data.trim();
    if (data === '[DONE]') return true;
    const value = parseJson(data);
    if (!isJsonObject(value)) {
      // Broken text costs a few letters; broken pieces of a call would change what runs.
      if (draft.inCall() || data.includes('tool_calls'))
        throw new AnswerFailure(failureOf('connection-reset', 'interrupted', endpoint, wordsOf(endpoint.language).broken.callPiece));
      return false;
    }
    const failed = errorOf(value['error'], piece.name, value);
    if (failed !== undefined) throw new AnswerFailure(convertStreamError(failed, endpoint));
    const chunk = readChunk(value);
    give(chunk);
    if (draft.finishReason() !== undefined) watchdog.enter('end');
    else if (chunk.text !== '' || chunk.reasoning !== '' || chunk.calls.length > 0) watchdog.enter('idle');
    return false;
  };
  const takeAll = (pieces: readonly BodyPiece[]): Taken => {
    for (const piece of pieces) {
      over ||= take(piece);
      if (over) return 'enough';
    }
    return 'more';
  };
  const wait = async (room: Promise<void>): Promise<Taken> => {
    const goOn = watchdog.hold();
    await room;
    goOn();
    return 'more';
  };

  watchdog.enter('first-content');
  try {
    await readBody(response.body ?? new Blob([]).stream(), signal, (bytes) => {
      const taken = takeAll(decoder.push(bytes));
      const room = taken === 'more' ? outlet.room() : undefined;
      return room === undefined ? taken : wait(room);
    });
    if (!over) takeAll(decoder.end());
    if (over) return;
  } catch (error) {
    // What breaks after the finish reason takes nothing away from the answer; an abort of the caller does.
    const left = signal.aborted && !(signal.reason instanceof AnswerFailure);
    if (draft.finishReason() === undefined || left) throw error;
    return;
  }
  if (draft.finishReason() === undefined && (draft.hasDeltas() || draft.inCall())) {
    throw new AnswerFailure(failureOf('connection-reset', 'interrupted', endpoint, wordsOf(endpoint.language).broken.middle));
  }
}

function readDocument(text: string, endpoint: Endpoint): Chunk {
  const value = parseJson(text);
  if (value === undefined) throw new AnswerFailure(failureOf('not-an-api', 'never', endpoint, titleOf(text)));
  const object = Array.isArray(value) ? value[0] : value;
  if (isJsonObject(object) && Array.isArray(object['choices'])) return readChunk(object);
  throw new AnswerFailure(
    isError(object) ? convertStreamError(value, endpoint) : failureOf('not-an-api', 'never', endpoint, text.slice(0, 200)),
  );
}

function isError(value: JsonValue | undefined): boolean {
  return isJsonObject(value) && ['error', 'message', 'detail', 'msg'].some((name) => value[name] !== undefined && value[name] !== null);
}

function errorOf(error: JsonValue | undefined, name: string, whole: JsonValue): JsonValue | undefined {
  if (error !== undefined && error !== null) return error;
  return name === 'error' || (isJsonObject(whole) && whole['object'] === 'error') ? whole : undefined;
}

function titleOf(text: string): string {
  return /<title[^>]*>([^<]*)</i.exec(text)?.[1]?.trim() ?? text.slice(0, 200);
}
