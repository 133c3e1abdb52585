import type { ChatStatus, Client, ContextsResponse, StatusResponse, WireSession } from '@kw/sdk-js';
import type { ComponentChildren, JSX } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Composer } from './parts/composer.tsx';
import { Exchange } from './parts/exchange.tsx';
import { PlacePicker } from './parts/place-picker.tsx';
import type { Place } from './parts/place-picker.tsx';
import { SessionList } from './parts/session-list.tsx';
import { SettingsBar } from './parts/settings-bar.tsx';
import { useWords } from './parts/words.tsx';
import type { Settings } from './state/settings.ts';
import { failureText, toWireError } from './text/failure.ts';
import { SharePanel } from './parts/share-panel.tsx';
import { visible } from './text/visible.ts';
import { useChat } from './state/use-chat.ts';

interface PageProps {
  readonly client: Client;
  readonly settings: Settings;
  readonly change: (change: Partial<Settings>) => void;
}

const searchDelayMs = 250;
/** Sessions of others, and those that were parked since. */
const refreshMs = 30_000;

/** The conversation with all that stands around it. */
export function Page({ client, settings, change }: PageProps): JSX.Element {
  const words = useWords();
  const [status, setStatus] = useState<StatusResponse>();
  const [contexts, setContexts] = useState<ContextsResponse['contexts']>([]);
  const [namespaces, setNamespaces] = useState<readonly string[]>([]);
  const [sessions, setSessions] = useState<readonly WireSession[]>([]);
  const [search, setSearch] = useState('');
  const [place, setPlace] = useState<Place>({});
  const [menu, setMenu] = useState(false);
  const [problem, setProblem] = useState<string>();
  const told = (error: unknown): void => setProblem(failureText(toWireError(error), words));

  const refresh = useCallback(() => {
    client.listSessions({ limit: 100, search }).then(({ sessions: found }) => setSessions(found), told);
  }, [client, search]);
  const { chat, busy, lost, gone, ask, stop, answer, open, share, reset } = useChat(client, refresh);

  useEffect(() => {
    const id = globalThis.location.hash.slice(1);
    if (id !== '') open(id).catch(told);
    // Once, when the page is opened.
  }, []);
  useEffect(() => {
    client.getStatus().then(setStatus, told);
    client.getContexts().then(({ contexts: found }) => setContexts(found), told);
  }, [client]);
  useEffect(() => {
    const timer = setTimeout(refresh, searchDelayMs);
    return () => clearTimeout(timer);
  }, [refresh]);
  useEffect(() => {
    setNamespaces([]);
    // A cluster that does not answer, or a user who may not list them: the name can still be in the question.
    client.getNamespaces(place.cluster).then(
      ({ namespaces: found }) => setNamespaces(found),
      () => undefined,
    );
  }, [client, place.cluster]);
  useEffect(() => {
    const { sessionId } = chat;
    history.replaceState(null, '', sessionId === undefined ? globalThis.location.pathname : `#${sessionId}`);
  }, [chat.sessionId]);

  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) refresh();
    }, refreshMs);
    return () => clearInterval(timer);
  }, [refresh]);

  const show = (id: string): void => {
    setMenu(false);
    setProblem(undefined);
    open(id).catch(told);
  };
  const fresh = (): void => {
    setMenu(false);
    setProblem(undefined);
    reset();
  };
  const readOutput = useCallback(
    (output: string, from: number) => client.getOutput(chat.sessionId ?? '', output, { from, lines: 500 }),
    [client, chat.sessionId],
  );

  const shown = problem ?? (gone === undefined ? undefined : failureText(gone, words));
  const scopes = status?.user?.scopes;
  const lacking = (scope: 'chat' | 'approve'): string | undefined =>
    scopes === undefined || scopes.includes(scope) ? undefined : words.without[scope];
  // What is on the screen is newer than the list.
  const live = liveStatus(chat.exchanges.at(-1)?.status);
  return (
    <div class={`page ${menu ? 'menu' : ''}`}>
      <a class="skip" href="#question">
        {words.skip}
      </a>
      <header>
        <button type="button" class="burger quiet" aria-label={words.showMenu} aria-expanded={menu} onClick={() => setMenu(!menu)}>
          ☰
        </button>
        <h1>kubelet-wuhrai</h1>
        <PlacePicker contexts={contexts} namespaces={namespaces} place={place} choose={setPlace} />
      </header>
      <nav aria-label={words.sessions}>
        <button type="button" class="primary" onClick={fresh}>
          {words.newSession}
        </button>
        <SessionList
          sessions={sessions.map((one) => (one.id === chat.sessionId && live !== undefined ? { ...one, status: live } : one))}
          current={chat.sessionId}
          search={search}
          setSearch={setSearch}
          open={show}
          rename={(id, title) => void client.updateSession(id, { title }).then(refresh, told)}
          remove={(id) =>
            void client.deleteSession(id).then(() => {
              if (id === chat.sessionId) fresh();
              refresh();
            }, told)
          }
        />
        <SettingsBar settings={settings} change={change} />
      </nav>
      <main>
        {chat.sessionId !== undefined && <SharePanel key={chat.sessionId} sharing={chat.sharing} share={share} />}
        <Conversation busy={busy} label={words.conversation} count={chat.exchanges.length}>
          {chat.exchanges.length === 0 && (
            <div class="welcome">
              <h2>{words.welcome}</h2>
              <ul>
                {words.examples.map((example) => (
                  <li key={example}>
                    <button type="button" disabled={lacking('chat') !== undefined} onClick={() => ask(example, place)}>
                      {example}
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          )}
          {chat.exchanges.length > 0 && <h2 class="hidden">{words.conversation}</h2>}
          {chat.exchanges.map((exchange, index) => (
            <Exchange
              key={`${chat.sessionId ?? ''} ${index}`}
              exchange={exchange}
              sharing={chat.sharing}
              grants={chat.grants}
              barred={lacking('approve')}
              answer={answer}
              readOutput={readOutput}
            />
          ))}
        </Conversation>
        {shown !== undefined && (
          <p class="ended error" role="alert">
            {words.failed(shown)}
          </p>
        )}
        {lost && (
          <p class="ended" role="status">
            {words.lost}
          </p>
        )}
        <Composer
          busy={busy}
          closed={lacking('chat') ?? (chat.sharing.role === 'owner' ? undefined : words.readOnly)}
          send={(text) => ask(text, place)}
          stop={stop}
        />
        <p class="facts foot">
          {status !== undefined && `${status.provider} · ${status.model === '' ? '-' : status.model} · ${status.version}`}
          {status?.user !== undefined && ` · ${words.signedIn(visible(status.user.name))}`}
          {status !== undefined && status.agent !== 'ready' && <strong> · {words.agents[status.agent] ?? status.agent}</strong>}
        </p>
      </main>
    </div>
  );
}

/** How the session of an open run is listed. */
function liveStatus(status: ChatStatus | undefined): WireSession['status'] | undefined {
  return status === 'awaiting_approval' ? status : status === 'processing' ? 'running' : undefined;
}

/** The end of a conversation, or the beginning of a question that is longer than the view: it is to be read before it is answered. */
function placeToShow(element: HTMLElement): number {
  const question = element.querySelector('.answers')?.closest<HTMLElement>('.approval');
  if (question === undefined || question === null || question.offsetHeight <= element.clientHeight) return element.scrollHeight;
  return question.offsetTop - element.offsetTop;
}

interface ConversationProps {
  readonly busy: boolean;
  readonly label: string;
  readonly count: number;
  readonly children: ComponentChildren;
}

/** Nearer to the end than this, the view follows what is written. */
const followPixels = 80;

function Conversation({ busy, label, count, children }: ConversationProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    follows.current = true;
  }, [count]);
  useEffect(() => {
    const element = place.current;
    if (element !== null && follows.current) element.scrollTop = placeToShow(element);
  });
  return (
    <div
      class="conversation"
      ref={place}
      role="log"
      aria-label={label}
      aria-busy={busy}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < followPixels;
      }}
    >
      {children}
    </div>
  );
}
