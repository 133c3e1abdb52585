import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWords } from './words.tsx';

interface ComposerProps {
  readonly busy: boolean;
  /** Why nothing may be asked here. */
  readonly closed?: string | undefined;
  readonly send: (text: string) => void;
  readonly stop: () => void;
}

const maxHeight = 240;

/** Where questions are written. */
export function Composer({ busy, closed, send, stop }: ComposerProps): JSX.Element {
  const words = useWords();
  const [text, setText] = useState('');
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const element = area.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, maxHeight)}px`;
  }, [text]);
  const submit = (): void => {
    if (text.trim() === '' || busy || closed !== undefined) return;
    send(text.trim());
    setText('');
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label class="hidden" for="question">
        {words.ask}
      </label>
      <textarea
        id="question"
        ref={area}
        rows={1}
        value={text}
        placeholder={closed ?? words.askHint}
        disabled={closed !== undefined}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Enter that ends the composition of a character sends nothing.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          submit();
        }}
      />
      {busy && closed === undefined ? (
        <button type="button" class="danger" onClick={stop}>
          {words.stop}
        </button>
      ) : (
        <button type="submit" class="primary" disabled={closed !== undefined || text.trim() === ''}>
          {words.send}
        </button>
      )}
    </form>
  );
}
