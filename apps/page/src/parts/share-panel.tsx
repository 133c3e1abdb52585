import type { WireSession } from '@kw/sdk-js';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Sharing } from '../state/chat.ts';
import { failureText, toWireError } from '../text/failure.ts';
import { shortName } from '../text/person.ts';
import { visible } from '../text/visible.ts';
import { useWords } from './words.tsx';

interface SharePanelProps {
  readonly sharing: Sharing;
  readonly share: (people: Pick<WireSession, 'viewers' | 'approvers'>) => Promise<void>;
}

/** Who may read a session and answer its approvals; its owner may change it. */
export function SharePanel({ sharing, share }: SharePanelProps): JSX.Element {
  const words = useWords();
  const [problem, setProblem] = useState<string>();
  const { role, owner, viewers, approvers } = sharing;
  const change = (people: Pick<WireSession, 'viewers' | 'approvers'>): void => {
    setProblem(undefined);
    share(people).catch((error: unknown) => setProblem(failureText(toWireError(error), words)));
  };
  const isOwner = role === 'owner';
  return (
    <details class="share">
      <summary>
        {role === 'owner' ? words.share : words.roles[role](owner ?? words.somebody)}{' '}
        {isOwner && <span class="facts">· {words.sharedWith(viewers.length + approvers.length)}</span>}
      </summary>
      {isOwner && <p class="facts">{words.shareHint}</p>}
      <div class="people">
        <People title={words.viewers} people={viewers} {...(isOwner && { change: (next) => change({ viewers: next }) })} />
        <People title={words.approvers} people={approvers} {...(isOwner && { change: (next) => change({ approvers: next }) })} />
      </div>
      {problem !== undefined && <p role="alert">{words.failed(problem)}</p>}
    </details>
  );
}

interface PeopleProps {
  readonly title: string;
  readonly people: readonly string[];
  /** Absent: they can only be read. */
  readonly change?: (people: readonly string[]) => void;
}

function People({ title, people, change }: PeopleProps): JSX.Element {
  const words = useWords();
  const [name, setName] = useState('');
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {people.length === 0 && <p class="facts">{words.nobody}</p>}
      <ul>
        {people.map((person) => (
          <li key={person} title={person}>
            {visible(shortName(person))}
            {change !== undefined && (
              <button
                type="button"
                class="quiet"
                aria-label={words.removePerson(shortName(person))}
                onClick={() => change(people.filter((one) => one !== person))}
              >
                ✕
              </button>
            )}
          </li>
        ))}
      </ul>
      {change !== undefined && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === '') return;
            change([...people, name.trim()]);
            setName('');
          }}
        >
          <input
            type="text"
            aria-label={`${title}: ${words.addPerson}`}
            placeholder={words.addPerson}
            value={name}
            maxLength={200}
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <button type="submit" disabled={name.trim() === ''}>
            {words.add}
          </button>
        </form>
      )}
    </section>
  );
}
