/** How much of a text is held back while it may still be a call, in UTF-16 units. */
export const maxHeld = 65_536;

/** What opens a call in the formats of the model families; some are written in the middle of a line. */
export const callTags: readonly string[] = [
  '<tool_call',
  '<function=',
  '<function_call',
  '<|tool',
  '<｜tool',
  '[TOOL_CALLS]',
  '<|python_tag|>',
];

const callKeys: ReadonlySet<string> = new Set([
  'name',
  'function',
  'function_call',
  'function_name',
  'tool',
  'tool_name',
  'tool_call',
  'tool_calls',
  'type',
  'id',
  'arguments',
  'parameters',
  'args',
  'action',
  'thought',
]);

/** Whether a text that has come so far may still turn out to be a tool call written as text. */
export function mayBeCallText(text: string): boolean {
  const body = text.trimStart();
  if (body === '') return true;
  if (body.length > maxHeld) return false;
  if (callTags.some((tag) => body.startsWith(tag) || tag.startsWith(body))) return true;
  return mayBeJsonCall(withoutFence(body));
}

/** The place of the first letter that may open a call; -1 where all is prose. `lineBlank`: only blanks stood before on this line. */
export function placeOfOpening(text: string, lineBlank: boolean): number {
  for (const { index } of text.matchAll(/[<[{`]/g)) {
    const rest = text.slice(index, index + maxHeld);
    const tagged = callTags.some((tag) => rest.startsWith(tag) || tag.startsWith(rest));
    if (tagged || (opensLine(text, index, lineBlank) && mayBeCallText(rest))) return index;
  }
  return -1;
}

/** Whether nothing but blanks follows the last line break of a text. */
export function endsInBlankLine(text: string, lineBlank: boolean): boolean {
  return opensLine(text, text.length, lineBlank);
}

function opensLine(text: string, index: number, lineBlank: boolean): boolean {
  if (index > 0 && /\S/.test(text.charAt(index - 1))) return false;
  const lineStart = text.lastIndexOf('\n', index - 1) + 1;
  return text.slice(lineStart, index).trim() === '' && (lineStart > 0 || lineBlank);
}

function withoutFence(body: string): string | undefined {
  if (!body.startsWith('`')) return body;
  const fence = /^(`{1,3}$|```[a-z_]*$|```(?:json5?|tool_calls?|tool|python|)[ \t]*\r?\n)/i.exec(body);
  return fence === null ? undefined : body.slice(fence[0].length).trimStart();
}

function mayBeJsonCall(body: string | undefined): boolean {
  if (body === undefined) return false;
  if (body === '') return true;
  const opening = /^\[?\s*(\{\s*("[^"]*"?|'[^']*'?)?)?/.exec(body);
  if (opening === null || !/^[[{]/.test(body)) return false;
  const rest = body.slice(opening[0].length);
  const key = opening[2];
  if (key === undefined) return rest === '';
  const name = key.replaceAll(/["']/g, '');
  return key.length > 1 && key.endsWith(key[0] ?? '') ? callKeys.has(name) : [...callKeys].some((known) => known.startsWith(name));
}
