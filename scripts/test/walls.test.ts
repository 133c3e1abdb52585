import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintConfig } from '../lint/config.ts';
import { judgeImport } from '../lint/plugin.mjs';
import { readWalls } from '../lint/walls.ts';

const root = new URL('../../', import.meta.url).pathname;
const walls = readWalls();

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

function folders(): string[] {
  return ['packages', 'apps'].flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`));
}

describe('the walls', () => {
  it('have one row for each package of the workspace', () => {
    const rows = Object.fromEntries([...walls].map(([name, { folder }]) => [folder, name]));
    expect(rows).toEqual(Object.fromEntries(folders().map((folder) => [folder, manifest(folder).name])));
  });

  it('are what .oxlintrc.json says; `pnpm run lint:generate` writes it', () => {
    expect(JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(lintConfig(walls))));
  });

  it('have no cycle', () => {
    const visit = (name: string, path: readonly string[]): void => {
      expect(path, `a cycle: ${[...path, name].join(' -> ')}`).not.toContain(name);
      for (const next of walls.get(name)?.workspace ?? []) visit(next, [...path, name]);
    };
    for (const name of walls.keys()) visit(name, []);
  });

  it.each([...walls])('hold in the dependencies of %s', (_name, wall) => {
    const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifest(wall.folder);
    const source = new Set([...wall.workspace, ...wall.npm]);
    const shipped = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
    expect(shipped.filter((name) => !source.has(name))).toEqual([]);
    const ofTests = new Set([...source, ...(wall.test ?? [])]);
    expect(Object.keys(devDependencies).filter((name) => !ofTests.has(name))).toEqual([]);
  });

  it('let no published library depend on a private package', () => {
    const hidden = new Set(
      folders()
        .map(manifest)
        .filter((one) => one.private)
        .map((one) => one.name),
    );
    for (const folder of folders()) {
      const { name, private: isPrivate, dependencies = {}, peerDependencies = {} } = manifest(folder);
      if (isPrivate) continue;
      expect([name, ...Object.keys({ ...dependencies, ...peerDependencies }).filter((one) => hidden.has(one))]).toEqual([name]);
    }
  });
});

describe('judgeImport', () => {
  const row = { self: '@kw/agent', packages: ['@kw/providers', 'yaml'], node: false };

  it.each(['./tool.ts', '../log/entry.ts', '@kw/providers', '@kw/providers/testing', 'yaml'])('lets %s pass', (specifier) => {
    expect(judgeImport(specifier, row)).toBeUndefined();
  });

  it.each(['@kw/tools', '@kw/kube', 'openai', 'node:fs', 'fs', 'kubelet-wuhrai'])('refuses %s', (specifier) => {
    expect(judgeImport(specifier, row)).toContain('@kw/agent');
  });
});
