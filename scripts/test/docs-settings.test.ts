import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../packages/runtime/src/config/load.ts';
import { options } from '../../packages/runtime/src/config/options.ts';
import { inlineCodes, readPage } from '../docs/markdown.ts';
import { pagePaths } from '../docs/pages.ts';

const root = new URL('../../', import.meta.url).pathname;
const pages = pagePaths(root).map((path) => readPage(root, path));
const keys = new Set<string>(options.map(({ key }) => key));

const chartValues = '# values.yaml\n';

/** Pieces of the configuration file: YAML that begins with one of its keys. */
const pieces = pages.flatMap(({ path, codes }) =>
  codes
    .filter(
      ({ language, text }) =>
        language === 'yaml' && !text.startsWith(chartValues) && keys.has(/^(?:#.*\n)*(?<key>[a-z-]+):/.exec(text)?.groups?.['key'] ?? ''),
    )
    .map(({ text, line }) => ({ name: `${path}:${line}`, text })),
);

async function warningsOf(text: string): Promise<readonly string[]> {
  const names = [...text.matchAll(/\$\{(?<name>\w+)\}/g)].map(({ groups }) => groups?.['name'] ?? '');
  const secret = (name: string): string => `a-secret-of-the-test-${name}`.padEnd(32, 'x');
  const loaded = await loadConfig({
    env: Object.fromEntries(names.map((name) => [name, secret(name)])),
    home: '/home/ann',
    flags: {},
    readFile: async (path) => ({ text: path.endsWith('config.yaml') ? text : secret(path), mode: 0o600 }),
  });
  return loaded.warnings;
}

describe('the configuration in the pages', () => {
  it.each(pieces)('$name is understood without a warning', async ({ text }) => {
    expect(await warningsOf(text)).toEqual([]);
  });

  it('is really read', async () => {
    expect(pieces.length).toBeGreaterThan(8);
    expect(await warningsOf('modle: a')).toHaveLength(1);
  });
});

describe('values of the chart in the pages', () => {
  const chart = readFileSync(join(root, 'deploy/helm/kubelet-wuhrai/values.yaml'), 'utf8');
  const values = pages.flatMap(({ path, codes }) =>
    codes.filter(({ text }) => text.startsWith(chartValues)).map(({ text, line }) => ({ name: `${path}:${line}`, text })),
  );

  it.each(values)('$name has only keys that are in values.yaml', ({ text }) => {
    const named = [...text.matchAll(/^(?<key>\w+):/gm)].map(({ groups }) => groups?.['key'] ?? '');
    expect(named.filter((key) => !chart.includes(`\n${key}:`))).toEqual([]);
  });
});

describe('variables in the pages', () => {
  const files = globSync(['{packages,apps}/*/src/**/*.ts', 'clients/python/src/**/*.py', 'scripts/*.{ts,mjs}'], { cwd: root });
  const source = files.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');

  it.each(pages)('$path names only variables that something reads', ({ prose, codes }) => {
    const texts = [...inlineCodes(prose), ...codes.filter(({ language }) => language === 'sh').map(({ text }) => text)];
    const names = texts.flatMap((text) => text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []);
    // Those of MCP servers are made from a server's name; the other is an example of what an exec plugin needs.
    expect(names.filter((name) => !name.startsWith('MCP_') && name !== 'VAULT_ADDR' && !source.includes(name))).toEqual([]);
  });
});
