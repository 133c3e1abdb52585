import { markSource } from '../redact/marks.ts';

const marks = new RegExp(markSource);

// Whatever of these a mark hides could be more than a value: words, quotes that end, what a shell acts on.
const acting = /[\s'"`$;|&<>()]/;

/**
 * Whether redaction hides more of a source than plain values: `x='{"kind":"Secret","data":{"a":"'; rm y; z='"}}'` would be shown
 * as one quiet assignment. Whoever answers must see all that runs.
 */
export function hidesCode(source: string, redacted: string): boolean {
  if (source === redacted) return false;
  const shown = redacted.split(marks);
  let position = 0;
  for (const [index, piece] of shown.entries()) {
    const isLast = index === shown.length - 1;
    const at = index === 0 ? 0 : isLast ? source.length - piece.length : source.indexOf(piece, position);
    if (at < position || !source.startsWith(piece, at)) return true;
    if (acting.test(source.slice(position, at))) return true;
    position = at + piece.length;
  }
  return position !== source.length;
}
