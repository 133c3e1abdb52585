import type { ToolProgress } from '@kw/agent';
import { createRedactor } from '@kw/agent';
import { escapeHidden } from '../effects/hidden-characters.ts';
import type { ProcessEvent, ProcessOutput } from './run-process.ts';

/** How often a running command is told of, in milliseconds. */
const everyMs = 1_000;
/** A command that prints nothing is told of once in so many times. */
const silentTimes = 10;
/** Output whose last line is shown, in UTF-16 units; of more only the size is told. */
const maxShownUnits = 1_048_576;
const maxLineUnits = 120;

/** What a watcher may be told of a running command. */
export interface ProgressOptions {
  /** False: sizes only, as for output that may hold secrets. */
  readonly showsLines: boolean;
  readonly intervalMs?: number;
  readonly monotonic?: () => number;
}

/** The same events, and at most once a second how far the command is: time, lines, bytes, and the last line without secrets. */
export async function* withProgress(
  events: AsyncGenerator<ProcessEvent, void, void>,
  { showsLines, intervalMs = everyMs, monotonic = () => performance.now() }: ProgressOptions,
): AsyncGenerator<ProcessEvent | ToolProgress, void, void> {
  const since = monotonic();
  const seen = createTally(showsLines);
  let ticks = 0;
  let isDue = false;
  let wake: () => void = () => undefined;
  const timer = setInterval(() => {
    ticks += 1;
    isDue = true;
    wake();
  }, intervalMs);
  let pending: Promise<IteratorResult<ProcessEvent, void>> | undefined;
  try {
    while (true) {
      if (isDue) {
        isDue = false;
        if (seen.isNew() || ticks % silentTimes === 0) yield { type: 'progress', message: seen.message(monotonic() - since) };
      }
      pending ??= events.next();
      const ticked = new Promise<undefined>((resolve) => {
        wake = () => resolve(undefined);
      });
      const next = await Promise.race([pending, ticked]);
      if (next === undefined) continue;
      pending = undefined;
      if (next.done === true) return;
      if (next.value.type === 'output') seen.add(next.value);
      yield next.value;
    }
  } finally {
    clearInterval(timer);
    await events.return();
  }
}

interface Tally {
  add(output: ProcessOutput): void;
  /** True where something was printed since the last message. */
  isNew(): boolean;
  message(elapsedMs: number): string;
}

function createTally(showsLines: boolean): Tally {
  let units = 0;
  let lines = 0;
  let told = -1;
  let waiting: ProcessOutput[] = [];
  // Most commands end before they are told of.
  let last: ReturnType<typeof createLastLine> | undefined;
  return {
    add: (output) => {
      units += output.text.length;
      for (let at = output.text.indexOf('\n'); at >= 0; at = output.text.indexOf('\n', at + 1)) lines += 1;
      if (showsLines && units <= maxShownUnits) waiting.push(output);
      else waiting = [];
    },
    isNew: () => units !== told,
    message: (elapsedMs) => {
      told = units;
      last ??= createLastLine();
      const shown = showsLines && units <= maxShownUnits ? last(waiting) : '';
      waiting = [];
      const size = units === 0 ? '' : `, ${lines.toLocaleString('en-US')} ${lines === 1 ? 'line' : 'lines'}, ${sizeOf(units)}`;
      return `${Math.round(elapsedMs / 1_000)} s${size}${shown === '' ? '' : `: ${shown}`}`;
    },
  };
}

/** Follows the last line that is not empty, by its structure without secrets: a line alone would not show that it is a Secret's. */
function createLastLine(): (outputs: readonly ProcessOutput[]) => string {
  const redactor = createRedactor();
  const streams = { stdout: redactor.stream(), stderr: redactor.stream() };
  const open = { stdout: '', stderr: '' };
  let last = '';
  return (outputs) => {
    for (const { stream, text } of outputs) {
      const held = open[stream] + streams[stream].write(text);
      const end = held.lastIndexOf('\n') + 1;
      open[stream] = held.slice(end).slice(-65_536);
      const complete = held.slice(0, end).trimEnd();
      const line = complete.slice(complete.lastIndexOf('\n') + 1);
      if (line !== '') last = line;
    }
    const plain = escapeHidden(last.trim());
    return plain.length > maxLineUnits ? `${plain.slice(0, maxLineUnits)}…` : plain;
  };
}

function sizeOf(units: number): string {
  if (units < 10_000) return `${units} B`;
  return units < 10_000_000 ? `${Math.round(units / 1_000)} kB` : `${Math.round(units / 1_000_000)} MB`;
}
