import type { Document } from 'yaml';
import { toPrintable } from '../text.ts';
import { invalid } from './fields.ts';

/** Nodes that the aliases of one file may expand to; real kubeconfig files have no alias. */
const maxAliasNodes = 100;
/** Nesting that a file may have; real ones stay below 10. */
const maxDepth = 64;
/** Words and signs of one file. One with 500 clusters has 50,000, most of its bytes being long base64 words. */
const maxTokens = 120_000;

/** Parses one YAML 1.2 (or JSON) document into Maps, lists and scalars, or throws one error that names the source. */
export async function parseYamlDocument(text: string, source: string): Promise<unknown> {
  if (isTooLong(text)) throw invalid(source, `it has more than ${maxTokens} words and signs.`);
  if (isTooDeep(text)) throw invalid(source, `it is nested deeper than ${maxDepth} levels.`);
  const { LineCounter, parseDocument, visit } = await import('yaml');
  let value: unknown;
  try {
    // The parser's own check for unique keys compares each with each: minutes for a large file.
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { schema: 'core', uniqueKeys: false, prettyErrors: false, logLevel: 'error', lineCounter });
    const problem = document.errors[0];
    if (problem !== undefined) {
      const { line, col } = lineCounter.linePos(problem.pos[0]);
      throw new Error(`${problem.message} at line ${line}, column ${col}`, { cause: problem });
    }
    refuseRepeatedKeys(document, visit);
    value = document.toJS({ mapAsMap: true, maxAliasCount: maxAliasNodes });
  } catch (error) {
    throw invalid(source, `it can't be read as YAML: ${firstLine(error)}`, error);
  }
  if (depthOf(value, 0) > maxDepth) throw invalid(source, `it is nested deeper than ${maxDepth} levels.`);
  return value;
}

// The parser takes minutes for megabytes of small tokens.
function isTooLong(text: string): boolean {
  let tokens = 0;
  for (const _token of text.matchAll(/\n|[^\S\n]+|[,{}[\]&*!?"'#:|>]/g)) {
    tokens += 1;
    if (tokens > maxTokens) return true;
  }
  return false;
}

// Looked at before parsing, which is slow and exhausts the stack on deep nesting. Brackets in quotes count, too: no
// kubeconfig has so many of them unclosed.
function isTooDeep(text: string): boolean {
  if (/^(?:[ \t]*[-?:][ \t]+){65}/m.test(text)) return true;
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > maxDepth) return true;
  }
  return false;
}

function refuseRepeatedKeys(document: Document, visit: typeof import('yaml').visit): void {
  visit(document, {
    Map: (_key, { items }) => {
      const keys = new Set<string>();
      for (const { key } of items) {
        const name = JSON.stringify(key) ?? '';
        if (keys.has(name)) throw new Error(`the key ${toPrintable(name, 60)} stands twice in one mapping`);
        keys.add(name);
      }
    },
  });
}

function firstLine(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply.';
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith('Excessive alias count')) return `its aliases expand to more than ${maxAliasNodes} nodes.`;
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
