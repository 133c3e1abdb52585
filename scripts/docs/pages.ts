import { globSync } from 'node:fs';

const patterns = ['*.md', 'docs/**/*.md', '{packages,apps,clients}/*/README.md', '{examples,bench,deploy}/**/README.md'];
const apart = /(^|\/)(node_modules|dist|\.venv)\/|CHANGELOG\.md$/;

/** The pages that people read, as paths below the root. */
export function pagePaths(root: string): readonly string[] {
  return globSync(patterns, { cwd: root })
    .filter((path) => !apart.test(path))
    .toSorted();
}

/** Pages that exist in Chinese, with their twins. */
export function twinPaths(paths: readonly string[]): readonly (readonly [string, string])[] {
  const all = new Set(paths);
  return paths.flatMap((path) => {
    const twin = path.replace(/\.md$/, '.zh-CN.md');
    return all.has(twin) ? [[path, twin] as const] : [];
  });
}
