import { defineConfig } from 'vite';

/** Everything is bundled: the page works where only the service is reached. */
export default defineConfig({
  base: '/',
  resolve: { conditions: ['@kw/source', 'module', 'browser'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: 'dist/site', target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
});
