// Reads the structs of Kubernetes' Go API packages: names, order, JSON names, wire numbers and merge rules of their fields.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A field: JSON name, type, wire number (0: none), flags. */
export type GoField = readonly [name: string, type: string, number: number, flags: Readonly<Record<string, string>>];

/** The structs and the named types of all packages. */
export interface GoTypes {
  readonly structs: Record<string, { fields: GoField[]; atomic?: true }>;
  readonly named: Record<string, string>;
}

const scalars = new Set([
  'string',
  'bool',
  'int',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'uint16',
  'uint8',
  'byte',
  'float64',
  'interface{}',
]);

/** `k8s.io/api/apps/v1` becomes `apps/v1`: the last two parts. */
const shortOf = (path: string): string => path.split('/').slice(-2).join('/');

/** All structs below the folders; each folder is one package. */
export function readGoTypes(folders: readonly string[]): GoTypes {
  const types: GoTypes = { structs: {}, named: {} };
  for (const folder of folders) {
    const files = readdirSync(folder).filter((file) => file.endsWith('.go') && !/_test|zz_generated|generated\.pb|swagger_doc/.test(file));
    for (const file of files) readFile(types, join(folder, file), shortOf(folder));
  }
  return types;
}

function readFile(types: GoTypes, file: string, own: string): void {
  const lines = readFileSync(file, 'utf8').split('\n');
  const imports = new Map<string, string>();
  let comment: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const imported = line.match(/^\s*(?:import )?(\w+)?\s*"([\w./-]+)"$/);
    if (imported) imports.set(imported[1] ?? basename(imported[2] ?? ''), shortOf(imported[2] ?? ''));
    if (line.startsWith('//')) {
      comment.push(line);
      continue;
    }
    const struct = line.match(/^type (\w+) struct \{$/);
    const named = line.match(/^type (\w+) (?!struct|interface|func)=?\s*([\w.[\]*{}]+)( \/\/.*)?$/);
    const resolve = (type: string): string => resolveType(type, own, imports);
    const empty = line.match(/^type (\w+) struct \{\}$/);
    if (empty?.[1]) types.structs[`${own}.${empty[1]}`] = { fields: [] };
    if (struct?.[1]) {
      const end = lines.findIndex((other, index) => index > at && other.startsWith('}'));
      const atomic = comment.some((text) => text.includes('+structType=atomic'));
      types.structs[`${own}.${struct[1]}`] = { fields: fieldsOf(lines.slice(at + 1, end), resolve), ...(atomic ? { atomic: true } : {}) };
      at = end;
    } else if (named?.[1] && named[2]) {
      types.named[`${own}.${named[1]}`] = resolve(named[2]);
    }
    comment = [];
  }
}

function resolveType(type: string, own: string, imports: ReadonlyMap<string, string>): string {
  const prefix = type.match(/^(\*|\[\]|map\[[\w.]+\])/)?.[0];
  if (prefix) {
    const rest = type.slice(prefix.length);
    if (prefix === '[]' && (rest === 'byte' || rest === 'uint8')) return 'bytes';
    return (prefix.startsWith('map') ? 'map:' : prefix) + resolveType(rest, own, imports);
  }
  if (scalars.has(type)) return type;
  const [alias, name] = type.split('.');
  return name ? `${imports.get(alias ?? '') ?? alias}.${name}` : `${own}.${type}`;
}

function fieldsOf(lines: readonly string[], resolve: (type: string) => string): GoField[] {
  const fields: GoField[] = [];
  let comment: string[] = [];
  for (const line of lines) {
    if (/^\s*\/\//.test(line)) {
      comment.push(line);
      continue;
    }
    const match = line.match(/^\t(?:(\w+)\s+)?([\w.[\]*{}]+)\s+`(.*)`/);
    if (match?.[2] && match[3]) {
      const tag = (name: string): string | undefined => match[3]?.match(new RegExp(`\\b${name}:"([^"]*)"`))?.[1];
      const [json = '', ...options] = (tag('json') ?? '').split(',');
      const [, number = '0'] = (tag('protobuf') ?? '').split(',');
      const marker = (name: string): string[] => comment.flatMap((text) => text.match(new RegExp(`\\+${name}=([\\w-]+)`))?.[1] ?? []);
      const inline = options.includes('inline') || (json === '' && !match[1]);
      if (json !== '-' && (json !== '' || inline)) {
        const flags: Record<string, string> = {
          ...(inline ? { inline: '1' } : {}),
          ...(options.includes('omitzero') ? { omit: 'zero' } : options.includes('omitempty') ? { omit: 'empty' } : {}),
          ...(tag('patchStrategy') ? { patch: tag('patchStrategy') ?? '' } : {}),
          ...(tag('patchMergeKey') ? { key: tag('patchMergeKey') ?? '' } : {}),
          ...(marker('listType')[0] ? { list: marker('listType')[0] ?? '' } : {}),
          ...(marker('listMapKey').length > 0 ? { keys: marker('listMapKey').join(',') } : {}),
          ...((marker('mapType')[0] ?? marker('structType')[0]) ? { map: marker('mapType')[0] ?? marker('structType')[0] ?? '' } : {}),
        };
        fields.push([json, resolve(match[2]), Number(number), flags]);
      }
    }
    comment = [];
  }
  return fields;
}
