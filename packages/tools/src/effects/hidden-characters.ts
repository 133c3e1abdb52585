// Controls, formats (bidi, zero width, tags), lone surrogates, private use, line and paragraph separators, spaces; and the
// characters that no class names: fillers and joiners that print as nothing, variation selectors, what broken UTF-8 becomes.
const suspicious = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Zs}\p{Variation_Selector}\p{Default_Ignorable_Code_Point}\u{fffc}-\u{ffff}]/u;
const allHidden = new RegExp(suspicious.source, 'gu');
const plainWhitespace: ReadonlySet<string> = new Set([' ', '\t', '\n']);

/** Shows every character that a reader could not see or that could move text, as `\u{...}`; tabs and line ends stay. */
export function escapeHidden(text: string): string {
  return text.replace(allHidden, (character) => (plainWhitespace.has(character) ? character : `\\u{${hex(character)}}`));
}

/** The first hidden character of a text in words, such as `U+202E at position 12`; tabs and line ends are not hidden. */
export function findHidden(text: string): string | undefined {
  for (const match of text.matchAll(allHidden)) {
    const [character] = match;
    if (!plainWhitespace.has(character)) return `U+${hex(character).toUpperCase().padStart(4, '0')} at position ${match.index}`;
  }
  return undefined;
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}
