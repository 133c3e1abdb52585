import { KwError, type JsonValue } from '@kw/providers';

/** One step of a path: a member, an item (negative: from the end), or all of them. */
export type PathStep =
  | { readonly type: 'member'; readonly name: string }
  | { readonly type: 'item'; readonly index: number }
  | { readonly type: 'all' };

const maxPathUnits = 500;
const step = /\.?\[\]|\.?\[(-?\d{1,9})\]|\.?\[("(?:[^"\\]|\\.)*")\]|\.([A-Za-z_$][\w$-]*)|\.("(?:[^"\\]|\\.)*")/y;

/** Reads a path such as `.items[].metadata.name`, `.a["b.c"][0]`; `.` is the whole. Throws KwError `tool-input` that says where it stops being one. */
export function parsePath(text: string): readonly PathStep[] {
  const trimmed = text.trim();
  if (trimmed.length > maxPathUnits) throw new KwError('tool-input', `read_output: "path" must have at most ${maxPathUnits} characters`);
  const path = /^[.[]/.test(trimmed) ? trimmed : `.${trimmed}`;
  if (path === '.') return [];
  const steps: PathStep[] = [];
  step.lastIndex = 0;
  for (let at = 0; at < path.length; at = step.lastIndex) {
    step.lastIndex = at;
    const found = step.exec(path);
    if (found === null) {
      const hint = 'it knows .name, ["name"], [0], [-1] and [], such as .items[].metadata.name';
      throw new KwError('tool-input', `read_output: "path" is not understood from ${JSON.stringify(path.slice(at, at + 40))} on: ${hint}`);
    }
    const [, index, bracketed, name, quoted] = found;
    steps.push(stepOf({ index, name, text: bracketed ?? quoted }));
  }
  return steps;
}

function stepOf(found: {
  readonly index: string | undefined;
  readonly name: string | undefined;
  readonly text: string | undefined;
}): PathStep {
  const { index, name, text } = found;
  if (index !== undefined) return { type: 'item', index: Number(index) };
  if (name !== undefined) return { type: 'member', name };
  return text === undefined ? { type: 'all' } : { type: 'member', name: unquoted(text) };
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch (error) {
    throw new KwError('tool-input', `read_output: ${text.slice(0, 40)} in "path" is no JSON string`, { cause: error });
  }
}

/** The values at a path, in order. What is not there is left out. */
export function* selectPath(value: JsonValue, [first, ...rest]: readonly PathStep[]): Generator<JsonValue, void> {
  if (first === undefined) {
    yield value;
    return;
  }
  for (const inner of innerOf(value, first)) yield* selectPath(inner, rest);
}

function innerOf(value: JsonValue, wanted: PathStep): readonly JsonValue[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isList(value)) {
    if (wanted.type === 'all') return value;
    const item = wanted.type === 'item' ? value.at(wanted.index) : undefined;
    return item === undefined ? [] : [item];
  }
  if (wanted.type === 'all') return Object.values(value);
  const member = wanted.type === 'member' && Object.hasOwn(value, wanted.name) ? value[wanted.name] : undefined;
  return member === undefined ? [] : [member];
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
