import { commands } from './commands/table.ts';

/** A shorter word is a question (`helm`, `pods`): too many of them are near to a command. */
const minLetters = 5;

/** The command that a lone mistyped word means: one letter added, left out, changed or two exchanged. Undefined for whatever may be a question. */
export function nearCommand(word: string): string | undefined {
  if (!/^[a-z-]+$/.test(word) || word.length < minLetters) return undefined;
  return commands.find(({ name, hidden }) => hidden !== true && name.length >= minLetters && isTypo(word, name))?.name;
}

function isTypo(word: string, name: string): boolean {
  if (word === name) return false;
  let start = 0;
  while (start < word.length && word[start] === name[start]) start += 1;
  const left = word.slice(start);
  const right = name.slice(start);
  if (left.slice(1) === right || left === right.slice(1) || left.slice(1) === right.slice(1)) return true;
  return left.length > 1 && left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2);
}
