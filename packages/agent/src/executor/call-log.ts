import type { ToolCall } from '@kw/providers';
import { isKwError } from '@kw/providers';
import { createMutex } from '../async/mutex.ts';
import type { Clock } from '../clock.ts';
import { defined } from '../defined.ts';
import type { Entry, RunSettings } from '../entry.ts';
import type { Random } from '../ids.ts';
import { newSessionId, runIdOf } from '../ids.ts';
import { noUsage } from '../log/usage.ts';
import type { Principal } from '../principal.ts';
import type { Redactor } from '../redact/redactor.ts';
import type { SessionStore } from '../session-store.ts';
import type { RunTarget } from '../target.ts';
import type { CallResult } from './scope.ts';

/** The log of calls that no model made: a session of its own, and in it one run for each call. */
export interface CallLog {
  /** The session's id; it is made at the first call. Throws KwError `store-unavailable`. */
  session(): Promise<string>;
  nextRunId(): Promise<string>;
  /** Throws KwError `store-unavailable`. */
  append(entries: readonly Entry[]): Promise<void>;
}

/** What a log is made with. */
export interface CallLogOptions {
  readonly store: SessionStore;
  readonly by: Principal;
  readonly title: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** Opens a log. Nothing of it is ever to be driven: a call ends with the process that makes it. */
export function createCallLog({ store, by, title, clock, random }: CallLogOptions): CallLog {
  const exclusive = createMutex();
  let made: Promise<string> | undefined;
  let head = 0;
  let runs = 0;
  const session = (): Promise<string> => {
    made ??= store.create({ id: newSessionId(clock.now(), random), owner: by, title }).then(
      ({ id }) => id,
      (error: unknown) => {
        made = undefined; // tried again by the next call
        throw error;
      },
    );
    return made;
  };
  return {
    session,
    nextRunId: async () => {
      const id = await session();
      runs += 1;
      return runIdOf(id, runs);
    },
    append: (entries) =>
      exclusive(async () => {
        const id = await session();
        for (;;) {
          const result = await store.append(id, entries, { expectedHead: head, work: { type: 'none' } });
          if (result.type === 'lease-lost') return; // without a lease none can be lost
          head = result.head;
          if (result.type === 'appended') return;
        }
      }),
  };
}

/** One call as entries: what was asked for, and how it ended. */
export interface CallEntries {
  readonly begin: () => readonly Entry[];
  readonly end: (result: CallResult) => readonly Entry[];
}

/** What the entries of a call are made of. */
export interface CallFacts {
  readonly runId: string;
  readonly call: ToolCall;
  readonly settings: RunSettings;
  readonly by: Principal;
  readonly target: RunTarget | undefined;
  readonly redactor: Redactor;
}

/** The entries of a call, redacted. */
export function callEntries({ runId, call, settings, by, target, redactor }: CallFacts): CallEntries {
  const shown = redactor.text(call.arguments);
  return {
    begin: () => [
      {
        type: 'run-start',
        runId,
        message: { role: 'user', content: `${call.name} ${shown}`, origin: 'program' },
        settings,
        by,
        ...defined({ target }),
      },
      {
        type: 'assistant-message',
        runId,
        turn: 1,
        message: { role: 'assistant', content: [{ ...call, arguments: shown }] },
        finish: 'tool-calls',
        usage: noUsage,
        units: 0,
        ...(shown === call.arguments ? {} : { redactedCalls: [call.id] }),
      },
    ],
    end: ({ content, isError, ...facts }) => [
      { type: 'tool-result', runId, message: { role: 'tool', callId: call.id, name: call.name, content, isError }, ...facts },
      {
        type: 'run-end',
        runId,
        outcome:
          facts.outcome === 'cancelled'
            ? { type: 'cancelled', reason: 'the caller cancelled it' }
            : { type: 'completed', answer: isError ? 'failed' : 'done' },
        usage: noUsage,
        turns: 1,
        unanswered: facts.unanswered === true ? 1 : 0,
      },
    ],
  };
}

/** True for a store that does not take or give anything at the moment. */
export function isUnavailable(error: unknown): boolean {
  return isKwError(error) && error.code === 'store-unavailable';
}
