import { isKubectlAIError } from '@kw/sdk-js';
import type { Client, StreamMessage } from '@kw/sdk-js';
import { useCallback, useEffect, useReducer, useRef } from 'preact/hooks';
import type { Answer } from '../parts/approval-card.tsx';
import type { Place } from '../parts/place-picker.tsx';
import { emptyChat, reduce } from './chat.ts';
import type { Chat } from './chat.ts';

/** A conversation and what can be done with it. */
export interface Conversation {
  readonly chat: Chat;
  readonly busy: boolean;
  readonly ask: (text: string, place: Place) => void;
  readonly stop: () => void;
  readonly answer: (approvalId: string, answer: Answer) => Promise<void>;
  readonly open: (sessionId: string) => Promise<void>;
  readonly reset: () => void;
}

/** Holds one conversation over the service; the run goes on there whatever becomes of this page. */
export function useChat(client: Client, onChange: () => void): Conversation {
  const [chat, dispatch] = useReducer(reduce, emptyChat);
  const reading = useRef<AbortController>(undefined);
  const last = chat.exchanges.at(-1);
  const runId = last?.runId;

  const leave = useCallback((): AbortSignal => {
    reading.current?.abort(new DOMException('another conversation is shown', 'AbortError'));
    reading.current = new AbortController();
    return reading.current.signal;
  }, []);

  const read = useCallback(
    async (messages: AsyncIterable<StreamMessage>, signal: AbortSignal): Promise<void> => {
      try {
        for await (const { event, cursor } of messages) {
          if (signal.aborted) return;
          dispatch({ type: 'event', event, cursor, now: Date.now() });
          if (event.activity?.type === 'run-start' || event.status === 'awaiting_approval' || event.done) onChange();
        }
      } catch (error) {
        if (!signal.aborted) dispatch({ type: 'fail', message: error instanceof Error ? error.message : String(error) });
      }
    },
    [onChange],
  );

  useEffect(() => () => reading.current?.abort(), []);

  const follow = (run: string): Promise<void> => {
    const signal = leave();
    return read(client.resume(run, { signal }), signal);
  };

  return {
    chat,
    busy: last?.status === 'processing',
    ask: (text, place) => {
      const signal = leave();
      dispatch({ type: 'ask', query: text });
      const sessionId = chat.sessionId ?? null;
      void read(client.stream(text, { sessionId, context: place, supersede: true, signal }), signal);
    },
    stop: () => {
      if (runId === undefined) return;
      client.cancelRun(runId).catch((error: unknown) => dispatch({ type: 'fail', message: String(error) }));
    },
    answer: async (approvalId, said) => {
      try {
        await (said.decision === 'approve'
          ? client.approve(approvalId, said.grant === undefined ? {} : { grant: said.grant })
          : client.deny(approvalId, said.reason === undefined ? {} : { reason: said.reason }));
        dispatch({ type: 'decide', approvalId, decision: said.decision });
      } catch (error) {
        // Somebody else was faster, or it expired: what became of it is read from the run.
        if (!isKubectlAIError(error) || (error.status !== 409 && error.status !== 410)) throw error;
      }
      if (runId === undefined) return;
      dispatch({ type: 'restart', runId });
      void follow(runId);
    },
    open: async (sessionId) => {
      const signal = leave();
      const session = await client.getSession(sessionId, { signal });
      dispatch({ type: 'load', session });
      if (session.open_run === undefined) return;
      dispatch({ type: 'restart', runId: session.open_run });
      void follow(session.open_run);
    },
    reset: () => {
      leave();
      dispatch({ type: 'reset' });
    },
  };
}
