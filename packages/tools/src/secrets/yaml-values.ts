import { type Document, isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';

/** Nodes that one text may hold with its aliases written out: more than 256 Ki of text have without any. */
const maxNodes = 200_000;

/**
 * The documents of a text of YAML as plain values, down to a depth; below it, and under keys that are no words, there is nothing.
 * The library's own conversion writes keys that are maps out as text, which takes hours for a text that nests them.
 */
export function yamlValues(text: string, maxDepth: number): readonly unknown[] {
  const documents = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  if (!Array.isArray(documents)) return [];
  let left = maxNodes;
  const plain = (node: unknown, document: Document, depth: number): unknown => {
    left -= 1;
    if (depth < 0 || left < 0) return undefined;
    if (isScalar(node)) return node.value;
    if (isAlias(node)) return plain(node.resolve(document), document, depth - 1);
    if (isSeq(node)) return node.items.map((item) => plain(item, document, depth - 1));
    if (!isMap(node)) return undefined;
    return Object.fromEntries(
      node.items.flatMap(({ key, value }) => (isScalar(key) ? [[String(key.value), plain(value, document, depth - 1)] as const] : [])),
    );
  };
  return documents.map((document) => plain(document.contents, document, maxDepth));
}
