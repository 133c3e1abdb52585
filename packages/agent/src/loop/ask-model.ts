import type { ChatRequest, Finish, ModelEvent, ReasoningPart, TextPart } from '@kw/providers';
import { createAbortRace } from '../async/abort-race.ts';
import type { DiscardedEntry } from '../entry.ts';
import { createDraft, type Draft, redactedParts, withVendor } from './draft.ts';
import { callTextOf } from './call-text.ts';
import type { RunScope } from './scope.ts';

/** What came of one request. */
export type Answer =
  | {
      readonly type: 'answer';
      readonly finish: Finish;
      /** Text and reasoning as they were shown, redacted. */
      readonly parts: readonly (TextPart | ReasoningPart)[];
      /** What was shown is not what the message holds: readers begin anew with it. */
      readonly discard?: DiscardedEntry;
    }
  /** The text is nothing but a tool call; nothing of it was shown. */
  | { readonly type: 'call-text'; readonly finish: Finish; readonly text: string; readonly name: string }
  /** It failed after `parts` were shown. */
  | { readonly type: 'broken'; readonly error: unknown; readonly parts: readonly (TextPart | ReasoningPart)[] };

/** Sends one request and shows its answer as it comes; retries are written down. */
export async function askModel(request: ChatRequest, scope: RunScope, signal: AbortSignal): Promise<Answer> {
  const { ledger, partials, redactor, runId } = scope;
  const show = partials.write;
  const tools = new Set(scope.tools().map((tool) => tool.name));
  let draft: Draft = createDraft(redactor, show);
  const iterator = scope.model.stream(request, { signal, runId })[Symbol.asyncIterator]();
  const abort = createAbortRace(signal);
  try {
    for (;;) {
      const next = await abort.race(iterator.next());
      if (next.done === true) return broken(new Error('the model ended its answer without an end'), draft);
      const event: ModelEvent = next.value;
      switch (event.type) {
        case 'text-delta':
          draft.add('text', event.text);
          break;
        case 'reasoning-delta':
          draft.add('reasoning', event.text);
          break;
        case 'tool-call':
          break; // it stands in the finished message as well
        case 'retry': {
          const { attempt, delayMs, code } = event;
          const message = redactor.text(event.message);
          if (event.discarded) {
            await partials.settle();
            await ledger.append(runId, [{ type: 'message-discarded', runId, text: draft.text(), code, reason: message }], {
              endsPartial: true,
            });
            draft = createDraft(redactor, show);
          }
          await ledger.append(runId, [{ type: 'retry', runId, attempt, delayMs, code, message }]);
          break;
        }
        case 'finish': {
          const name = nameOfCallText(event, draft, tools);
          return name === undefined ? answer(event, draft, scope) : { type: 'call-text', finish: event, text: draft.text(), name };
        }
      }
    }
  } catch (error) {
    scope.leftover(Promise.resolve(iterator.return?.()).catch(() => undefined)); // its failure is the one that is told
    return broken(error, draft);
  } finally {
    abort.leave();
  }
}

function broken(error: unknown, draft: Draft): Answer {
  return { type: 'broken', error, parts: draft.end() };
}

function nameOfCallText({ message }: Finish, draft: Draft, tools: ReadonlySet<string>): string | undefined {
  const held = draft.held();
  if (held === undefined || message.content.some((part) => part.type === 'tool-call')) return undefined;
  return callTextOf(held, tools);
}

function answer(finish: Finish, draft: Draft, { redactor, runId }: RunScope): Answer {
  const shown = draft.end();
  const parts = withVendor(shown, finish.message, redactor);
  if (parts !== undefined) return { type: 'answer', finish, parts };
  const own = redactedParts(finish.message, redactor);
  if (shown.length === 0) return { type: 'answer', finish, parts: own };
  const text = shown.map((part) => part.text).join('');
  return {
    type: 'answer',
    finish,
    parts: own,
    discard: {
      type: 'message-discarded',
      runId,
      text,
      code: 'message-differs',
      reason: 'the finished message differs from what came in pieces',
    },
  };
}
