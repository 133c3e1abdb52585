import { hasOpaque, opaque } from '../kubectl/opaque.ts';

/** One word of a command after expansion, as far as it is known; unknown parts are `opaque` characters. */
export interface ShellWord {
  readonly text: string;
  /**
   * `any`: it may be no word or several words, of any kind. `names`: the same, but each is a plain name. Missing: exactly one word.
   */
  readonly loose?: 'any' | 'names';
}

/** A word that is exactly this text. */
export function fixedWord(text: string): ShellWord {
  return { text };
}

/** True where the word may begin with a dash that is not written down. */
export function mayBeFlag(word: ShellWord): boolean {
  return word.loose === 'any' || word.text.startsWith(opaque);
}

/** True where every character of the word is known and it is one word. */
export function isFixed(word: ShellWord): boolean {
  return word.loose === undefined && !hasOpaque(word.text);
}

/** True for a text that, unquoted, stays one word and is no flag. */
export function isNameLike(text: string): boolean {
  return /^[A-Za-z0-9_./:@%+=,][A-Za-z0-9_./:@%+=,-]*$/.test(text);
}

/** Every list of words that loose words may become: none, one and two of each. Undefined where that is not bounded. */
export function alternatives(words: readonly ShellWord[]): readonly (readonly string[])[] | undefined {
  if (words.some((word) => word.loose === 'any') || words.filter((word) => word.loose === 'names').length > 2) return undefined;
  return words.reduce<readonly (readonly string[])[]>(
    (lists, word) =>
      word.loose === undefined
        ? lists.map((list) => [...list, word.text])
        : lists.flatMap((list) => [list, [...list, word.text], [...list, word.text, word.text]]),
    [[]],
  );
}
