/** How much of a text is held back while it may still be a call. */
const maxHeld = 65_536;
const callKeys: ReadonlySet<string> = new Set([
  'name',
  'function',
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
]);
const tags = ['<tool_call', '<function', '<|tool', '<｜tool', '[TOOL_CALLS]', '<|python_tag|>'];

/** Whether a text that has come so far may still turn out to be a tool call written as text. */
export function mayBeCallText(text: string): boolean {
  const body = text.trimStart();
  if (body === '') return true;
  if (body.length > maxHeld) return false;
  if (tags.some((tag) => body.startsWith(tag) || tag.startsWith(body))) return true;
  return mayBeJsonCall(withoutFence(body));
}

function withoutFence(body: string): string | undefined {
  if (!body.startsWith('`')) return body;
  const fence = /^(`{1,3}$|```[a-z_]*$|```(?:json|tool_call|tool|)\s*\n)/i.exec(body);
  return fence === null ? undefined : body.slice(fence[0].length).trimStart();
}

function mayBeJsonCall(body: string | undefined): boolean {
  if (body === undefined) return false;
  if (body === '') return true;
  const opening = /^\[?\s*(\{\s*("[^"]*"?)?)?/.exec(body);
  if (opening === null || !/^[[{]/.test(body)) return false;
  const rest = body.slice(opening[0].length);
  const key = opening[2];
  if (key === undefined) return rest === '';
  const name = key.replaceAll('"', '');
  return key.length > 1 && key.endsWith('"') ? callKeys.has(name) : [...callKeys].some((known) => known.startsWith(name));
}

/** The tool that a text calls, where the text is nothing but calls of offered tools. */
export function callTextOf(text: string, tools: ReadonlySet<string>): string | undefined {
  const body = text.trim();
  const blocks = [...body.matchAll(toolCallBlock)];
  if (blocks.length > 0)
    return body.replaceAll(toolCallBlock, '').trim() === '' ? allOf(blocks.map((block) => calledIn(block[1] ?? '', tools))) : undefined;
  const tagged = /^(?:<\|tool[^>]*>|\[TOOL_CALLS\]|<\|python_tag\|>)\s*([\s\S]*?)\s*(?:<\|[^>]*>)?$/.exec(body);
  return calledIn(tagged?.[1] ?? body, tools);
}

const toolCallBlock = /<tool_call>\s*([\s\S]*?)\s*(?:<\/tool_call>|$)/g;

function calledIn(text: string, tools: ReadonlySet<string>): string | undefined {
  const fenced = /^```[a-z_]*\s*\n?([\s\S]*?)\n?\s*```$/i.exec(text.trim());
  const inner = (fenced?.[1] ?? text).trim();
  const named = /^<function[=\s]+(?:name=)?"?([\w.-]+)"?\s*>/.exec(inner)?.[1];
  if (named !== undefined) return tools.has(named) ? named : undefined;
  return calledBy(parse(inner), tools);
}

function allOf(names: readonly (string | undefined)[]): string | undefined {
  return names.every((name) => name !== undefined) ? names[0] : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.length > 1 ? lines.map(parseLine) : undefined;
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function calledBy(value: unknown, tools: ReadonlySet<string>): string | undefined {
  if (Array.isArray(value)) {
    return allOf(value.map((item) => calledBy(item, tools)));
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const nested = fields.get('tool_calls') ?? fields.get('tool_call') ?? fields.get('function');
  if (typeof nested === 'object' && nested !== null) return calledBy(nested, tools);
  const name = [fields.get('name'), fields.get('tool'), fields.get('tool_name'), fields.get('function'), fields.get('action')].find(
    (word) => typeof word === 'string',
  );
  const given =
    fields.has('arguments') || fields.has('parameters') || fields.has('args') || fields.has('input') || fields.has('action_input');
  return typeof name === 'string' && tools.has(name) && given ? name : undefined;
}
