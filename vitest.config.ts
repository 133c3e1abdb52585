import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Nothing but this condition: `import` or `module` here would reach packages' require() builds.
  ssr: { resolve: { conditions: ['@kw/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    globalSetup: ['scripts/vitest-setup.ts'],
    pool: 'forks',
    maxWorkers: '100%', // most of them wait for processes
    testTimeout: 20_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } }, // what is polled comes or doesn't; how soon is asked where it is promised
  },
});
