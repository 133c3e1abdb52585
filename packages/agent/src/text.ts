import { isKwError } from '@kw/providers';

/** The words of a failure for people: its message, whatever was thrown. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a failure; `internal-error` where it has none of ours. */
export function codeOf(error: unknown): string {
  return isKwError(error) ? error.code : 'internal-error';
}
