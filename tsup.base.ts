import { defineConfig, type Options } from 'tsup';
import { writeNotices } from './scripts/notices.ts';

interface BuildOptions {
  readonly entry: Record<string, string>;
  readonly platform?: 'node' | 'neutral';
  readonly noExternal?: (string | RegExp)[];
  readonly external?: (string | RegExp)[];
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
export function library({ entry, platform = 'node', noExternal = [], external = [] }: BuildOptions): ReturnType<typeof defineConfig> {
  return defineConfig({ ...shared, entry, platform, noExternal, external: [/^node:/, ...external] });
}

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
    // Bundled packages that are CommonJS call require() of Node's builtins.
    banner: {
      js: "import { createRequire as kwCreateRequire } from 'node:module';const require = kwCreateRequire(import.meta.url);",
    },
    esbuildOptions: (options) => {
      options.conditions = ['@kw/source'];
    },
  });
}
