import { adaptQuirks } from './adapt-quirks.ts';
import { runAttempt } from './attempt.ts';
import type { Outlet } from './channel.ts';
import type { ChatRequest, Finish, ModelEvent, Retry, TextDelta, ReasoningDelta } from './chat-model.ts';
import type { Client } from './client.ts';
import { conclude } from './conclude.ts';
import { createDraft, type Draft } from './draft.ts';
import { encodeRequest } from './encode-request.ts';
import { estimateUsage } from './estimate-tokens.ts';
import { explain } from './explain-error.ts';
import type { Endpoint, Failure } from './failure.ts';
import type { Quirks } from './quirks.ts';
import { nextTally, retryDelay, type RetryLimits, retryMessage, type RetryTally, startTally } from './retry.ts';
import { callsDoNotWork, describesTools, gateFor, hasCallsAmidWords, readsCallText } from './shim/tool-use.ts';
import { toldWindow } from './told-window.ts';
import type { Timeouts } from './watchdog.ts';

/** What a stream needs of the model that it belongs to. */
export interface StreamContext {
  readonly client: Client;
  readonly timeouts: Timeouts;
  readonly retry: RetryLimits;
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly makeId: () => string;
  /** The endpoint as it is now: the model's name may change once. */
  endpoint(): Endpoint;
  quirks(): Quirks;
  learn(quirks: Quirks): void;
  /** The vendor said how large the model's window is. */
  learnWindow(tokens: number): void;
  /** True the first time that it is asked with a word: for what is told to people once. */
  firstTime(word: string): boolean;
  /** Whether `firstTime` was asked with a word. */
  knows(word: string): boolean;
  /** Goes on with the successor of a retired name: says so, or gives the error with near names. */
  replaceModel(failure: Failure, signal: AbortSignal): Promise<{ readonly message: string } | { readonly error: Error }>;
  /** The name that answers in place of the one that was asked for. */
  modelUsed(): string | undefined;
}

const maxAdaptations = 4;

/** What a failed request leaves. */
interface Remains {
  /** The last draft that holds text. */
  readonly kept: Draft | undefined;
  /** The draft whose deltas stand. */
  readonly shown: Draft;
  readonly tally: RetryTally;
  readonly request: ChatRequest;
}

/** Sends a request until it is answered or must fail. Throws KwError, or the signal's own reason. */
export async function streamAnswer(
  request: ChatRequest,
  outlet: Outlet<ModelEvent>,
  { signal, context }: { readonly signal: AbortSignal; readonly context: StreamContext },
): Promise<void> {
  let tally = startTally(context.monotonic());
  let adaptations = 0;
  let saved: Draft | undefined;
  /** What is told before a request is sent anew is heard first. */
  const tell = (retry: Retry): Promise<void> => {
    outlet.give(retry);
    return outlet.asked();
  };
  for (;;) {
    const draft = createDraft(gateFor(request, context.quirks().toolUse));
    const { client, timeouts, monotonic } = context;
    const endpoint = context.endpoint();
    const body = encodeRequest(endpoint.model, request, context.quirks());
    const failure = await runAttempt({ client, body, draft, endpoint, signal, timeouts, monotonic, outlet });
    if (failure === undefined) {
      if (draft.hasTextCalls() && context.quirks().toolUse !== 'shim' && context.firstTime('call-as-text'))
        outlet.give(notice('call-as-text', readsCallText[endpoint.language], tally));
      if (adaptations < maxAdaptations && writesCallsInProse(draft, request, context)) {
        adaptations += 1;
        context.learn({ ...context.quirks(), toolUse: 'shim' });
        await tell({ ...notice('call-as-text', callsDoNotWork[endpoint.language], tally), discarded: draft.hasDeltas() });
        continue;
      }
      finishEvents(draft, request, context).forEach(outlet.give);
      return;
    }
    const adapted = adaptations < maxAdaptations ? adaptQuirks(failure, context.quirks()) : undefined;
    if (adapted !== undefined) {
      adaptations += 1;
      context.learn(adapted);
      continue;
    }
    if (failure.code === 'tools-unsupported' && context.quirks().toolUse === 'auto') {
      context.learn({ ...context.quirks(), toolUse: 'shim' });
      await tell(notice(failure.code, describesTools[endpoint.language](endpoint.model), tally));
      continue;
    }
    const window =
      failure.code === 'context-length-exceeded' ? toldWindow(String(failure.error.details['vendorMessage'] ?? '')) : undefined;
    if (window !== undefined) context.learnWindow(window);
    if (failure.code === 'model-not-found') {
      const replaced = await context.replaceModel(failure, signal);
      if ('error' in replaced) throw replaced.error;
      await tell(notice(failure.code, replaced.message, tally));
      continue;
    }
    const delayMs = retryDelay(failure, tally, { nowMs: monotonic(), random: context.random, limits: context.retry });
    if (delayMs === undefined) {
      giveUp(failure, { kept: hasText(draft) ? draft : saved, shown: draft, tally, request }, context).forEach(outlet.give);
      return;
    }
    if (hasText(draft)) saved = draft;
    await tell({
      type: 'retry',
      attempt: tally.attempts,
      delayMs,
      code: failure.code,
      message: retryMessage(failure, delayMs, endpoint.language),
      discarded: draft.hasDeltas(),
    });
    await context.sleep(delayMs, signal);
    tally = nextTally(tally, failure.retry, monotonic());
  }
}

/** Something that people are told; nothing of the answer is void. */
function notice(code: string, message: string, { attempts }: RetryTally): Retry {
  return { type: 'retry', attempt: attempts, delayMs: 0, code, message, discarded: false };
}

/**
 * Whether a model writes calls of offered tools amid its words, and the server never gave a call of its own: its tool
 * calls do not work. What stands amid words is not run; the model is asked anew in a form that was agreed on.
 */
function writesCallsInProse(draft: Draft, request: ChatRequest, context: StreamContext): boolean {
  const called = draft.calls().length > 0;
  if (called && !draft.hasTextCalls()) context.firstTime('native-call');
  if (called || context.quirks().toolUse !== 'auto' || context.knows('native-call')) return false;
  return hasCallsAmidWords(draft.text(), request);
}

function finishEvents(draft: Draft, request: ChatRequest, context: StreamContext): readonly ModelEvent[] {
  const { reason, calls, cutCalls } = conclude(draft, request.messages, context.makeId);
  const message = { role: 'assistant', content: [...draft.parts(), ...calls] } as const;
  const finish: Finish = {
    type: 'finish',
    reason,
    message,
    usage: draft.usage() ?? estimateUsage(request, message),
    ...modelUsed(context),
    ...(cutCalls === undefined ? {} : { cutCalls }),
  };
  return [...calls, finish];
}

/** The end of a request that failed for good: what text there is, is kept; else the error is thrown. */
function giveUp(failure: Failure, { kept, shown, tally, request }: Remains, context: StreamContext): readonly ModelEvent[] {
  const filtered = failure.code === 'content-filter';
  const mayPass = failure.retry !== 'never' || failure.code === 'stalled';
  if (kept === undefined || !(filtered || mayPass)) throw withAttempts(failure, tally, context.endpoint());
  const again: readonly (TextDelta | ReasoningDelta)[] =
    kept === shown ? [] : kept.parts().map(({ type, text }) => ({ type: `${type}-delta`, text }));
  const message = { role: 'assistant', content: kept.parts() } as const;
  const cut = kept.calls().map(({ name, arguments: text }) => ({ name, arguments: text }));
  const finish: Finish = {
    type: 'finish',
    reason: filtered ? 'content-filter' : 'unknown',
    message,
    usage: kept.usage() ?? estimateUsage(request, message),
    ...modelUsed(context),
    ...(cut.length === 0 ? {} : { cutCalls: cut }),
    ...(filtered ? {} : { partial: true }),
  };
  return [...again, finish];
}

function modelUsed(context: StreamContext): Pick<Finish, 'modelUsed'> {
  const name = context.modelUsed();
  return name === undefined ? {} : { modelUsed: name };
}

function withAttempts(failure: Failure, tally: RetryTally, endpoint: Endpoint): Error {
  if (tally.attempts < 2 || failure.retry === 'never') return failure.error;
  const { status, vendorMessage, retryAfterMs } = failure.error.details;
  return explain(failure.code, endpoint, {
    attempts: tally.attempts,
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof vendorMessage === 'string' ? { said: vendorMessage } : {}),
    ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
  });
}

function hasText(draft: Draft): boolean {
  return draft.text().trim() !== '';
}
