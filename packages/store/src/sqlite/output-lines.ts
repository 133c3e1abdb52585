import type { OutputLine, OutputRef } from '@kw/agent';
import type { Access } from './access.ts';
import { decompress } from './compress.ts';
import { chunkKinds, findChunk, findOutput, type StoredChunk } from './output-rows.ts';

const maxPieceUnits = 1_048_576; // a longer line comes in pieces with one number

/** Kept lines in order, one chunk in memory at a time. A line of more than 1 Mi UTF-16 units comes in pieces with one number. */
export async function* readLines(
  access: Access,
  place: { readonly session: string; readonly ref: OutputRef },
  { fromLine = 1, signal }: { readonly fromLine?: number; readonly signal?: AbortSignal },
): AsyncGenerator<OutputLine> {
  const output = await access.read((connection) => findOutput(connection, place.session, place.ref));
  if (output === undefined) return;
  let rest = '';
  let before: StoredChunk | undefined;
  for (;;) {
    const after = before;
    const chunk = await access.read((connection) => findChunk(connection, output.key, { fromLine, after }));
    if (before?.cut === true && !follows(before, chunk)) {
      if (before.lastLine >= fromLine && rest !== '') yield { number: before.lastLine, text: rest };
      rest = '';
    }
    if (chunk === undefined) return;
    const text = await decompress(chunk.data);
    let number = chunk.firstLine;
    const lines =
      chunk.kind === chunkKinds.novel
        ? text.split('\n').map(parseNumbered)
        : (rest + text).split('\n').map((line, index) => ({ number: chunk.firstLine + index, text: line }));
    rest = '';
    if (chunk.kind !== chunkKinds.novel) {
      const last = lines.pop();
      rest = last?.text ?? '';
      number = last?.number ?? number;
    }
    for (const line of lines) {
      signal?.throwIfAborted();
      if (line.number >= fromLine) yield line;
    }
    if (rest.length >= maxPieceUnits) {
      if (number >= fromLine) yield { number, text: rest };
      rest = '';
    }
    before = chunk;
  }
}

/** The text of a chunk whose lines do not follow each other. */
export function writeNumbered(lines: readonly OutputLine[]): string {
  return lines.map(({ number, text }) => `${number}\t${text}`).join('\n');
}

function parseNumbered(line: string): OutputLine {
  const tab = line.indexOf('\t');
  return { number: Number(line.slice(0, tab)), text: line.slice(tab + 1) };
}

// Whether a chunk begins inside the last line of the one before: not where the middle was dropped.
function follows(before: StoredChunk, chunk: StoredChunk | undefined): boolean {
  return chunk !== undefined && chunk.kind !== chunkKinds.novel && chunk.part === before.part + 1;
}
