import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { pureSchemas } from '../lean-mcp-sdk.ts';

const ofMcp = createRequire(new URL('../../packages/mcp/package.json', import.meta.url));
const types = readFileSync(ofMcp.resolve(['@modelcontextprotocol', 'sdk', 'types.js'].join('/')).replace('/cjs/', '/esm/'), 'utf8');

it('every schema of the MCP SDK is one that a bundle may leave out, and nothing else of its code is changed', () => {
  const marked = pureSchemas(types);
  const made = (text: string): readonly string[] => text.match(/^(?:export )?const \w+ = (?:z\b|\w+\.|\/\* @__PURE__ \*\/).*$/gm) ?? [];
  expect(made(marked).length).toBeGreaterThan(140);
  expect(made(marked).filter((line) => !line.includes('/* @__PURE__ */ (() => '))).toEqual([]);
  expect(marked.replaceAll('/* @__PURE__ */ (() => ', '').replaceAll(/\)\(\);$/gm, ';')).toBe(types);
});
