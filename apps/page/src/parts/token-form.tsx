import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useWords } from './words.tsx';

/** Asks for the service's token. */
export function TokenForm({ wrong, enter }: { readonly wrong: boolean; readonly enter: (token: string) => void }): JSX.Element {
  const words = useWords();
  const [token, setToken] = useState('');
  return (
    <main class="entrance">
      <h1>kubelet-wuhrai</h1>
      <p>{words.tokenHint}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== '') enter(token.trim());
        }}
      >
        <label>
          <span>{words.token}</span>
          <input type="password" autocomplete="off" value={token} onInput={(event) => setToken(event.currentTarget.value)} />
        </label>
        <button type="submit" class="primary">
          {words.enter}
        </button>
      </form>
      {wrong && <p role="alert">{words.wrongToken}</p>}
    </main>
  );
}
