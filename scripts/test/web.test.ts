import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { build, type Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { readWalls } from '../lint/walls.ts';

const root = new URL('../../', import.meta.url).pathname;
// The page is no library: a browser walks through it (scripts/page-walk.ts).
const webPackages = [...readWalls()].filter(([, wall]) => wall.web === true && wall.folder.startsWith('packages/'));
const builtins = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);

/** Notes each import of a Node builtin, also those in dependencies and behind import(). */
function recordBuiltins(found: string[]): Plugin {
  return {
    name: 'record-builtins',
    setup(context) {
      context.onResolve({ filter: /^(node:|[a-z_/]+$)/ }, ({ path, importer }) => {
        if (!path.startsWith('node:') && !builtins.has(path)) return undefined;
        found.push(`${path} in ${importer.slice(root.length)}`);
        return { path, external: true };
      });
    },
  };
}

async function bundle(entry: string): Promise<{ readonly code: string; readonly found: readonly string[] }> {
  const found: string[] = [];
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'entry',
    platform: 'browser',
    logLevel: 'silent',
    plugins: [recordBuiltins(found)],
  });
  return { code: outputFiles[0]?.text ?? '', found };
}

const webNames = `AbortController AbortSignal Blob DOMException Event EventTarget FormData Headers ReadableStream Request Response TextDecoder
  TextDecoderStream TextEncoder TransformStream URL URLSearchParams WritableStream atob btoa clearInterval clearTimeout crypto fetch
  queueMicrotask setInterval setTimeout structuredClone`;

/** What every web runtime has, and nothing of Node. */
function webGlobals(): object {
  return Object.fromEntries(webNames.split(/\s+/).map((name) => [name, Reflect.get(globalThis, name)]));
}

describe.each(webPackages)('the built entry of %s', (name, wall) => {
  const entry = join(root, wall.folder, 'dist/index.js');

  it('needs no builtin of Node and loads where there is no Node', async () => {
    expect(existsSync(entry), `${name} is not built: pnpm run build`).toBe(true);
    const { code, found } = await bundle(entry);
    expect(found).toEqual([]);
    const names: unknown = runInNewContext(`${code}; Object.keys(entry)`, webGlobals());
    expect(names).not.toEqual([]);
  });
});
