import { isKubectlAIError } from '@kw/sdk-js';
import type { WireError } from '@kw/sdk-js';
import type { Messages } from './messages.ts';

/** A failure as the wire tells it. What the service says is in the page's language already; what is of the browser has its code. */
export function toWireError(error: unknown): WireError {
  if (!isKubectlAIError(error)) return { code: 'unknown', message: error instanceof Error ? error.message : String(error) };
  return { code: error.code, message: error.message.replace(/ \(HTTP \d{3}\)$/, '') };
}

/** What went wrong, for people: the page's own sentence where it has a better one. */
export function failureText({ code, message }: WireError, words: Messages): string {
  return words.failures[code] ?? message;
}
