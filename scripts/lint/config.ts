import type { Wall } from './walls.ts';

type Rules = Readonly<Record<string, unknown>>;

interface Override {
  readonly files: readonly string[];
  readonly rules: Rules;
}

const house: Rules = {
  'import/no-cycle': ['error', { ignoreTypes: true }],
  'import/no-default-export': 'error',
  'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
  'max-params': ['error', { max: 4 }], // the style says 3; the fourth is for a private function that is clearer with it
  'no-console': 'error',
  'typescript/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
  'typescript/no-explicit-any': 'error',
  'typescript/no-floating-promises': 'error',
  'typescript/no-misused-promises': 'error',
  'typescript/no-non-null-assertion': 'error',
  'typescript/no-unsafe-type-assertion': 'error',
  'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  'typescript/unbound-method': 'off',
  'typescript/only-throw-error': 'error',
  'unicorn/prefer-node-protocol': 'error',
  'house/class-only-for-errors': 'error',
  'house/only-executor-runs': 'error',
};

/** Names that the DOM makes global, and which are nearly always a forgotten variable. */
const domTraps = [
  'closed',
  'event',
  'external',
  'length',
  'location',
  'name',
  'opener',
  'origin',
  'parent',
  'screen',
  'self',
  'status',
  'top',
];

/** Read in main.ts, or passed as options. */
const ambient = [
  ...['env', 'argv', 'execArgv', 'stdin', 'stdout', 'stderr', 'exit', 'exitCode'].map((property) => ({
    object: 'process',
    property,
    message: `process.${property} is read in main.ts only; take it as an option.`,
  })),
  { object: 'globalThis', property: 'process', message: 'process is read in main.ts only.' },
];

const nodeGlobals = ['process', 'Buffer', 'global', 'require', '__dirname', '__filename', 'setImmediate', 'clearImmediate'].map((name) => ({
  name,
  message: `${name} is Node's; this package runs on any web runtime.`,
}));

function rowOverrides([self, wall]: readonly [string, Wall]): readonly Override[] {
  const packages = [...wall.workspace, ...wall.npm];
  const nodeToo = (wall.nodeFolders ?? []).map((folder) => `${wall.folder}/${folder}/**`);
  const source: Override = {
    files: [`${wall.folder}/src/**`],
    rules: {
      'house/imports': ['error', { self, packages, node: wall.web !== true }],
      'no-restricted-globals': ['error', ...domTraps, ...(wall.web === true ? nodeGlobals : [])],
      'no-restricted-properties': ['error', ...ambient],
    },
  };
  const node: Override = {
    files: nodeToo,
    rules: { 'house/imports': ['error', { self, packages, node: true }], 'no-restricted-globals': ['error', ...domTraps] },
  };
  const tests: Override = {
    files: [`${wall.folder}/test/**`],
    rules: { 'house/imports': ['error', { self, packages: [self, ...packages, ...(wall.test ?? []), 'vitest'], node: true }] },
  };
  const host: Override = {
    files: (wall.ambient ?? []).map((file) => `${wall.folder}/${file}`),
    rules: { 'no-restricted-properties': 'off' },
  };
  return [source, node, host, tests].filter((override) => override.files.length > 0);
}

/** The content of .oxlintrc.json: the house's style, and one wall for each row of the table. */
export function lintConfig(walls: ReadonlyMap<string, Wall>): object {
  return {
    $schema: './node_modules/oxlint/configuration_schema.json',
    plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest'],
    jsPlugins: ['./scripts/lint/plugin.mjs'],
    categories: { correctness: 'error' },
    ignorePatterns: ['**/node_modules/**', '**/dist/**', '**/.cache/**', '**/.turbo/**', '**/*.gen.ts', '**/src/generated/**'],
    rules: house,
    overrides: [
      ...[...walls].flatMap(rowOverrides),
      { files: ['apps/*/src/main.ts'], rules: { 'no-restricted-properties': 'off' } },
      { files: ['packages/agent/src/executor/**', 'packages/agent/src/executor.ts'], rules: { 'house/only-executor-runs': 'off' } },
      {
        files: ['**/test/**'],
        rules: {
          'house/only-executor-runs': 'off',
          'house/class-only-for-errors': 'off',
          'max-lines': 'off',
          'max-params': 'off',
          'no-console': 'off',
          'typescript/no-unsafe-type-assertion': 'off',
          'vitest/expect-expect': 'off',
          'vitest/valid-title': 'off',
          'vitest/no-disabled-tests': 'error',
          'vitest/no-focused-tests': 'error',
        },
      },
      { files: ['**/*.config.ts', 'tsup.base.ts'], rules: { 'import/no-default-export': 'off' } },
      {
        files: ['scripts/**', '**/scripts/**', 'examples/**', 'bench/**'],
        rules: {
          'no-console': 'off',
          'import/no-default-export': 'off',
          'house/class-only-for-errors': 'off',
          'typescript/no-unsafe-type-assertion': 'off',
        },
      },
    ],
  };
}
