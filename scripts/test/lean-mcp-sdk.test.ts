import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pureSchemas } from '../lean-mcp-sdk.ts';

const types = readFileSync(new URL('../../packages/mcp/node_modules/@modelcontextprotocol/sdk/dist/esm/types.js', import.meta.url), 'utf8');

it('every schema of the MCP SDK is one that a bundle may leave out, and nothing else of its code is changed', () => {
  const marked = pureSchemas(types);
  const made = (text: string): readonly string[] => text.match(/^(?:export )?const \w+ = (?:z\b|\w+\.|\/\* @__PURE__ \*\/).*$/gm) ?? [];
  expect(made(marked).length).toBeGreaterThan(140);
  expect(made(marked).filter((line) => !line.includes('/* @__PURE__ */ (() => '))).toEqual([]);
  expect(marked.replaceAll('/* @__PURE__ */ (() => ', '').replaceAll(/\)\(\);$/gm, ';')).toBe(types);
});
