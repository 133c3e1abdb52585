/** The names nearest to a mistyped one, best first, at most `limit`. */
export function nearNames(name: string, known: readonly string[], limit = 3): readonly string[] {
  const wanted = name.toLowerCase();
  const worst = Math.max(2, Math.floor(wanted.length / 3));
  return [...new Set(known)]
    .map((candidate) => ({ candidate, distance: distanceOf(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= worst)
    .sort((left, right) => left.distance - right.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** Names of the same family, where none is near: those that share the first word and most of the others, at most `limit`. */
export function relatedNames(name: string, known: readonly string[], limit = 3): readonly string[] {
  const [first, ...others] = name.toLowerCase().split(/[-_.:/ ]/);
  const shared = (candidate: string): number => {
    const words = candidate.toLowerCase().split(/[-_.:/ ]/);
    return words[0] === first ? 1 + others.filter((word) => words.includes(word)).length : 0;
  };
  return [...new Set(known)]
    .map((candidate) => ({ candidate, score: shared(candidate) }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** Edit distance: how many letters must be added, taken away or changed. */
export function distanceOf(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const changed = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      const added = (current[column - 1] ?? 0) + 1;
      const removed = (previous[column] ?? 0) + 1;
      current.push(Math.min(changed, added, removed));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
