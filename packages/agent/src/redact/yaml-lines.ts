import { mayBecomeKey } from './yaml-line.ts';

/** Where a line ends, or, with a width of 0, up to where its text is certain. */
export interface LineEnd {
  readonly at: number;
  readonly width: number;
  /** True where nothing of the document can follow. */
  readonly hard: boolean;
}

/** Where idle text ends, and whether a line begins there. */
export interface IdleEnd {
  readonly to: number;
  readonly lineStart: boolean;
}

/** How lines are written: with line feeds, or as `\n` inside a JSON string. */
export interface LineRules {
  end(text: string, from: number, final: boolean): LineEnd;
  /** Up to where text without structure passes: to the beginning of the next line that begins one, or of an end that still may. */
  idle(text: string, from: number, options: { readonly lineStart: boolean; readonly final: boolean }): IdleEnd;
  /** True where a line begins a structure. */
  begins(line: string): boolean;
}

const structure =
  '[ \\t]*(?:- +)*(?:(?:"[^"\\n]{0,120}\\\\[^"\\n]{0,120}"|apiVersion|kind|data|stringData|name|value):(?=[ \\t\\r\\n\\\\]|$)|[\\w./$][\\w.\\-/$]{0,120}:[ \\t]+[|>"\'!&\\\\])';

/** Names in quotes: in JSON, a comma or a bracket ends the line. */
const quotedStructure = '[ \\t]*"(?:apiVersion|kind|data|stringData)":[ \\t]*(?:"[^"\\n]{0,80}")?[ \\t\\r]*$';

/** Lines that end with a line feed. */
export function plainLines(): LineRules {
  const begins = new RegExp(`^(?:${structure}|${quotedStructure})`, 'gm');
  const one = new RegExp(`^(?:${structure}|${quotedStructure})`);
  return {
    end: (text, from) => {
      const at = text.indexOf('\n', from);
      return at === -1 ? { at: text.length, width: 0, hard: false } : { at, width: 1, hard: false };
    },
    idle: (text, from, { lineStart, final }) => {
      begins.lastIndex = from;
      const found = lineStart ? begins.exec(text)?.index : undefined;
      return { to: found ?? (final ? text.length : Math.max(from, text.lastIndexOf('\n') + 1)), lineStart: true };
    },
    begins: (line) => one.test(line),
  };
}

/** So much of an end can still become the beginning of a structure. */
const openUnits = 320;
const openEnd = /(?:\\*"|\\+n?)(?:[ \t]{0,100}(?:- ?)*[\w./$]?[\w.\-/$]{0,120}(?::[ \t]{0,40})?)$/;

/** Lines inside a JSON string: they end with `\n`, and the document with the string. */
export function escapedLines(): LineRules {
  const opening = new RegExp(`(?<!\\\\)(?:\\\\n|")(?=${structure})`, 'g');
  const one = new RegExp(`^${structure}`);
  const sticky = new RegExp(structure, 'y');
  const ends = /\\+n?|["\n]/g;
  return {
    end: (text, from, final) => {
      ends.lastIndex = from;
      for (let found = ends.exec(text); found !== null; found = ends.exec(text)) {
        const [all] = found;
        if (all === '\\n') return { at: found.index, width: 2, hard: false };
        if (all === '"' || all === '\n') return { at: found.index, width: 1, hard: true };
        const behind = found.index + all.length;
        if (behind === text.length && !all.endsWith('n') && !final) return { at: found.index, width: 0, hard: false };
        // A quote behind backslashes is a part of the line.
        if (!all.endsWith('n') && text[behind] === '"') ends.lastIndex = behind + 1;
      }
      return { at: text.length, width: 0, hard: false };
    },
    idle: (text, from, { lineStart, final }) => {
      sticky.lastIndex = from;
      if (lineStart && sticky.test(text)) return { to: from, lineStart };
      opening.lastIndex = from;
      const found = opening.exec(text);
      if (found !== null) return { to: found.index + found[0].length, lineStart: true };
      if (final) return { to: text.length, lineStart: false };
      if (lineStart && text.length - from < openUnits && mayBecomeKey(text.slice(from).trimEnd())) return { to: from, lineStart };
      const tail = Math.max(from, text.length - openUnits);
      const open = openEnd.exec(text.slice(tail));
      return { to: open === null ? text.length : tail + open.index, lineStart: false };
    },
    begins: (line) => one.test(line),
  };
}
