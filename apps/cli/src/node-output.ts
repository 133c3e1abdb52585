import type { Writable } from 'node:stream';
import type { Output } from './host.ts';

/** A longer text is handed on in slices: a stream makes room for three bytes a letter before it looks how many there are. */
const sliceUnits = 65_536;

/** A stream, and what it has where it is a terminal. */
export type Stream = Writable & Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>>;

/** A stream as an output. */
export function outputOf(stream: Stream): Output {
  return {
    write: (text) => {
      for (const slice of slicesOf(text)) stream.write(slice);
    },
    drained: () => drained(stream),
    isTTY: stream.isTTY === true,
    columns: () => stream.columns || 80,
    rows: () => stream.rows || 24,
  };
}

function* slicesOf(text: string): Iterable<string> {
  if (text.length <= sliceUnits) return yield text;
  for (let start = 0; start < text.length;) {
    const cutsLetter = /[\ud800-\udbff]/.test(text.charAt(start + sliceUnits - 1));
    const end = start + sliceUnits - (cutsLetter ? 1 : 0);
    yield text.slice(start, end);
    start = end;
  }
}

/** Whoever does not read, or has gone, must not make the program hold what it cannot write. */
function drained(stream: Writable): Promise<void> {
  if (!stream.writableNeedDrain || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      for (const name of ends) stream.removeListener(name, done);
      resolve();
    };
    for (const name of ends) stream.on(name, done);
  });
}

const ends = ['drain', 'close', 'error', 'finish'] as const;
