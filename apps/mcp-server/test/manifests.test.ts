import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): Record<string, never> =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<string, never>;

it('the bundle and the entry of the registry name the version, the package and the documented argument', () => {
  const { version, name, engines } = read('../../cli/package.json') as unknown as {
    version: string;
    name: string;
    engines: { node: string };
  };
  const bundle = read('../../../deploy/mcpb/manifest.json') as unknown as {
    version: string;
    server: { mcp_config: { args: readonly string[] } };
    compatibility: { runtimes: { node: string } };
  };
  const entry = read('../../../server.json') as unknown as {
    version: string;
    description: string;
    packages: readonly { identifier: string; version: string; packageArguments: readonly { value: string }[] }[];
  };
  expect([bundle.version, entry.version, entry.packages[0]?.version]).toEqual([version, version, version]);
  expect(entry.packages[0]?.identifier).toBe(name);
  expect(entry.packages[0]?.packageArguments[0]?.value).toBe('--mcp-server');
  expect(entry.description.length).toBeLessThanOrEqual(100);
  expect(bundle.server.mcp_config.args).toContain('--mcp-server');
  expect(bundle.compatibility.runtimes.node).toBe(engines.node);
});
