/** Longest text of one delta, in UTF-16 units: whoever passes events on copies no more at once. */
export const maxDeltaUnits = 65_536;

/** A text in pieces for deltas, no letter cut in half; none for an empty one. */
export function* deltaPieces(text: string): Iterable<string> {
  for (let start = 0; start < text.length;) {
    let end = Math.min(text.length, start + maxDeltaUnits);
    if (end < text.length && isHalf(text.charCodeAt(end - 1))) end -= 1;
    yield text.slice(start, end);
    start = end;
  }
}

/** Whether a UTF-16 unit is the first half of a letter. */
export function isHalf(unit: number): boolean {
  return unit >= 0xd8_00 && unit <= 0xdb_ff;
}
