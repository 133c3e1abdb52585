/** Long pastes, of which a line shows only the name. */
export interface Pastes {
  /** What is put into the line for a pasted text. */
  take(text: string): string;
  /** The line with all of the pasted texts in their places. */
  expand(line: string): string;
}

/** A paste with more lines or characters is shown by its name. */
const longLines = 8;
const longCharacters = 1_000;

/** Keeps pastes while a line is written; without names for them every paste is shown whole. */
export function createPastes(label?: (number: number, lines: number) => string): Pastes {
  const kept = new Map<string, string>();
  return {
    take: (pasted) => {
      const text = cleaned(pasted);
      const lines = text.split('\n').length;
      if (label === undefined || (lines <= longLines && text.length <= longCharacters)) return text;
      const name = label(kept.size + 1, lines);
      kept.set(name, text);
      return name;
    },
    expand: (line) => {
      let text = line;
      for (const [name, pasted] of kept) text = text.split(name).join(pasted);
      return text;
    },
  };
}

/** Newlines as ours, without the controls that a terminal would act on. */
function cleaned(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(styling, '').replaceAll(controls, '').replace(/\n+$/, '');
}

const styling = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');
// eslint-disable-next-line no-control-regex -- the controls are the point
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
