import type { Tokens } from 'marked';
import type { ComponentChildren, JSX } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import { useState } from 'preact/hooks';
import { toPlotData } from '../text/numbers.ts';
import { useWords } from './words.tsx';

const Plot = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }));

interface DataTableProps {
  readonly table: Tokens.Table;
  readonly cell: (cell: Tokens.TableCell) => ComponentChildren;
}

/** A table that scrolls by itself; where its columns hold numbers they can be seen as a plot. */
export function DataTable({ table, cell }: DataTableProps): JSX.Element {
  const words = useWords();
  const [plotted, setPlotted] = useState(false);
  const data = toPlotData(
    table.header.map(({ text }) => text),
    table.rows.map((row) => row.map(({ text }) => text)),
  );
  return (
    <div class="data">
      {data !== undefined && (
        <button type="button" class="quiet" aria-pressed={plotted} onClick={() => setPlotted(!plotted)}>
          {plotted ? words.table : words.plot}
        </button>
      )}
      {plotted && data !== undefined ? (
        <Suspense fallback={<p>…</p>}>
          <Plot data={data} />
        </Suspense>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={table.header.map(({ text }) => text).join(', ')}>
          <table>
            <thead>
              <tr>
                {table.header.map((one, index) => (
                  <th key={index} scope="col">
                    {cell(one)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, at) => (
                <tr key={at}>
                  {row.map((one, index) => (
                    <td key={index}>{cell(one)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
