import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { WireSession } from '@kw/sdk-js';
import { useWords } from './words.tsx';

interface SessionListProps {
  readonly sessions: readonly WireSession[];
  readonly current: string | undefined;
  readonly search: string;
  readonly setSearch: (text: string) => void;
  readonly open: (id: string) => void;
  readonly rename: (id: string, title: string) => void;
  readonly remove: (id: string) => void;
}

/** The sessions that the user may see: to open, to find, to rename and to delete. */
export function SessionList({ sessions, search, setSearch, ...actions }: SessionListProps): JSX.Element {
  const words = useWords();
  return (
    <section class="sessions" aria-label={words.sessions}>
      <h2>{words.sessions}</h2>
      <input
        type="search"
        aria-label={words.search}
        placeholder={words.search}
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      {sessions.length === 0 && <p class="facts">{words.noSessions}</p>}
      <ul>
        {sessions.map((session) => (
          <Row key={session.id} session={session} {...actions} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps extends Pick<SessionListProps, 'current' | 'open' | 'rename' | 'remove'> {
  readonly session: WireSession;
}

function Row({ session, current, open, rename, remove }: RowProps): JSX.Element {
  const words = useWords();
  const [mode, setMode] = useState<'show' | 'rename' | 'remove'>('show');
  const [title, setTitle] = useState(session.title);
  const name = session.title === '' ? session.id : session.title;
  if (mode === 'rename')
    return (
      <li>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            rename(session.id, title.trim());
            setMode('show');
          }}
        >
          <input
            type="text"
            aria-label={words.rename}
            value={title}
            maxLength={200}
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
          <button type="submit">{words.save}</button>
          <button type="button" class="quiet" onClick={() => setMode('show')}>
            {words.cancel}
          </button>
        </form>
      </li>
    );
  if (mode === 'remove')
    return (
      <li>
        <p role="alert">{words.removeSure(name)}</p>
        <button type="button" class="danger" onClick={() => remove(session.id)}>
          {words.remove}
        </button>
        <button type="button" class="quiet" onClick={() => setMode('show')}>
          {words.cancel}
        </button>
      </li>
    );
  return (
    <li class={session.id === current ? 'current' : ''}>
      <button type="button" class="open" aria-current={session.id === current ? 'page' : undefined} onClick={() => open(session.id)}>
        <span>{name}</span>
        {session.role !== 'owner' && <span class="facts">{words.sharedBy(session.owner ?? words.somebody)}</span>}
        {session.status !== 'idle' && <span class="state">{session.status === 'running' ? words.running : words.needsAnswer}</span>}
      </button>
      {session.role === 'owner' && (
        <span class="tools">
          <button
            type="button"
            class="quiet"
            aria-label={`${words.rename}: ${name}`}
            title={words.rename}
            onClick={() => setMode('rename')}
          >
            ✎
          </button>
          <button
            type="button"
            class="quiet"
            aria-label={`${words.remove}: ${name}`}
            title={words.remove}
            onClick={() => setMode('remove')}
          >
            ✕
          </button>
        </span>
      )}
    </li>
  );
}
