import type { Options } from 'tsup';

/** What the MCP SDK loads and its low-level client and server, given raw JSON Schema and a validator of ours, never use. */
const unused: readonly { readonly filter: RegExp; readonly importer: RegExp; readonly contents: string }[] = [
  { filter: /validation\/ajv-provider\.js$/, importer: /@modelcontextprotocol/, contents: 'export class AjvJsonSchemaValidator {}' },
  {
    filter: /^zod-to-json-schema$/,
    importer: /@modelcontextprotocol/,
    contents: "export const zodToJsonSchema = () => { throw new Error('schemas are given as JSON Schema'); };",
  },
  { filter: /^zod\/v3$/, importer: /@modelcontextprotocol/, contents: 'export {};' },
  { filter: /\/locales\/index\.js$/, importer: /\/zod\//, contents: 'export {};' },
];

const namespace = 'lean-mcp-sdk';

/** Leaves out of a bundle what would be loaded with the MCP SDK for nothing: a third of its memory and time. */
export function leanMcpSdk(): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: namespace,
    setup: (build) => {
      for (const [index, { filter, importer }] of unused.entries())
        build.onResolve({ filter }, (found) =>
          importer.test(found.importer) ? { path: String(index), namespace, sideEffects: false } : undefined,
        );
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({ contents: unused[Number(path)]?.contents ?? '', loader: 'js' }));
    },
  };
}
