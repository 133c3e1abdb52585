/** One simple command of a script: its words, without assignments and redirections. */
export type Words = readonly string[];

/** The simple commands of a script in a page, as far as a reader would type them: quotes, continued lines, comments, pipes, lists, `$(...)` and `<(...)`. */
export function simpleCommands(script: string): readonly Words[] {
  const text = script.replaceAll(/\\\n\s*/g, ' ').replaceAll(/<<-?\s*'?(\w+)'?\n[^]*?\n\1\b/g, '');
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    commands.push(words);
    words = [];
  };
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? '';
    if (char === "'" || char === '"') {
      const end = text.indexOf(char, index + 1);
      if (end === -1) break;
      word = `${word ?? ''}${text.slice(index + 1, end)}`;
      index = end;
    } else if (char === '\\') {
      index += 1;
      word = `${word ?? ''}${text[index] ?? ''}`;
    } else if (char === '#' && word === undefined) {
      const end = text.indexOf('\n', index);
      index = (end === -1 ? text.length : end) - 1;
    } else if (/[\n;|&()]/.test(char)) endCommand();
    else if (/\s/.test(char)) endWord();
    else if (char === '>' || char === '<') {
      endWord();
      words.push(char);
    } else word = `${word ?? ''}${char}`;
  }
  endCommand();
  return commands.map(bare).filter((one) => one.length > 0);
}

/** Without assignments in front and without redirections. */
function bare(words: Words): Words {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '>' || word === '<') {
      while (words[index + 1] === word) index += 1;
      index += 1;
    } else if (word === '2' && words[index + 1] === '>') continue;
    else if (kept.length > 0 || !/^\w+=/.test(word)) kept.push(word);
  }
  return kept[0] === '$' ? kept.slice(1) : kept;
}

/** The arguments where it is this program that is called; undefined for others. */
export function argumentsOf(words: Words): Words | undefined {
  const [first = '', second, third] = words;
  if (['kubelet-wuhrai', 'kw', '/bin/kubelet-wuhrai'].includes(first)) return words.slice(1);
  if (first === 'kubectl' && second === 'wuhrai') return words.slice(2);
  if (first === 'npm' && second === 'start') return third === '--' ? words.slice(3) : [];
  return undefined;
}
