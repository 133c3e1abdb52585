import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { NumberColumn, PlotData } from '../text/numbers.ts';

const height = 220;

/** Bars of every column of numbers, each with its own scale. */
export function Plot({ data }: { readonly data: PlotData }): JSX.Element {
  return (
    <div class="plots">
      {data.columns.map((column) => (
        <Bars key={column.title} column={column} labels={data.labels} />
      ))}
    </div>
  );
}

function Bars({ column, labels }: { readonly column: NumberColumn; readonly labels: readonly string[] }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const style = getComputedStyle(element);
    const colour = style.getPropertyValue('--accent');
    const text = style.getPropertyValue('--text-2');
    const grid = { stroke: style.getPropertyValue('--line'), width: 1 };
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        title: column.title,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: [-0.6, labels.length - 0.4] }, y: { range: (_, low, high) => [Math.min(0, low), high * 1.05] } },
        axes: [
          {
            stroke: text,
            grid: { show: false },
            splits: labels.map((_, index) => index),
            values: (_, at) => at.map((index) => short(labels[index] ?? '')),
          },
          { stroke: text, grid, values: (_, at) => at.map(compact), size: 56 },
        ],
        series: [
          {},
          {
            fill: colour,
            stroke: colour,
            ...(uPlot.paths.bars !== undefined && { paths: uPlot.paths.bars({ size: [0.6, 80] }) }),
            points: { show: false },
          },
        ],
      },
      [labels.map((_, index) => index), column.values.map((value) => value ?? null)],
      element,
    );
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [column, labels]);
  const described = labels.map((label, index) => `${label}: ${column.values[index] ?? '-'}`).join('; ');
  return <div class="plot" ref={place} role="img" aria-label={`${column.title}. ${described}`} />;
}

function short(label: string): string {
  return label.length > 14 ? `${label.slice(0, 6)}…${label.slice(-6)}` : label;
}

function compact(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 }).format(value);
}
