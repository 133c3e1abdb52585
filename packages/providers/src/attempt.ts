import { linkedAbort, raceAbort } from './abort.ts';
import type { Outlet } from './channel.ts';
import type { ModelEvent } from './chat-model.ts';
import type { Client } from './client.ts';
import { convertError, failureOf } from './convert-error.ts';
import type { Draft } from './draft.ts';
import { wordsOf } from './explain-error.ts';
import type { Endpoint, Failure } from './failure.ts';
import type { JsonValue } from './json.ts';
import { AnswerFailure, readAnswer } from './read-answer.ts';
import { formatWait } from './retry-after.ts';
import { type Phase, startWatchdog, type Timeouts } from './watchdog.ts';

/** What one attempt needs. */
export interface AttemptOptions {
  readonly client: Client;
  readonly body: Readonly<Record<string, JsonValue>>;
  readonly draft: Draft;
  readonly endpoint: Endpoint;
  readonly signal: AbortSignal;
  readonly timeouts: Timeouts;
  readonly monotonic: () => number;
  readonly outlet: Outlet<ModelEvent>;
}

/**
 * One request: gives the deltas as they come and fills the draft; returns the failure that ended it, if one did.
 * Throws only the signal's own reason. Its connection is closed or reusable when it returns.
 */
export async function runAttempt({
  client,
  body,
  draft,
  endpoint,
  signal,
  timeouts,
  monotonic,
  outlet,
}: AttemptOptions): Promise<Failure | undefined> {
  const { controller: own, letGo } = linkedAbort(signal);
  const watchdog = startWatchdog(timeouts, monotonic, (phase, afterMs) =>
    own.abort(new AnswerFailure(stalled(phase, afterMs, draft, endpoint))),
  );
  const combined = own.signal;
  try {
    const response = await raceAbort(client.chat(body, combined), combined);
    await readAnswer(response, { draft, endpoint: withKey(endpoint, client), signal: combined, watchdog, outlet });
    draft.end().forEach(outlet.give);
    return isEmpty(draft) ? failureOf('empty-answer', 'interrupted', endpoint) : undefined;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const begun = draft.hasDeltas() || draft.inCall();
    draft.breakOff().forEach(outlet.give);
    const failure = failureOfThrown(error, own.signal, withKey(endpoint, client));
    return begun && failure.retry !== 'never' ? { ...failure, retry: 'interrupted' } : failure;
  } finally {
    watchdog.stop();
    letGo();
    own.abort();
  }
}

/** A token is known only since it was sent; the scrubber needs it. */
function withKey(endpoint: Endpoint, client: Client): Endpoint {
  const key = client.keyInUse();
  return key === undefined ? endpoint : { ...endpoint, apiKey: key };
}

function failureOfThrown(error: unknown, own: AbortSignal, endpoint: Endpoint): Failure {
  if (own.reason instanceof AnswerFailure) return own.reason.failure;
  return error instanceof AnswerFailure ? error.failure : convertError(error, endpoint);
}

function stalled(phase: Phase, afterMs: number, draft: Draft, endpoint: Endpoint): Failure {
  const { broken } = wordsOf(endpoint.language);
  const say = phase === 'headers' ? broken.headers : phase === 'first-content' ? broken.firstContent : broken.idle;
  return failureOf('stalled', draft.inCall() ? 'interrupted' : 'never', endpoint, say(formatWait(afterMs)));
}

function isEmpty(draft: Draft): boolean {
  const reason = draft.finishReason();
  const cut = reason === 'length' || reason === 'max_tokens' || reason === 'content_filter' || reason === 'sensitive';
  return !cut && draft.calls().length === 0 && draft.text().trim() === '';
}
