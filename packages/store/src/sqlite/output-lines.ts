import type { OutputLine, OutputRef } from '@kw/agent';
import type { Access } from './access.ts';
import { decompress } from './compress.ts';
import { findChunk, findOutput, type StoredChunk } from './output-rows.ts';

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
    signal?.throwIfAborted();
    const chunk = await access.read((connection) => findChunk(connection, output.key, fromLine, before?.part ?? 0));
    if (before?.cut === true && !follows(before, chunk)) {
      if (before.lastLine >= fromLine && rest !== '') yield { number: before.lastLine, text: rest };
      rest = '';
    }
    if (chunk === undefined) return;
    const lines = (rest + (await decompress(chunk.data))).split('\n');
    rest = lines.pop() ?? '';
    let number = chunk.firstLine;
    for (const text of lines) {
      if (number >= fromLine) yield { number, text };
      number += 1;
    }
    if (rest.length >= maxPieceUnits) {
      if (number >= fromLine) yield { number, text: rest };
      rest = '';
    }
    before = chunk;
  }
}

// Whether a chunk begins inside the last line of the one before: not where the middle was dropped.
function follows(before: StoredChunk, chunk: StoredChunk | undefined): boolean {
  return chunk !== undefined && chunk.firstLine === before.lastLine && chunk.part === before.part + 1;
}
