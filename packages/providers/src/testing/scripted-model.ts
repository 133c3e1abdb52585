import type { ChatModel, ChatRequest, Finish, FinishReason, ModelEvent, ModelLimits, Retry, Usage } from '../chat-model.ts';
import { checkHistory } from '../check-history.ts';
import { KwError } from '../error.ts';
import { estimateUsage } from '../estimate-tokens.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { AssistantPart, ToolCall } from '../message.ts';
import { cancellable } from '../cancellable.ts';

/** A tool call of a scripted turn. */
export interface ScriptedCall {
  /** Default `call_1`, `call_2` and so on, through the whole script. */
  readonly id?: string;
  readonly name: string;
  /** An object is written as JSON; a string is taken byte for byte. */
  readonly arguments: string | JsonObject;
  readonly vendor?: JsonValue;
}

/** One answer of a scripted model; everything is played in the order of the fields. */
export interface ScriptedTurn {
  /** Retries that are announced before the answer. */
  readonly retries?: readonly Omit<Retry, 'type'>[];
  readonly reasoning?: string | readonly string[];
  /** Opaque vendor data of the reasoning. */
  readonly reasoningVendor?: JsonValue;
  /** One delta, or several. */
  readonly text?: string | readonly string[];
  readonly toolCalls?: readonly ScriptedCall[];
  /** Waits before each delta; gets the request's signal. */
  readonly wait?: (signal: AbortSignal) => Promise<void>;
  /** Thrown after the text, in place of calls and finish. */
  readonly error?: Error;
  readonly reason?: FinishReason;
  readonly usage?: Usage;
  readonly modelUsed?: string;
  readonly cutCalls?: Finish['cutCalls'];
  readonly partial?: boolean;
}

/** Turns in order, or a function that makes the turn of a request. */
export type ModelScript = readonly ScriptedTurn[] | ((request: ChatRequest, index: number) => ScriptedTurn);

/** What a scripted model pretends to be. */
export interface ScriptedModelOptions {
  readonly provider?: string;
  readonly id?: string;
  readonly limits?: Partial<ModelLimits>;
}

/** A chat model that plays a script and keeps the requests that it got. */
export interface ScriptedModel extends ChatModel {
  readonly requests: readonly ChatRequest[];
}

/**
 * A chat model for tests, without network: plays its turns in order and refuses a history that a vendor would refuse.
 * Throws KwError `script-exhausted` for a request beyond the last turn, and `invalid-history`.
 */
export function scriptedModel(script: ModelScript, options: ScriptedModelOptions = {}): ScriptedModel {
  const requests: ChatRequest[] = [];
  let calls = 0;
  const nextId = (): string => `call_${++calls}`;
  return {
    provider: options.provider ?? 'scripted',
    id: options.id ?? 'scripted',
    limits: { contextWindow: 128_000, maxOutputTokens: 8_192, ...options.limits },
    requests,
    stream: (request, { signal } = {}) =>
      cancellable(async function* (inner) {
        inner.throwIfAborted();
        checkHistory(request.messages);
        requests.push(structuredClone(request));
        const index = requests.length - 1;
        const turn = typeof script === 'function' ? script(request, index) : script[index];
        if (turn === undefined) throw new KwError('script-exhausted', `the scripted model has no turn ${index + 1}`);
        yield* playTurn(turn, request, inner, nextId);
      }, signal),
  };
}

async function* playTurn(
  turn: ScriptedTurn,
  request: ChatRequest,
  signal: AbortSignal,
  nextId: () => string,
): AsyncGenerator<ModelEvent, void> {
  for (const retry of turn.retries ?? []) yield { type: 'retry', ...retry };
  const content: AssistantPart[] = [];
  for (const type of ['reasoning', 'text'] as const) {
    const deltas = listOf(turn[type]);
    for (const text of deltas) {
      await turn.wait?.(signal);
      signal.throwIfAborted();
      yield { type: `${type}-delta`, text };
    }
    const vendor = type === 'reasoning' && turn.reasoningVendor !== undefined ? { vendor: turn.reasoningVendor } : {};
    if (deltas.length > 0) content.push({ type, text: deltas.join(''), ...vendor });
  }
  if (deltasMissing(turn)) await turn.wait?.(signal);
  signal.throwIfAborted();
  if (turn.error !== undefined) throw turn.error;
  for (const scripted of turn.toolCalls ?? []) {
    const call: ToolCall = {
      type: 'tool-call',
      id: scripted.id ?? nextId(),
      name: scripted.name,
      arguments: typeof scripted.arguments === 'string' ? scripted.arguments : JSON.stringify(scripted.arguments),
      ...(scripted.vendor === undefined ? {} : { vendor: scripted.vendor }),
    };
    content.push(call);
    yield call;
  }
  const message = { role: 'assistant', content } as const;
  yield {
    type: 'finish',
    reason: turn.reason ?? (turn.toolCalls === undefined || turn.toolCalls.length === 0 ? 'stop' : 'tool-calls'),
    message,
    usage: turn.usage ?? estimateUsage(request, message),
    ...(turn.modelUsed === undefined ? {} : { modelUsed: turn.modelUsed }),
    ...(turn.cutCalls === undefined ? {} : { cutCalls: turn.cutCalls }),
    ...(turn.partial === undefined ? {} : { partial: turn.partial }),
  };
}

function listOf(text: string | readonly string[] | undefined): readonly string[] {
  return typeof text === 'string' ? [text] : (text ?? []);
}

function deltasMissing(turn: ScriptedTurn): boolean {
  return listOf(turn.reasoning).length + listOf(turn.text).length === 0;
}
