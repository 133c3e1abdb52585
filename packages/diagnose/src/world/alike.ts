/** From 0 for different words to almost 1 for a slip of the pen. */
export function alike(one: string, other: string): number {
  const distance = editDistance(one.toLowerCase(), other.toLowerCase());
  const length = Math.max(one.length, other.length);
  if (distance <= Math.max(1, Math.floor(length / 3))) return 1 - distance / length;
  return one.includes(other) || other.includes(one) ? 0.6 : 0;
}

const leastLikeness = 0.5;
const maxCompared = 64;

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(one: string, other: string): number {
  const [a, b] = [one.slice(0, maxCompared), other.slice(0, maxCompared)];
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const best = Math.min((last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      next.push(swapped ? Math.min(best, (before[column - 2] ?? 0) + 1) : best);
    }
    before = last;
    last = next;
  }
  return last[b.length] ?? 0;
}

/** The name that was probably meant; undefined where none is near. */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  const [best] = known.map((each) => ({ each, likeness: alike(name, each) })).toSorted((one, other) => other.likeness - one.likeness);
  return best !== undefined && best.likeness >= leastLikeness ? best.each : undefined;
}
