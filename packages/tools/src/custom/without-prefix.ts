/** The arguments: a model that writes the program's name, or all of the fixed words, in front means the same call. */
export function withoutPrefix(words: readonly string[], command: readonly string[]): readonly string[] {
  return command.every((word, at) => words[at] === word || (at === 0 && words[0] === word.slice(word.lastIndexOf('/') + 1)))
    ? words.slice(command.length)
    : words;
}
