/** A row of a table by its column names; `<none>` is missing. */
export type Row = ReadonlyMap<string, string>;

/** Reads a table of kubectl by the places of its column names. Lines that are no rows (notes, errors) are left out. */
export function parseTable(text: string): readonly Row[] {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /^[A-Z][A-Z-]*(?:\s|$)/.test(line));
  const header = lines[at];
  if (header === undefined) return [];
  const columns = [...header.matchAll(/\S+/g)].map((match) => ({ name: match[0], from: match.index }));
  return lines
    .slice(at + 1)
    .filter((line) => line.trim() !== '' && !/^(?:output:|\[|\()/.test(line))
    .map((line) => {
      const cells = columns.map(({ name, from }, index) => [name, line.slice(from, columns[index + 1]?.from).trim()] as const);
      return new Map(cells.filter(([, value]) => value !== '' && value !== '<none>'));
    });
}

/** Reads `map[a:b c:d]`, as kubectl prints labels and selectors. */
export function parseLabels(text: string | undefined): ReadonlyMap<string, string> {
  const inside = /^map\[(.*)\]$/.exec(text ?? '')?.[1] ?? '';
  const pairs = inside.split(' ').filter((pair) => pair !== '');
  return new Map(pairs.map((pair) => [pair.slice(0, pair.lastIndexOf(':')), pair.slice(pair.lastIndexOf(':') + 1)]));
}
