import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readWalls } from './lint/walls.ts';

const root = new URL('../', import.meta.url).pathname;

/** The folder of an installed dependency, looked for as Node does, from that folder upwards. */
function find(name: string, from: string): string | undefined {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
  }
  return undefined;
}

/** The folders of all packages from elsewhere that ours need at run time, directly or not. */
export function productionDependencies(): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (folder: string): void => {
    if (found.has(folder)) return;
    found.add(folder);
    const { dependencies = {} }: { readonly dependencies?: Readonly<Record<string, string>> } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    for (const name of Object.keys(dependencies)) {
      const next = find(name, folder);
      if (next !== undefined) visit(next);
    }
  };
  for (const [, wall] of readWalls()) {
    for (const name of wall.npm) {
      const folder = find(name, join(root, wall.folder));
      if (folder === undefined) throw new Error(`${name} of ${wall.folder} is not installed: run \`npm test\``);
      visit(folder);
    }
  }
  return found;
}
