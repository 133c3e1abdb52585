/** A stretch of an output that is kept together. */
export interface LineChunk {
  readonly text: string;
  /** UTF-8 bytes. */
  readonly bytes: number;
  /** The lines that it has a part of, from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** True where its last line goes on in the next chunk. */
  readonly cut: boolean;
}

/** Cuts a text that comes in pieces into chunks, at ends of lines where it can. */
export interface LineChunker {
  /** The chunks that are complete with this piece. */
  push(text: string): readonly LineChunk[];
  /** The rest. */
  end(): readonly LineChunk[];
  readonly bytes: number;
  readonly lines: number;
}

const encoder = new TextEncoder();

/** Makes a chunker whose chunks have about `chunkUnits` UTF-16 units. */
export function createLineChunker(chunkUnits: number): LineChunker {
  let pending = '';
  let bytes = 0;
  let line = 1; // the line that the next unit belongs to
  let inLine = false; // whether that line has begun already

  const take = (end: number): LineChunk => {
    const text = pending.slice(0, end);
    pending = pending.slice(end);
    const size = encoder.encode(text).length;
    const newlines = countNewlines(text);
    const cut = !text.endsWith('\n');
    const firstLine = line;
    bytes += size;
    line += newlines;
    inLine = cut;
    return { text, bytes: size, firstLine, lastLine: cut ? line : line - 1, cut };
  };

  return {
    push: (text) => {
      pending += text;
      const chunks: LineChunk[] = [];
      while (pending.length >= chunkUnits) {
        const newline = pending.lastIndexOf('\n', chunkUnits - 1);
        chunks.push(take(newline >= 0 ? newline + 1 : wholeUnits(pending, chunkUnits)));
      }
      return chunks;
    },
    end: () => (pending === '' ? [] : [take(pending.length)]),
    get bytes() {
      return bytes;
    },
    get lines() {
      return inLine ? line : line - 1;
    },
  };
}

// A pair of surrogates is not cut.
function wholeUnits(text: string, end: number): number {
  const unit = text.charCodeAt(end - 1);
  return unit >= 0xd8_00 && unit < 0xdc_00 && end > 1 ? end - 1 : end;
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
