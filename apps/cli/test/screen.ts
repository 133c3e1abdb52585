/** What a terminal shows after these bytes: the sequences that the program itself uses are obeyed, styling is dropped. */
export function screenOf(bytes: string, columns: number): readonly string[] {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  const line = (): string[] => (lines[row] ??= []);
  const tokens = bytes.match(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]|\r|\n|[\\s\\S]`, 'gu')) ?? [];
  for (const token of tokens) {
    if (token === '\n') {
      row += 1;
      column = 0;
      line();
    } else if (token === '\r') {
      column = 0;
    } else if (token.startsWith('\u001b[')) {
      const count = Number(/\d+/.exec(token)?.[0] ?? 1);
      if (token.endsWith('A')) row = Math.max(0, row - count);
      if (token.endsWith('B')) row += count;
      if (token.endsWith('C')) column += count;
      if (token.endsWith('J')) {
        lines.splice(row + 1);
        line().splice(column);
      }
      if (token.endsWith('K')) line().splice(column);
    } else {
      if (column >= columns) {
        row += 1;
        column = 0;
      }
      line()[column] = token;
      column += 1;
    }
  }
  return lines
    .map((cells) =>
      Array.from(cells, (cell) => cell ?? ' ')
        .join('')
        .trimEnd(),
    )
    .slice(0, lines.at(-1)?.length === 0 ? -1 : undefined);
}
