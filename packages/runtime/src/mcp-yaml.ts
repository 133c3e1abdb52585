import { KwError, nearNames } from '@kw/providers';
import type { Node } from 'yaml';

/** One value of a file with its place. */
export interface YamlField {
  readonly key: string;
  /** `path:line`. */
  readonly origin: string;
  /** A text, number or switch as it is written. Throws KwError `bad-configuration` for others. */
  text(): string;
  items(): readonly YamlField[];
  fields(): YamlFields;
  /** An error that names the place. */
  refuse(why: string): KwError;
}

/** The members of a map. Keys may be written in kebab-case, camelCase or snake_case. */
export interface YamlFields {
  get(key: string): YamlField | undefined;
  all(): readonly YamlField[];
  /** Throws KwError `bad-configuration` for a key that is not among these, with its line and the nearest one. */
  allow(keys: readonly string[]): void;
}

const maxCharacters = 1024 * 1024;

/** Reads a file whose root is a map; an empty file is an empty map. */
export async function readYamlMap(text: string, path: string): Promise<YamlFields> {
  if (text.length > maxCharacters) throw new KwError('bad-configuration', `${path}: larger than 1 MiB`);
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken !== undefined) throw new KwError('bad-configuration', `${path}:${lines.linePos(broken.pos[0]).line}: ${broken.message}`);

  const lineOf = (node: unknown): number => (isScalar(node) || isMap(node) || isSeq(node) ? lines.linePos(node.range?.[0] ?? 0).line : 1);
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  const field = (key: string, written: unknown, line: number): YamlField => {
    const node = resolved(written);
    const origin = `${path}:${line}`;
    const refuse = (why: string): KwError => new KwError('bad-configuration', `${origin}: ${why}`);
    return {
      key,
      origin,
      refuse,
      text: () => {
        if (!isScalar(node) || node.value === null) throw refuse(`\`${key}\` must be a text`);
        return typeof node.value === 'string' ? node.value : (node.source ?? '');
      },
      items: () => {
        if (isScalar(node) && node.value === null) return [];
        if (!isSeq(node)) throw refuse(`\`${key}\` must be a list`);
        return node.items.map((item) => field(key, item, lineOf(resolved(item))));
      },
      fields: () => {
        if (!isMap(node)) throw refuse(`\`${key}\` must be a map`);
        return fields(node, line);
      },
    };
  };
  const fields = (map: Node | null, line: number): YamlFields => {
    const pairs = isMap(map) ? map.items : [];
    const all = pairs.map((pair) =>
      field(isScalar(pair.key) ? String(pair.key.value) : '', pair.value, pair.key === null ? line : lineOf(pair.key)),
    );
    return {
      all: () => all,
      get: (key) => all.find((each) => kebab(each.key) === key),
      allow: (keys) => {
        const unknown = all.find((each) => !keys.includes(kebab(each.key)));
        if (unknown === undefined) return;
        const [near] = nearNames(kebab(unknown.key), keys);
        throw unknown.refuse(
          `unknown key ${JSON.stringify(unknown.key)}; ${near === undefined ? `possible are ${keys.join(', ')}` : `did you mean ${JSON.stringify(near)}?`}`,
        );
      },
    };
  };
  const root = document.contents;
  if (root !== null && !isMap(root) && !(isScalar(root) && root.value === null))
    throw new KwError('bad-configuration', `${path}:1: the file must hold a map with the key "servers"`);
  return fields(root, 1);
}

function kebab(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}
