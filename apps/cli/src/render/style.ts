/** Styles a text, or leaves it plain where there is no colour. */
export interface Style {
  /** True where nothing is styled, so that what styling would say needs a sign. */
  readonly isPlain: boolean;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly italic: (text: string) => string;
  readonly underline: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** Makes the styles of a stream. */
export function createStyle(color: boolean): Style {
  const styler = (name: keyof typeof codes): ((text: string) => string) => {
    const [open, close] = codes[name];
    return (text) => (color ? `\u001b[${open}m${text}\u001b[${close}m` : text);
  };
  return {
    isPlain: !color,
    bold: styler('bold'),
    dim: styler('dim'),
    italic: styler('italic'),
    underline: styler('underline'),
    red: styler('red'),
    green: styler('green'),
    yellow: styler('yellow'),
    cyan: styler('cyan'),
  };
}

/** Whether a stream takes colour: a terminal, and neither NO_COLOR nor a dumb one. */
export function takesColor(stream: { readonly isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0') return true;
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
