import { readFile } from 'node:fs/promises';
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

/** The SDK's schemas: each made as it is loaded, hundreds of them, of which a program of ours names a few. */
const schemas = /@modelcontextprotocol\/sdk\/dist\/esm\/(?:shared\/auth|experimental\/tasks\/types|types)\.js$/;
const statement = /^((?:export )?const \w+ = )((?:z\n|[^\n]*\()[^]*?);$(?=\n(?:[^\s})\]]|$))/gm;

/** Says of each schema that making it has no effect, so that a bundle leaves out those that nothing names. */
export function pureSchemas(source: string): string {
  return source.replaceAll(statement, (_, head: string, expression: string) => `${head}/* @__PURE__ */ (() => ${expression})();`);
}

/** Leaves out of a bundle what would be loaded with the MCP SDK for nothing: a third of its memory and time. */
export function leanMcpSdk(): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: namespace,
    setup: (build) => {
      for (const [index, { filter, importer }] of unused.entries())
        build.onResolve({ filter }, (found) =>
          importer.test(found.importer) ? { path: String(index), namespace, sideEffects: false } : undefined,
        );
      build.onLoad({ filter: schemas }, async ({ path }) => ({ contents: pureSchemas(await readFile(path, 'utf8')), loader: 'js' }));
      build.onLoad({ filter: /.*/, namespace }, ({ path }) => ({ contents: unused[Number(path)]?.contents ?? '', loader: 'js' }));
    },
  };
}
