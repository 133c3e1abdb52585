import { isKubectlAIError } from '@kw/sdk-js';
import type { Client, StreamMessage, WireCursor, WireError, WireSession } from '@kw/sdk-js';
import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Answer } from '../parts/approval-card.tsx';
import type { Place } from '../parts/place-picker.tsx';
import { toWireError } from '../text/failure.ts';
import { emptyChat, reduce } from './chat.ts';
import type { Chat } from './chat.ts';

/** A conversation and what can be done with it. */
export interface Conversation {
  readonly chat: Chat;
  readonly busy: boolean;
  /** True while the service cannot be reached. */
  readonly lost: boolean;
  /** Why the session is followed no more: it was deleted, or is no longer shared. */
  readonly gone: WireError | undefined;
  readonly ask: (text: string, place: Place) => void;
  readonly stop: () => void;
  readonly answer: (approvalId: string, answer: Answer) => Promise<void>;
  readonly open: (sessionId: string) => Promise<void>;
  readonly share: (people: Pick<WireSession, 'viewers' | 'approvers'>) => Promise<void>;
  readonly reset: () => void;
}

/** Where the session's events go on. */
interface Reached {
  readonly sessionId: string;
  readonly cursor: WireCursor | undefined;
}

const againMs = 3_000;

/** Holds one conversation over the service, live whoever drives it; the run goes on there whatever becomes of this page. */
export function useChat(client: Client, onChange: () => void): Conversation {
  const [chat, dispatch] = useReducer(reduce, emptyChat);
  const [lost, setLost] = useState(false);
  const [gone, setGone] = useState<WireError>();
  const reading = useRef<AbortController>(undefined);
  const reached = useRef<Reached>(undefined);
  const following = useRef(false);
  const last = chat.exchanges.at(-1);
  const runId = last?.runId;
  const busy = last?.status === 'processing';
  const changed = useRef(onChange);
  changed.current = onChange;

  const leave = useCallback((): AbortSignal => {
    reading.current?.abort(new DOMException('another conversation is shown', 'AbortError'));
    reading.current = new AbortController();
    following.current = false;
    setLost(false);
    setGone(undefined);
    return reading.current.signal;
  }, []);

  const take = useCallback(async (messages: AsyncIterable<StreamMessage>, signal: AbortSignal): Promise<void> => {
    for await (const { event, cursor } of messages) {
      if (signal.aborted) return;
      dispatch({ type: 'event', event, now: Date.now() });
      if (event.session_id !== '') reached.current = { sessionId: event.session_id, cursor: cursor ?? reached.current?.cursor };
      if (event.activity?.type === 'run-start' || event.status === 'awaiting_approval' || event.done) changed.current();
    }
  }, []);

  // Over the ends of runs and of connections, until the signal. One that nobody looks at is left: a browser has few connections to a host.
  const follow = useCallback(
    async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted && reached.current !== undefined && !document.hidden) {
        following.current = true;
        const { sessionId, cursor } = reached.current;
        try {
          await take(client.followSession(sessionId, { signal, ...(cursor !== undefined && { cursor }) }), signal);
        } catch (error) {
          if (signal.aborted) return;
          if (isKubectlAIError(error) && error.status !== undefined && error.status < 500) {
            setGone(toWireError(error));
            break;
          }
          setLost(true);
          await backAgain(client, signal);
          if (!signal.aborted) setLost(false);
        }
      }
      if (!signal.aborted) following.current = false;
    },
    [client, take],
  );

  useEffect(() => () => reading.current?.abort(), []);
  useEffect(() => {
    const look = (): void => {
      if (document.hidden && !busy) leave();
      if (!document.hidden && !following.current) void follow(leave());
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [busy, follow, leave]);

  const open = useCallback(
    async (sessionId: string): Promise<void> => {
      const signal = leave();
      const session = await client.getSession(sessionId, { signal });
      dispatch({ type: 'load', session });
      reached.current = { sessionId, cursor: session.open_cursor ?? session.cursor };
      void follow(signal);
    },
    [client, follow, leave],
  );

  // Another language, or another token: what is shown is read again.
  const before = useRef(client);
  useEffect(() => {
    if (before.current === client) return;
    before.current = client;
    if (chat.sessionId !== undefined) open(chat.sessionId).catch((error: unknown) => dispatch({ type: 'fail', error: toWireError(error) }));
  }, [client, open, chat.sessionId]);

  return {
    chat,
    busy,
    lost,
    gone,
    open,
    ask: (text, place) => {
      const signal = leave();
      following.current = true;
      dispatch({ type: 'ask', query: text });
      const sessionId = chat.sessionId ?? null;
      void take(client.stream(text, { sessionId, context: place, supersede: true, signal }), signal)
        .catch((error: unknown) => {
          if (!signal.aborted) dispatch({ type: 'fail', error: toWireError(error) });
        })
        .then(() => {
          if (signal.aborted) return undefined;
          following.current = false;
          return follow(signal);
        });
    },
    stop: () => {
      if (runId === undefined) return;
      client.cancelRun(runId).catch((error: unknown) => dispatch({ type: 'fail', error: toWireError(error) }));
    },
    answer: async (approvalId, said) => {
      try {
        await (said.decision === 'approve'
          ? client.approve(approvalId, said.grant === undefined ? {} : { grant: said.grant })
          : client.deny(approvalId, said.reason === undefined ? {} : { reason: said.reason }));
        dispatch({ type: 'decide', approvalId, decision: said.decision });
      } catch (error) {
        // Somebody else was faster, or it expired: the session's events tell what became of it.
        if (!isKubectlAIError(error) || (error.status !== 409 && error.status !== 410)) throw error;
      }
    },
    share: async (people) => {
      if (chat.sessionId === undefined) return;
      dispatch({ type: 'share', session: await client.updateSession(chat.sessionId, people) });
    },
    reset: () => {
      leave();
      reached.current = undefined;
      dispatch({ type: 'reset' });
    },
  };
}

/** Resolves when the service answers again, or at the signal. */
async function backAgain(client: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, againMs));
    try {
      await client.getHealth({ signal });
      return;
    } catch {
      // not yet
    }
  }
}
