/** Turns a text into another as it comes; the result does not depend on how it was cut. Holds a bounded part back. */
export interface Transducer {
  write(chunk: string): string;
  /** The rest; nothing may be written afterwards. */
  end(): string;
}

/** One transducer behind the other. */
export function chain(stages: readonly Transducer[]): Transducer {
  return {
    write: (chunk) => {
      let text = chunk;
      for (const stage of stages) {
        if (text === '') return '';
        text = stage.write(text);
      }
      return text;
    },
    end: () => {
      let text = '';
      for (const stage of stages) text = (text === '' ? '' : stage.write(text)) + stage.end();
      return text;
    },
  };
}

/** Longest text that goes through a transducer at once, so that no stage sees all of a large one. */
export const sliceUnits = 65_536;

/** A text in slices; none for an empty one. */
export function* slicesOf(text: string): Iterable<string> {
  for (let start = 0; start < text.length; start += sliceUnits) yield text.slice(start, start + sliceUnits);
}

/** A whole text through a transducer, in slices. */
export function transduce(transducer: Transducer, text: string): string {
  if (text.length <= sliceUnits) return transducer.write(text) + transducer.end();
  let result = '';
  for (const slice of slicesOf(text)) result += transducer.write(slice);
  return result + transducer.end();
}
