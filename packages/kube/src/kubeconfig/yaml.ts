import { invalid } from './fields.ts';
import { toPrintable } from '../text.ts';

/** Aliases that one file may expand to; real kubeconfig files have none. */
const maxAliases = 100;
/** Nesting that a file may have; real ones stay below 10. */
const maxDepth = 64;

/** Parses one YAML 1.2 (or JSON) document into Maps, lists and scalars, or throws one error that names the source. */
export async function parseYamlDocument(text: string, source: string): Promise<unknown> {
  const { parseDocument } = await import('yaml');
  let value: unknown;
  try {
    const document = parseDocument(text, { schema: 'core', uniqueKeys: true, logLevel: 'error', prettyErrors: true });
    const problem = document.errors[0];
    if (problem !== undefined) throw problem;
    value = document.toJS({ mapAsMap: true, maxAliasCount: maxAliases });
  } catch (error) {
    throw invalid(source, `it can't be read as YAML: ${firstLine(error)}`, error);
  }
  if (depthOf(value, 0) > maxDepth) throw invalid(source, `it is nested deeper than ${maxDepth} levels.`);
  return value;
}

function firstLine(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply.';
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith('Excessive alias count')) return `its aliases expand to more than ${maxAliases} nodes.`;
  const line = toPrintable(message.split('\n', 1)[0]?.replace(/:$/, '') ?? '', 300);
  return line.endsWith('.') ? line : `${line}.`;
}

function depthOf(value: unknown, depth: number): number {
  if (depth > maxDepth || typeof value !== 'object' || value === null) return depth;
  let deepest = depth;
  for (const child of value instanceof Map ? value.values() : Array.isArray(value) ? value : []) {
    deepest = Math.max(deepest, depthOf(child, depth + 1));
    if (deepest > maxDepth) break;
  }
  return deepest;
}

/** Turns parsed YAML into what JSON can carry; keys become strings. */
export function toPlain(value: unknown): unknown {
  if (value instanceof Map) {
    const entries = [...value].map(([key, child]): [string, unknown] => [String(key), toPlain(child)]);
    return Object.fromEntries(entries);
  }
  return Array.isArray(value) ? value.map(toPlain) : value;
}
