import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const entry = new URL('../../packages/sdk-js/src/index.ts', import.meta.url).pathname;
const maxGzippedBytes = 4_096;

it(`the client for browsers has at most ${maxGzippedBytes} bytes gzipped`, async () => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['@kw/source'],
  });
  expect(gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length).toBeLessThanOrEqual(maxGzippedBytes);
});
