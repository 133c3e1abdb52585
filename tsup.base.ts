import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { bypassBarrels } from './scripts/bypass-barrels.ts';
import { leanMcpSdk } from './scripts/lean-mcp-sdk.ts';
import { writeNotices } from './scripts/notices.ts';

interface BuildOptions {
  readonly entry: Record<string, string>;
  readonly platform?: 'node' | 'neutral';
  readonly noExternal?: (string | RegExp)[];
  readonly external?: (string | RegExp)[];
  readonly minify?: boolean;
}

const shared = {
  format: 'esm',
  target: 'es2023',
  dts: false, // declarations are written by tsc
  clean: true,
  splitting: true,
  sourcemap: false,
  treeshake: false,
  removeNodeProtocol: false, // `node:sqlite` has no other name
  esbuildPlugins: [writeNotices()],
} satisfies Options;

/** A published library: its dependencies stay imports, what only its devDependencies name is bundled. */
export function library({
  entry,
  platform = 'node',
  noExternal = [],
  external = [],
  minify = false,
}: BuildOptions): ReturnType<typeof defineConfig> {
  return defineConfig({ ...shared, entry, platform, noExternal, minify, external: [/^node:/, ...external] });
}

/** A dynamic import of a bundled CommonJS package has no named exports, so yaml's ES modules are taken. */
const yamlAsModules: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'yaml-as-modules',
  setup: (build) => {
    build.onResolve({ filter: /^yaml$/ }, ({ resolveDir }) => {
      const manifest = createRequire(join(resolveDir, 'index.js')).resolve('yaml/package.json');
      return { path: join(dirname(manifest), 'browser/index.js') };
    });
  },
};

/** An application: everything is bundled from source, and split so that each command loads only its own code. */
export function application({ entry, external = [] }: BuildOptions): ReturnType<typeof defineConfig> {
  return defineConfig({
    ...shared,
    entry,
    platform: 'node',
    target: 'node22.18',
    minify: true,
    noExternal: [/^(?!node:)/],
    external,
    esbuildPlugins: [...shared.esbuildPlugins, yamlAsModules, bypassBarrels(), leanMcpSdk()],
    // Bundled packages that are CommonJS call require() of Node's builtins.
    banner: {
      js: "import { createRequire as kwCreateRequire } from 'node:module';const require = kwCreateRequire(import.meta.url);",
    },
    esbuildOptions: (options) => {
      options.conditions = ['@kw/source'];
    },
  });
}
