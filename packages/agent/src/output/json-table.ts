import type { JsonValue } from '@kw/providers';
import { estimateTokens } from '../prompt/estimate.ts';
import { noisyKeys } from './noisy-keys.ts';
import { cutMiddle } from './visible.ts';

const minRows = 3;
const maxRows = 5_000;
const maxColumns = 24;
const maxCellUnits = 80;
const maxSameUnits = 600;
const maxDepth = 12;
/** Columns that tell which object it is stand first, then what it is like, then what it should be. */
const order = [
  /^(metadata\.)?namespace$/,
  /^(metadata\.)?name$/,
  /^(type|reason|kind)$/,
  /^status\b/,
  /^(last|first)|[Tt]ime(stamp)?$/,
  /^spec\b/,
];

type Row = ReadonlyMap<string, string>;

/**
 * A list of objects as a table: a row an object, a column for each field that differs, what is the same in all said once. All rows stay as long as
 * their names fit; columns go first, those that say least before the others. Undefined where it is no such list.
 */
export function jsonTable(value: JsonValue, maxTokens: number): string | undefined {
  const items = itemsOf(value);
  if (items === undefined || items.length < minRows || items.length > maxRows) return undefined;
  const rows = items.map(flat);
  const { columns, same } = columnsOf(rows);
  if (columns.length === 0) return undefined;
  for (let count = Math.min(columns.length, maxColumns); count > 0; count = count > 4 ? Math.floor(count * 0.75) : count - 1) {
    const table = render({ rows, columns: columns.slice(0, count), left: columns.slice(count), same });
    if (estimateTokens(table) <= maxTokens) return table;
  }
  return undefined;
}

function itemsOf(value: JsonValue): readonly { readonly [key: string]: JsonValue }[] | undefined {
  const list = isList(value) ? value : isObject(value) ? value['items'] : undefined;
  return list !== undefined && isList(list) && list.every(isObject) ? list : undefined;
}

/** An object's fields by their paths, without noise. */
function flat(item: { readonly [key: string]: JsonValue }): Row {
  const cells = new Map<string, string>();
  const add = (value: JsonValue, path: string, depth: number): void => {
    if (isList(value) && depth < maxDepth && value.some((inner) => typeof inner === 'object'))
      value.forEach((inner, index) => add(inner, `${path}[${index}]`, depth + 1));
    else if (isObject(value) && depth < maxDepth) {
      for (const [key, inner] of Object.entries(value))
        if (!noisyKeys.has(key)) add(inner, path === '' ? key : /^[\w-]+$/.test(key) ? `${path}.${key}` : `${path}["${key}"]`, depth + 1);
    } else cells.set(path, cellOf(value));
  };
  add(item, '', 0);
  return cells;
}

function cellOf(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return cutMiddle(text.replace(/\s+/g, ' ').replaceAll('|', '/'), maxCellUnits);
}

function columnsOf(rows: readonly Row[]): { readonly columns: readonly string[]; readonly same: readonly string[] } {
  const filled = new Map<string, { count: number; readonly values: Set<string> }>();
  for (const row of rows)
    for (const [path, cell] of row) {
      const known = filled.get(path) ?? { count: 0, values: new Set<string>() };
      known.count += 1;
      known.values.add(cell);
      filled.set(path, known);
    }
  const isSame = ({ count, values }: { readonly count: number; readonly values: ReadonlySet<string> }): boolean =>
    count === rows.length && values.size === 1;
  const same = [...filled].flatMap(([path, known]) => (isSame(known) ? [`${path}=${[...known.values][0] ?? ''}`] : []));
  const columns = [...filled]
    .filter(([, known]) => !isSame(known))
    .toSorted(([one, a], [other, b]) => rankOf(one) - rankOf(other) || b.count - a.count || one.length - other.length)
    .map(([path]) => path);
  return { columns, same };
}

function rankOf(path: string): number {
  const rank = order.findIndex((pattern) => pattern.test(path));
  return rank < 0 ? order.length : rank;
}

interface Table {
  readonly rows: readonly Row[];
  readonly columns: readonly string[];
  readonly left: readonly string[];
  readonly same: readonly string[];
}

function render({ rows, columns, left, same }: Table): string {
  const head = [
    `${rows.length} objects${left.length === 0 ? '' : `, ${left.length} fields left out (such as ${left.slice(0, 3).join(', ')})`}`,
  ];
  const common = same.length === 0 ? [] : [`the same in all: ${cutMiddle(same.join(', '), maxSameUnits)}`];
  const lines = rows.map((row) => columns.map((column) => row.get(column) ?? '').join(' | '));
  return [...head, ...common, columns.join(' | '), ...lines].join('\n');
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
