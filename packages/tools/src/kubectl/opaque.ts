/**
 * Stands for text that is not known before the command runs (a shell variable's value). It is a private-use character, which a
 * command may not contain, so it equals no word and no kind; whoever looks at a word must take `hasOpaque` for "could be anything".
 */
export const opaque: string = '\u{e000}';

/** The same for text that is known to be one word that does not begin with a dash, such as a pod's name. */
export const opaqueName: string = '\u{e001}';

/** True for a word of which a part is not known. */
export function hasOpaque(word: string): boolean {
  return word.includes(opaque) || word.includes(opaqueName);
}

/** The word with its unknown parts shown as `*`, for people. */
export function showOpaque(word: string): string {
  return word.replaceAll(opaque, '*').replaceAll(opaqueName, '*');
}
