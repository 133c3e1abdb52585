import type { ToolSpec } from '../chat-model.ts';
import type { JsonValue } from '../json.ts';
import { isJsonObject, parseJson } from '../parse-json.ts';
import type { JsonNode } from './lenient-json.ts';

/** A call that was read out of a text. */
export interface TextCall {
  /** Empty where it could not be read. */
  readonly name: string;
  /** The model's own bytes where they are strict JSON. Those of a broken call are no JSON object, so that it can not run. */
  readonly arguments: string;
}

/** A call as it stood in the text. */
export interface FoundCall extends TextCall {
  readonly offered: boolean;
}

/** The offered tools by name. */
export type OfferedTools = ReadonlyMap<string, Pick<ToolSpec, 'name'> & Partial<ToolSpec>>;

const wrappers = ['tool_calls', 'tool_call', 'function_call', 'function', 'action'];
const nameKeys = ['name', 'tool_name', 'tool', 'function_name', 'function', 'action'];
const argumentKeys = ['arguments', 'parameters', 'args', 'params', 'input', 'tool_input', 'action_input'];
/** Said beside a call, without a meaning for it. */
const besideKeys: ReadonlySet<string> = new Set(['type', 'id', 'index', 'thought', 'reason', ...nameKeys]);

/** What is needed to read a node. */
export interface NodeContext {
  readonly text: string;
  readonly tools: OfferedTools;
  /** It stands in a tag that is for calls only. */
  readonly marked: boolean;
}

/** The calls that a JSON value writes down; undefined where it is something else. */
export function callsOfNode(node: JsonNode, context: NodeContext): readonly FoundCall[] | undefined {
  if (node.items !== undefined) {
    const each = node.items.map((item) => callsOfNode(item, context));
    return each.length > 0 && each.every((calls) => calls !== undefined) ? each.flat() : undefined;
  }
  const { members } = node;
  if (members === undefined) return undefined;
  const inner = wrappers.map((key) => members.get(key)).find((member) => member?.members !== undefined || member?.items !== undefined);
  const nested = inner === undefined ? undefined : callsOfNode(inner, context);
  if (nested !== undefined) return nested;
  const named = nameKeys.map((key) => members.get(key)?.value).find((value) => typeof value === 'string');
  if (typeof named !== 'string') return undefined;
  const name = offeredName(named, context.tools);
  const read = argumentsOf(members, name, context);
  if (read === undefined) return undefined;
  const raw = context.text.slice(node.start, node.end);
  return [
    { name, offered: context.tools.has(name), arguments: node.doubled === true || read === 'broken' ? brokenArguments(raw) : read.exact },
  ];
}

/** The arguments of a call that can not be read: its text, made sure to be no JSON object. */
export function brokenArguments(raw: string): string {
  return isJsonObject(parseJson(raw)) ? `unreadable call: ${raw}` : raw;
}

/** A name as it is offered: some models write `functions.kubectl` or `kubectl:0`. */
export function offeredName(name: string, tools: OfferedTools): string {
  if (tools.has(name)) return name;
  const bare = name
    .trim()
    .replace(/^functions?[.:]/, '')
    .replace(/:\d+$/, '');
  return tools.has(bare) ? bare : name;
}

function argumentsOf(
  members: ReadonlyMap<string, JsonNode>,
  name: string,
  { text, tools, marked }: NodeContext,
): { readonly exact: string } | 'broken' | undefined {
  const key = argumentKeys.find((one) => members.has(one));
  const given = key === undefined ? undefined : members.get(key);
  if (given === undefined) return flatArguments(members, name, { tools, marked });
  if (given.members !== undefined) return given.doubled === true ? 'broken' : { exact: exactText(given, text) };
  if (typeof given.value === 'string' && isJsonObject(parseJson(given.value))) return { exact: given.value };
  if (given.value === null || given.value === '') return { exact: '{}' };
  // A container of a manifest has a name and args, too.
  return marked || (typeof given.value === 'string' && tools.has(name)) ? 'broken' : undefined;
}

function exactText(node: JsonNode, text: string): string {
  return node.repaired ? JSON.stringify(node.value) : text.slice(node.start, node.end);
}

/** Arguments that stand beside the name: all of them must be parameters of the tool, with values of their types. */
function flatArguments(
  members: ReadonlyMap<string, JsonNode>,
  name: string,
  { tools, marked }: Pick<NodeContext, 'tools' | 'marked'>,
): { readonly exact: string } | undefined {
  const others = [...members].filter(([key]) => !besideKeys.has(key));
  if (others.length === 0) return marked ? { exact: '{}' } : undefined;
  const properties = tools.get(name)?.parameters?.['properties'];
  if (!isJsonObject(properties)) return undefined;
  const known = new Map(Object.entries(properties));
  if (nameKeys.some((key) => known.has(key))) return undefined;
  const own = [...members].filter(([key]) => known.has(key));
  if (!others.every(([key, { value }]) => known.has(key) && fits(value, known.get(key)))) return undefined;
  return { exact: JSON.stringify(Object.fromEntries(own.map(([key, { value }]) => [key, value]))) };
}

function fits(value: JsonValue, schema: JsonValue | undefined): boolean {
  const type = isJsonObject(schema) ? schema['type'] : undefined;
  const own = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return typeof type !== 'string' || type === own || (type === 'integer' && Number.isInteger(value));
}
