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

const sliceUnits = 65_536;

/** A whole text through a transducer, in slices, so that no stage sees all of a large text at once. */
export function transduce(transducer: Transducer, text: string): string {
  if (text.length <= sliceUnits) return transducer.write(text) + transducer.end();
  let result = '';
  for (let start = 0; start < text.length; start += sliceUnits) result += transducer.write(text.slice(start, start + sliceUnits));
  return result + transducer.end();
}
