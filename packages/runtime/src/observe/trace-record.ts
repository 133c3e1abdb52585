/** A value of a trace record; `undefined` is left out. */
export type TraceValue = string | number | boolean | undefined | readonly string[] | { readonly [name: string]: TraceValue };

/** One YAML document: a comment-free map whose long texts stand as they are. */
export function renderRecord(record: Readonly<Record<string, TraceValue>>): string {
  return `---\n${mapLines(record, '').join('\n')}\n`;
}

function mapLines(record: Readonly<Record<string, TraceValue>>, indent: string): readonly string[] {
  return Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : pairLines(name, value, indent)));
}

function pairLines(name: string, value: Exclude<TraceValue, undefined>, indent: string): readonly string[] {
  const key = `${indent}${name}:`;
  if (typeof value === 'string') return textLines(key, value, indent);
  if (typeof value !== 'object') return [`${key} ${value}`];
  if (isList(value)) return [`${key} ${JSON.stringify(value)}`];
  const lines = mapLines(value, `${indent}  `);
  return lines.length === 0 ? [`${key} {}`] : [key, ...lines];
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}

/** A block keeps several lines readable; what a block can not hold exactly is written as a JSON string, which YAML reads as well. */
function textLines(key: string, text: string, indent: string): readonly string[] {
  if (!text.includes('\n') || /[^\P{Cc}\n\t]|[\u2028\u2029\ufeff\ud800-\udfff]/u.test(text) || /^\s*$/.test(text))
    return [`${key} ${JSON.stringify(text)}`];
  const end = /\n*$/.exec(text)?.[0].length ?? 0;
  const chomp = end === 0 ? '-' : end === 1 ? '' : '+';
  const lines = text.slice(0, end === 0 ? undefined : -1).split('\n');
  return [`${key} |2${chomp}`, ...lines.map((line) => (line === '' ? '' : `${indent}  ${line}`))];
}
