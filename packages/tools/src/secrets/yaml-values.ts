import { type Alias, type Document, type Node, isAlias, isMap, isScalar, isSeq, parseAllDocuments, visit } from 'yaml';

/** Nodes that one text may hold with its aliases written out: more than 256 Ki of text have without any. */
const maxNodes = 200_000;

/**
 * The documents of a text of YAML as plain values, down to a depth; below it, and under keys that are no words, there is nothing. What a merge key
 * (`<<`) brings stands beside the rest, and of a map that is written twice both.
 * The library's own conversion writes keys that are maps out as text, and looks for each alias through the whole text: both take hours for some.
 */
export function yamlValues(text: string, maxDepth: number): readonly unknown[] {
  const documents = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  if (!Array.isArray(documents)) return [];
  let left = maxNodes;
  return documents.map((document) => {
    const targets = targetsOf(document);
    const plain = (node: unknown, depth: number): unknown => {
      left -= 1;
      if (depth < 0 || left < 0) return undefined;
      if (isScalar(node)) return plainScalar(node.value);
      if (isAlias(node)) return plain(targets.get(node), depth - 1);
      if (isSeq(node)) return node.items.map((item) => plain(item, depth - 1));
      if (!isMap(node)) return undefined;
      const values = new Map<string, unknown>();
      for (const { key, value } of node.items) {
        const word = isAlias(key) ? targets.get(key) : key;
        if (isScalar(word)) put(values, String(word.value), plain(value, depth - 1));
      }
      return Object.fromEntries(values);
    };
    return plain(document.contents, maxDepth);
  });
}

/** The node that each alias of a document means: the last one before it with that anchor. */
function targetsOf(document: Document): ReadonlyMap<Alias, Node> {
  const targets = new Map<Alias, Node>();
  const anchored = new Map<string, Node>();
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        const target = anchored.get(node.source);
        if (target !== undefined) targets.set(node, target);
      } else if (node.anchor !== undefined) anchored.set(node.anchor, node);
    },
  });
  return targets;
}

/** Numbers and bytes are values of Secrets, too: as they are written, or what the bytes are. */
function plainScalar(value: unknown): unknown {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
}

function put(values: Map<string, unknown>, key: string, value: unknown): void {
  if (key === '<<') {
    for (const map of Array.isArray(value) ? value : [value])
      for (const [name, inner] of entriesOf(map)) if (!values.has(name)) values.set(name, inner);
    return;
  }
  const before = entriesOf(values.get(key));
  values.set(key, before.length === 0 || !isPlainMap(value) ? value : Object.fromEntries([...before, ...entriesOf(value)]));
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isPlainMap(value) ? Object.entries(value) : [];
}

function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
