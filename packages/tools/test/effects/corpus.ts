import { readFileSync } from 'node:fs';

/** One line of the corpus: what a command must be judged to be. */
export interface CorpusLine {
  readonly place: string;
  readonly effect: string;
  /** Sorted, comma between. */
  readonly traits: string;
  readonly command: string;
}

/** Reads a corpus file: `EFFECT [TRAIT,TRAIT] | COMMAND`, `#` for remarks; `\n` is a line end, `\\n` a backslash and an n, `\u{...}` any character. */
export function readCorpus(name: string): readonly CorpusLine[] {
  const text = readFileSync(new URL(`corpus/${name}.txt`, import.meta.url), 'utf8');
  return text.split('\n').flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return [];
    const bar = line.indexOf(' | ');
    const [effect = '', traits = ''] = line.slice(0, bar).split(' ');
    const command = line
      .slice(bar + 3)
      .replaceAll(/\\(\\?)n/g, (_, escaped: string) => (escaped === '' ? '\n' : String.raw`\n`))
      .replaceAll(/\\u\{([0-9a-f]+)\}/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
    return [{ place: `${name}.txt:${index + 1}`, effect, traits, command }];
  });
}
