import { brotliDecompressSync } from 'node:zlib';
import { bootstrap } from './generated/bootstrap.ts';
import { columns } from './generated/columns.ts';
import { discovery } from './generated/discovery.ts';
import { openapi } from './generated/openapi.ts';
import { schemas } from './generated/schemas.ts';
import { types } from './generated/types.ts';
import type { JsonMap } from './json.ts';

/** A generated table, unpacked at its first use and then kept: it never changes. */
function table<T>(packed: string): () => T {
  let value: T | undefined;
  return () => (value ??= JSON.parse(brotliDecompressSync(Buffer.from(packed, 'base64')).toString()));
}

/** A field of a Go struct: JSON name, Go type, wire number, rules. */
export type GoField = readonly [name: string, type: string, number: number, flags: GoFlags];

/** How a field is written and merged, after its Go tags and markers. */
export interface GoFlags {
  readonly inline?: '1';
  /** `empty`: left out where it is the zero value of a scalar, list or map; `zero`: also a struct without anything in it. */
  readonly omit?: 'empty' | 'zero';
  /** Strategic merge: `merge`, `replace`, `retainKeys`, comma separated. */
  readonly patch?: string;
  /** The merge key of a strategic merge. */
  readonly key?: string;
  /** Server-side apply: how a list is owned. */
  readonly list?: 'atomic' | 'set' | 'map';
  readonly keys?: string;
  readonly map?: 'atomic' | 'granular';
}

/** The Go structs of the API (`apps/v1.Deployment`) and what named types stand for. */
export interface GoTypes {
  readonly structs: Readonly<Record<string, { readonly fields: readonly GoField[]; readonly atomic?: true }>>;
  readonly named: Readonly<Record<string, string>>;
}

/** The columns of a table by `group/version/resource`. */
export const columnTable: () => Readonly<Record<string, readonly Column[]>> = table(columns);

/** A column as a Table describes it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

/** Aggregated discovery and the version of the server that the tables were read from. */
export const discoveryTable: () => { readonly api: JsonMap; readonly apis: JsonMap; readonly version: JsonMap } = table(discovery);

/** The OpenAPI v3 documents; `schemas` holds names only, `different` the schemas that differ from the common ones. */
export const openapiTable: () => {
  readonly index: { readonly paths: Record<string, { readonly serverRelativeURL: string }> };
  readonly documents: Readonly<
    Record<string, JsonMap & { readonly schemas: string[]; readonly different: JsonMap; readonly components: JsonMap }>
  >;
} = table(openapi);

/** All schemas of OpenAPI v3 by name (`io.k8s.api.apps.v1.Deployment`). */
export const schemaTable: () => Readonly<Record<string, JsonMap>> = table(schemas);

/** The Go types. */
export const typeTable: () => GoTypes = table(types);

/** The objects that a fresh API server makes by itself: roles, bindings, priorities, flow schemas, API services. */
export const bootstrapTable: () => readonly (JsonMap & { readonly apiVersion: string; readonly kind: string })[] = table(bootstrap);
