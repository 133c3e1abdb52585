/** A line of YAML, as far as it matters here. */
export type YamlLine =
  | { readonly type: 'blank' | 'comment' | 'separator' | 'other'; readonly indent: number }
  | {
      readonly type: 'key';
      /** Where its first dash or its key stands. */
      readonly indent: number;
      /** Where its key stands. */
      readonly column: number;
      readonly dash: boolean;
      readonly key: string;
      /** Where the value begins; the length of the line where there is none. */
      readonly valueAt: number;
      readonly value: string;
    };

// A key may hold a mark already.
const keyLine =
  /^([ \t]*)((?:- +)*)("(?:[^"\\\n]|\\.){0,120}"|'[^'\n]{0,120}'|(?:\[redacted:[a-z-]{1,20}\]|[\w./$])(?:\[redacted:[a-z-]{1,20}\]|[\w.\-/$]){0,120}):(?:([ \t]+)|\r?$)/;
const openKey =
  /^[ \t]*(?:- *)*(?:"(?:[^"\\\n]|\\.){0,120}\\?"?|'[^'\n]{0,120}'?|(?:\[redacted:[a-z-]{1,20}\]|[\w./$])(?:\[redacted:[a-z-]{1,20}\]|[\w.\-/$]){0,120})?(?:\[[redact]{0,8}(?::[a-z-]{0,20})?)?:?\r?$/;

/** True where more text may still make a key line of a line's beginning. */
export function mayBecomeKey(start: string): boolean {
  return openKey.test(start) || /^-{1,3}\r?$|^\.{1,3}\r?$/.test(start);
}

/** Reads one line, without its line feed, or enough of its beginning. */
export function readYamlLine(line: string): YamlLine {
  const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  const body = line.slice(indent);
  if (body === '' || body === '\r') return { type: 'blank', indent };
  if (body.startsWith('#')) return { type: 'comment', indent };
  if (indent === 0 && /^(?:---|\.\.\.)(?:[ \t\r]|$)/.test(body)) return { type: 'separator', indent };
  const match = keyLine.exec(line);
  if (match === null) return { type: 'other', indent };
  const [all, space = '', dashes = '', rawKey = ''] = match;
  const value = line.slice(all.endsWith('\r') ? all.length - 1 : all.length);
  // A line of JSON is no line of YAML, though YAML would take it.
  if (rawKey.startsWith('"') && /^(?:\{|\[(?!redacted:))|,\r?$/.test(value)) return { type: 'other', indent };
  return {
    type: 'key',
    indent: space.length,
    column: space.length + dashes.length,
    dash: dashes !== '',
    // A name that was redacted itself tells nothing.
    key: rawKey.includes('[redacted:') ? '' : unquote(rawKey),
    valueAt: line.length - value.length,
    value: value.trim().startsWith('#') ? '' : value.trim(),
  };
}

/** A scalar without its quotes; a comment behind a plain one is left out. */
export function unquote(scalar: string): string {
  if (scalar.startsWith('"')) {
    const end = scalar.lastIndexOf('"');
    return scalar.slice(1, end > 0 ? end : undefined).replace(/\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/g, (escape) => {
      const hex = escape.slice(2);
      if (hex === '') return escape.slice(1);
      const code = Number.parseInt(hex, 16);
      return code > 0x10ffff ? '' : String.fromCodePoint(code);
    });
  }
  if (scalar.startsWith("'")) {
    const end = scalar.lastIndexOf("'");
    return scalar.slice(1, end > 0 ? end : undefined).replaceAll("''", "'");
  }
  return scalar.replace(/\s+#.*$/, '');
}

/** True where the lines below belong to the value: a block scalar, or a quote or flow that does not end here. */
export function goesOn(value: string): boolean {
  if (/^(?:[!&]\S+\s+)*[|>][-+0-9]*\s*(?:#.*)?$/.test(value)) return true;
  if (value.startsWith('"')) return !/[^\\](?:\\\\)*"\s*(?:#.*)?$/.test(value) || value === '"';
  if (value.startsWith("'")) return (value.match(/'/g)?.length ?? 0) % 2 === 1;
  return false;
}
