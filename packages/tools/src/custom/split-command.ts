import { tokenize } from '../kubectl/tokenize.ts';

/** The words of a command line, or why it has none without a shell. */
export type SplitCommand =
  | { readonly type: 'words'; readonly words: readonly string[] }
  | { readonly type: 'refused'; readonly reason: string };

/** Splits a command line with POSIX quoting and nothing else: what only a shell could read is refused, not guessed. */
export function splitCommand(text: string): SplitCommand {
  const tokens = tokenize(text);
  return tokens.type === 'words' ? tokens : { type: 'refused', reason: tokens.reason };
}
