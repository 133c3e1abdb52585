import { createClient, isKubectlAIError } from '@kw/sdk-js';
import type { Client } from '@kw/sdk-js';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Page } from './page.tsx';
import { TokenForm } from './parts/token-form.tsx';
import { Words } from './parts/words.tsx';
import { keepToken, keptToken, useSettings } from './state/settings.ts';
import { messagesIn } from './text/messages.ts';

type Entrance = 'asking' | 'open' | 'closed' | 'wrong-token';

/** The whole page: the token where the service wants one, then the conversation. */
export function App(): JSX.Element {
  const [settings, change] = useSettings();
  const [token, setToken] = useState(keptToken);
  const [entrance, setEntrance] = useState<Entrance>('asking');
  const client: Client = useMemo(
    () => createClient(globalThis.location.origin, { language: settings.language, ...(token !== undefined && { token }) }),
    [token, settings.language],
  );
  useEffect(() => {
    client.getStatus().then(
      () => setEntrance('open'),
      (error: unknown) => {
        const refused = isKubectlAIError(error) && error.status === 401;
        setEntrance(refused ? (token === undefined ? 'closed' : 'wrong-token') : 'open');
      },
    );
  }, [client, token]);
  const enter = (given: string): void => {
    keepToken(given);
    setToken(given);
  };
  return (
    <Words.Provider value={messagesIn(settings.language)}>
      {entrance === 'open' && <Page client={client} settings={settings} change={change} />}
      {(entrance === 'closed' || entrance === 'wrong-token') && <TokenForm wrong={entrance === 'wrong-token'} enter={enter} />}
    </Words.Provider>
  );
}
