import { KwError } from '@kw/providers';
import type { LineCounter, Node, Scalar, YAMLMap } from 'yaml';
import { isMap, isNode, isScalar, isSeq } from 'yaml';

/** A place in a YAML file: a node, and what it is called in messages. */
export interface YamlPlace {
  readonly node: Node;
  readonly name: string;
  readonly file: YamlFile;
}

/** A file being read. */
export interface YamlFile {
  readonly path: string;
  readonly lines: LineCounter;
}

/** `path:line` of a node. */
export function originOf({ path, lines }: YamlFile, node: Node): string {
  return `${path}:${lines.linePos(node.range?.[0] ?? 0).line}`;
}

/** The error that a place is not what it must be. */
export function refuse({ node, name, file }: YamlPlace, wanted: string): KwError {
  return new KwError('bad-configuration', `${originOf(file, node)}: ${name} ${wanted}`);
}

/** A key of a map with its value; throws KwError `bad-configuration` for a key that is no text. */
export interface YamlEntry {
  readonly key: string;
  readonly keyNode: Node;
  /** Undefined for a key without a value. */
  readonly value: YamlPlace | undefined;
}

/** The entries of a map. Throws KwError `bad-configuration` where the place is no map. */
export function entriesOf(place: YamlPlace): readonly YamlEntry[] {
  const { node, name, file } = place;
  if (!isMap(node)) throw refuse(place, 'must be a map');
  return pairsOf(node).map(([keyNode, valueNode]) => {
    const key = String(keyNode.value);
    const isEmpty = valueNode === undefined || (isScalar(valueNode) && valueNode.value === null);
    return { key, keyNode, value: isEmpty ? undefined : { node: valueNode, name: name === '' ? key : `${name}.${key}`, file } };
  });
}

function pairsOf(map: YAMLMap): readonly (readonly [Scalar, Node | undefined])[] {
  return map.items.flatMap(({ key, value }) => (isScalar(key) ? [[key, isNode(value) ? value : undefined] as const] : []));
}

/** The items of a list; a single value counts as a list of one where `single` says so. Throws KwError `bad-configuration`. */
export function itemsOf(place: YamlPlace, { single = false }: { readonly single?: boolean } = {}): readonly YamlPlace[] {
  const { node, name, file } = place;
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      if (!isNode(item)) throw refuse(place, `has an empty item at ${index}`);
      return { node: item, name: `${name}[${index}]`, file };
    });
  }
  if (single) return [place];
  throw refuse(place, 'must be a list');
}

/** The text of a place: a number or a switch counts as it is written. Throws KwError `bad-configuration`. */
export function textOf(place: YamlPlace): string {
  const { node } = place;
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (typeof value === 'string') return value;
  if (isScalar(node) && (typeof value === 'number' || typeof value === 'boolean')) return node.source ?? String(value);
  throw refuse(place, 'must be a text');
}
