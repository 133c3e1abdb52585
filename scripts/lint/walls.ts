import { readFileSync } from 'node:fs';

/** One row of scripts/walls.json. */
export interface Wall {
  readonly folder: string;
  readonly web?: boolean;
  readonly nodeFolders?: readonly string[];
  /** The files that may read process.env and the like: a library's one injection point for its defaults. */
  readonly ambient?: readonly string[];
  readonly workspace: readonly string[];
  readonly npm: readonly string[];
  readonly test?: readonly string[];
}

/** The table of scripts/walls.json: package name to its row. */
export function readWalls(): ReadonlyMap<string, Wall> {
  const table: { readonly packages: Readonly<Record<string, Wall>> } = JSON.parse(
    readFileSync(new URL('../walls.json', import.meta.url), 'utf8'),
  );
  return new Map(Object.entries(table.packages));
}
