import { secretValues } from './secret-values.ts';

/** A text without this holds no Secret. */
const hint = /\bkind["']?\s*:\s*["']?(?:Secret|List)\b/;
const maxUnits = 131_072;
const maxPieces = 8;

/** The values of the Secrets in what a person pasted or piped in: words may stand around them, and fences. Of longer texts only the first 128 Ki. */
export function secretValuesInText(whole: string): readonly string[] {
  const text = whole.slice(0, maxUnits);
  if (!hint.test(text)) return [];
  const fenced = fencedIn(text).filter((piece) => hint.test(piece));
  const pieces = [text, ...fenced.flatMap((piece) => [piece, ...bodiesIn(piece)]), ...bodiesIn(text)].slice(0, maxPieces);
  return [...new Set(pieces.flatMap(secretValues))];
}

/** What stands in code fences. */
function fencedIn(text: string): readonly string[] {
  const pieces: string[] = [];
  let lines: string[] | undefined;
  for (const line of text.split('\n')) {
    const isFence = line.startsWith('```') || line.startsWith('~~~');
    if (isFence && lines !== undefined) pieces.push(lines.join('\n'));
    if (isFence) lines = lines === undefined ? [] : undefined;
    else lines?.push(line);
  }
  if (lines !== undefined) pieces.push(lines.join('\n'));
  return pieces;
}

/** From the first word of a manifest to the end, and from the first brace to the last. */
function bodiesIn(text: string): readonly string[] {
  const yaml = text.search(/^(?:apiVersion|kind): /m);
  const from = text.indexOf('{');
  const to = text.lastIndexOf('}');
  return [...(yaml < 0 ? [] : [text.slice(yaml)]), ...(from < 0 || to < from ? [] : [text.slice(from, to + 1)])];
}
