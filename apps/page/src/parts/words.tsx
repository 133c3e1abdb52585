import { createContext } from 'preact';
import type { Context } from 'preact';
import { useContext } from 'preact/hooks';
import { messagesIn } from '../text/messages.ts';
import type { Messages } from '../text/messages.ts';

/** The sentences of the chosen language. */
export const Words: Context<Messages> = createContext<Messages>(messagesIn('en'));

/** The sentences of the chosen language. */
export function useWords(): Messages {
  return useContext(Words);
}
