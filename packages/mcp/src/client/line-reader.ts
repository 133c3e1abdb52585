/** Takes bytes and gives whole lines. */
export interface LineReader {
  /** The lines that are complete now. Throws RangeError where one is longer than the limit. */
  read(chunk: Uint8Array): readonly string[];
}

const newline = 10;

/** Makes a reader of lines of at most `maxBytes`; a line is put together once, however many pieces it came in. */
export function lineReader(maxBytes: number): LineReader {
  let parts: Uint8Array[] = [];
  let size = 0;
  const decoder = new TextDecoder();
  const take = (last: Uint8Array): string => {
    const whole = new Uint8Array(size + last.length);
    let at = 0;
    for (const part of [...parts, last]) {
      whole.set(part, at);
      at += part.length;
    }
    parts = [];
    size = 0;
    return decoder.decode(whole).replace(/\r$/, '');
  };
  return {
    read: (chunk) => {
      const lines: string[] = [];
      let from = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
        lines.push(take(chunk.subarray(from, end)));
        from = end + 1;
      }
      const rest = chunk.subarray(from);
      if (rest.length > 0) parts.push(Uint8Array.from(rest));
      size += rest.length;
      if (size > maxBytes) throw new RangeError(`a line of more than ${maxBytes} bytes`);
      return lines;
    },
  };
}
