/** A column of numbers of a table. */
export interface NumberColumn {
  readonly title: string;
  readonly values: readonly (number | undefined)[];
}

/** What can be plotted of a table: names of its rows and columns of numbers. */
export interface PlotData {
  readonly labels: readonly string[];
  readonly columns: readonly NumberColumn[];
}

/** Factors of Kubernetes quantities and of units that tables of usage have. Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const factors = new Map([
  ['', 1],
  ['%', 1],
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['ms', 1e-3],
  ['s', 1],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
]);

/** A quantity such as `250m`, `1.5Gi`, `12%` or `3`; undefined where the text is none. */
export function toNumber(text: string): number | undefined {
  const match = /^([+-]?\d+(?:[.,]\d+)?)\s?([A-Za-z%]{0,2})$/.exec(text.trim().replaceAll(/(\d),(?=\d{3}\b)/g, '$1'));
  const factor = factors.get(match?.[2] ?? '');
  return match === null || factor === undefined ? undefined : Number((match[1] ?? '').replace(',', '.')) * factor;
}

/** What of a table can be plotted; undefined where fewer than two rows have numbers. The first column names the rows. */
export function toPlotData(header: readonly string[], rows: readonly (readonly string[])[]): PlotData | undefined {
  if (rows.length < 2) return undefined;
  const columns = header.slice(1).flatMap((title, index): readonly NumberColumn[] => {
    const values = rows.map((row) => toNumber(row[index + 1] ?? ''));
    const known = values.filter((value) => value !== undefined);
    return known.length >= 2 && known.length >= rows.length / 2 && new Set(known).size > 1 ? [{ title, values }] : [];
  });
  return columns.length === 0 ? undefined : { labels: rows.map((row) => row[0] ?? ''), columns };
}
