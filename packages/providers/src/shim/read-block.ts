import type { JsonValue } from '../json.ts';
import { isJsonObject, parseJson } from '../parse-json.ts';
import { brokenArguments, callsOfNode, type FoundCall, type NodeContext, type OfferedTools, offeredName } from './call-of-json.ts';
import { readJson, skipBlank } from './lenient-json.ts';

/** A piece of a text that writes down calls. */
export interface CallBlock {
  readonly end: number;
  readonly calls: readonly FoundCall[];
  /** A tag says that it is a call; else only its shape does. */
  readonly marked: boolean;
}

const tagged = /(?:<(tool_calls?|function_call)>|<\|tool_calls?(?:_begin|_start|_section_begin)?\|>|\[TOOL_CALLS\]|<\|python_tag\|>)\s*/y;
const closing = /\s*(?:<\/(?:tool_calls?|function_call)>|<\|\/?tool_calls?(?:_end|_section_end)?\|>|<\|e[a-z]+_id\|>)/y;
const fenced = /(`{1,3})(?:json5?|tool_calls?|tool|python)?[ \t]*(?:\r?\n)?/iy;
const xml = /<function(?:=|\s+name=)"?([\w.:-]+)"?\s*>/y;
const parameter = /\s*<parameter(?:=|\s+name=)"?([\w.-]+)"?\s*>\n?([\s\S]*?)\n?<\/parameter>/y;
const deepSeek = /<｜tool▁calls▁begin｜>\s*/y;
const deepSeekCall = /<｜tool▁call▁begin｜>(?:function<｜tool▁sep｜>)?\s*([\w.:-]+)(?:<｜tool▁sep｜>)?\s*/y;
const namedThenJson = /([\w.:-]+)\s*(?:\[CALL_ID\][\w-]*)?\s*\[ARGS\]\s*/y;
/** Where a broken call still says what it is. */
const guessUnits = 4_096;
const guessedName = /["'](?:name|tool_name|tool|function_name|function|action)["']\s*:\s*["']([\w.:-]{1,64})["']/;
const guessedArguments = /["'](?:arguments|parameters|args|params|input|tool_input|action_input)["']\s*:/;

/** The block of calls that begins at a place of a text, whole or broken; undefined where there is none. */
export function readBlock(text: string, at: number, tools: OfferedTools): CallBlock | undefined {
  return (
    readTagged(text, at, tools) ??
    readDeepSeek(text, at, tools) ??
    readXmlBlock(text, at, tools) ??
    readFenced(text, at, tools) ??
    readBare(text, at, tools)
  );
}

function readTagged(text: string, at: number, tools: OfferedTools): CallBlock | undefined {
  const open = match(tagged, text, at);
  if (open === undefined) return undefined;
  const context = { text, tools, marked: true };
  const inner = open.end;
  const found =
    readXml(text, inner, tools) ?? readNamed(text, inner, tools) ?? readJsonCalls(inner, context) ?? readFenceIn(inner, context);
  if (found !== undefined && closes(text, found.end))
    return { ...found, end: match(closing, text, found.end)?.end ?? found.end, marked: true };
  const close = new RegExp(closing.source, 'g');
  close.lastIndex = inner;
  const last = close.exec(text);
  const end = last === null ? text.length : last.index;
  return { end: last === null ? end : close.lastIndex, calls: [broken(text.slice(inner, end), tools)], marked: true };
}

/** After the calls of a tag comes its end, the text's end, or another call. */
function closes(text: string, at: number): boolean {
  return skipBlank(text, at) === text.length || match(closing, text, at) !== undefined || /[<[]/.test(text[skipBlank(text, at)] ?? '');
}

function readFenceIn(at: number, context: NodeContext): Omit<CallBlock, 'marked'> | undefined {
  const open = match(fenced, context.text, at);
  const found = open === undefined ? undefined : readJsonCalls(open.end, context);
  return found === undefined ? undefined : { ...found, end: afterFence(context.text, found.end, open?.groups[1] ?? '') ?? found.end };
}

function readFenced(text: string, at: number, tools: OfferedTools): CallBlock | undefined {
  const open = match(fenced, text, at);
  if (open === undefined) return undefined;
  const ticks = open.groups[1] ?? '';
  const context = { text, tools, marked: false };
  const found = readXml(text, open.end, tools) ?? readJsonCalls(open.end, context);
  const end = found === undefined ? undefined : afterFence(text, found.end, ticks);
  if (found !== undefined && end !== undefined) return { calls: found.calls, end, marked: false };
  const close = text.indexOf(`\n${ticks}`, open.end);
  return readBroken(text, { from: open.end, end: close === -1 ? text.length : close + 1 + ticks.length, tools });
}

/** The place after a closing fence, or the text's end where it is missing there. */
function afterFence(text: string, at: number, ticks: string): number | undefined {
  const close = skipBlank(text, at);
  if (close === text.length) return close;
  return text.startsWith(ticks, close) ? close + ticks.length : undefined;
}

function readBare(text: string, at: number, tools: OfferedTools): CallBlock | undefined {
  if (text[at] !== '{' && text[at] !== '[') return undefined;
  const context = { text, tools, marked: false };
  const node = readJson(text, at);
  if (node === undefined) return readBroken(text, { from: at, end: text.length, tools });
  const calls = callsOfNode(node, context);
  return calls === undefined ? undefined : { end: node.end, calls, marked: false };
}

/** One JSON value that writes down calls, or several. */
function readJsonCalls(from: number, context: NodeContext): Omit<CallBlock, 'marked'> | undefined {
  const calls: FoundCall[] = [];
  let end = from;
  for (;;) {
    const at = skipBlank(
      context.text,
      context.text[skipBlank(context.text, end)] === ',' && calls.length > 0 ? skipBlank(context.text, end) + 1 : end,
    );
    const node = context.text[at] === '{' || context.text[at] === '[' ? readJson(context.text, at) : undefined;
    const found = node === undefined ? undefined : callsOfNode(node, context);
    if (node === undefined || found === undefined) return calls.length === 0 ? undefined : { end, calls };
    calls.push(...found);
    end = node.end;
  }
}

function readXmlBlock(text: string, at: number, tools: OfferedTools): CallBlock | undefined {
  const found = readXml(text, at, tools);
  if (found !== undefined) return { ...found, marked: true };
  const open = match(xml, text, at);
  return open === undefined ? undefined : { end: text.length, calls: [broken(text.slice(at), tools, open.groups[1])], marked: true };
}

/** `<function=NAME>` with parameters as tags, or with a JSON object. */
function readXml(text: string, from: number, tools: OfferedTools): Omit<CallBlock, 'marked'> | undefined {
  const open = match(xml, text, skipBlank(text, from));
  if (open === undefined) return undefined;
  const name = offeredName(open.groups[1] ?? '', tools);
  const found =
    text[skipBlank(text, open.end)] === '{' ? readObject(text, open.end) : readParameters(text, open.end, tools.get(name)?.parameters);
  const end = found === undefined ? undefined : match(/\s*<\/function>/y, text, found.end)?.end;
  if (found === undefined || end === undefined) return undefined;
  return { end, calls: [{ name, offered: tools.has(name), arguments: found.text }] };
}

function readParameters(text: string, from: number, schema: JsonValue | undefined): { readonly text: string; readonly end: number } {
  const properties = isJsonObject(schema) ? schema['properties'] : undefined;
  const known = new Map(isJsonObject(properties) ? Object.entries(properties) : []);
  const values = new Map<string, JsonValue>();
  let end = from;
  for (let next = match(parameter, text, end); next !== undefined; next = match(parameter, text, end)) {
    const name = next.groups[1] ?? '';
    const raw = next.groups[2] ?? '';
    const type = known.get(name);
    const isText = !isJsonObject(type) || type['type'] === 'string';
    values.set(name, isText ? raw : (parseJson(raw.trim()) ?? raw));
    end = next.end;
  }
  return { text: JSON.stringify(Object.fromEntries(values)), end };
}

function readObject(text: string, from: number): { readonly text: string; readonly end: number } | undefined {
  const node = readJson(text, from);
  if (node?.members === undefined || node.doubled === true) return undefined;
  return { text: node.repaired ? JSON.stringify(node.value) : text.slice(node.start, node.end), end: node.end };
}

/** `NAME[ARGS]{...}`, as newer Mistral models write it. */
function readNamed(text: string, from: number, tools: OfferedTools): Omit<CallBlock, 'marked'> | undefined {
  const open = match(namedThenJson, text, from);
  const found = open === undefined ? undefined : readObject(text, open.end);
  if (found === undefined) return undefined;
  const name = offeredName(open?.groups[1] ?? '', tools);
  return { end: found.end, calls: [{ name, offered: tools.has(name), arguments: found.text }] };
}

function readDeepSeek(text: string, at: number, tools: OfferedTools): CallBlock | undefined {
  const open = match(deepSeek, text, at);
  if (open === undefined) return undefined;
  const calls: FoundCall[] = [];
  let end = open.end;
  for (let next = match(deepSeekCall, text, end); next !== undefined; next = match(deepSeekCall, text, end)) {
    const name = offeredName(next.groups[1] ?? '', tools);
    const fence = match(fenced, text, next.end);
    const found = readObject(text, fence?.end ?? next.end);
    const after = match(/\s*(?:```)?\s*<｜tool▁call▁end｜>\s*/y, text, found?.end ?? next.end);
    if (found === undefined || after === undefined)
      return { end: text.length, calls: [...calls, broken(text.slice(next.end), tools, name)], marked: true };
    calls.push({ name, offered: tools.has(name), arguments: found.text });
    end = after.end;
  }
  if (calls.length === 0) return { end: text.length, calls: [broken(text.slice(end), tools)], marked: true };
  return { end: match(/<｜tool▁calls▁end｜>(?:<｜end▁of▁sentence｜>)?/y, text, end)?.end ?? end, calls, marked: true };
}

/** A text without a tag that is no JSON but names an offered tool and its arguments. */
function readBroken(
  text: string,
  { from, end, tools }: { readonly from: number; readonly end: number; readonly tools: OfferedTools },
): CallBlock | undefined {
  const shaped =
    /^\s*\[?\s*\{/.test(text.slice(from, from + 64)) && guessedArguments.test(text.slice(from, Math.min(end, from + guessUnits)));
  // Told by its beginning: to read all that follows, at each place where a call could begin, takes seconds.
  if (!shaped || !tools.has(guessedNameOf(text.slice(from, Math.min(end, from + guessUnits)), tools))) return undefined;
  return { end, calls: [broken(text.slice(from, end), tools)], marked: false };
}

function broken(raw: string, tools: OfferedTools, known?: string): FoundCall {
  const name = known === undefined ? guessedNameOf(raw, tools) : offeredName(known, tools);
  return { name, offered: tools.has(name), arguments: brokenArguments(raw.trim()) };
}

function guessedNameOf(raw: string, tools: OfferedTools): string {
  return offeredName(guessedName.exec(raw.slice(0, guessUnits))?.[1] ?? xmlName(raw) ?? '', tools);
}

function xmlName(raw: string): string | undefined {
  return match(xml, raw, skipBlank(raw, 0))?.groups[1];
}

interface Matched {
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

function match(sticky: RegExp, text: string, at: number): Matched | undefined {
  sticky.lastIndex = at;
  const found = sticky.exec(text);
  return found === null ? undefined : { end: sticky.lastIndex, groups: [...found] };
}
