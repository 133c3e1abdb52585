import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lintConfig } from '../lint/config.ts';
import { readWalls } from '../lint/walls.ts';

const root = new URL('../../', import.meta.url).pathname;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kw-lint-'));
  const config = { ...lintConfig(readWalls()), jsPlugins: [join(root, 'scripts/lint/plugin.mjs')] };
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(config));
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Report {
  readonly diagnostics: readonly { readonly code: string }[];
}

/** The rules that complain about this text at this place of the repository. */
function lint(path: string, text: string): string[] {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format=json', path], { cwd: folder, encoding: 'utf8' });
  rmSync(file);
  const report: Report = JSON.parse(stdout);
  return report.diagnostics.map(({ code }) => code);
}

it.each([
  ['packages/agent/src/a.ts', "import { kubectl } from '@kw/tools';\nexport const a = kubectl;\n", 'house(imports)'],
  ['packages/agent/src/a.ts', "import { readFile } from 'node:fs';\nexport const a = readFile;\n", 'house(imports)'],
  ['packages/http/src/a.ts', "export const a = () => import('pg');\n", 'house(imports)'],
  ['packages/store/test/a.test.ts', "export { kubectl } from '@kw/tools';\n", 'house(imports)'],
  ['packages/agent/src/a.ts', 'export const a = Buffer.from("x");\n', 'eslint(no-restricted-globals)'],
  ['packages/sdk-js/src/a.ts', 'export const a = process.platform;\n', 'eslint(no-restricted-globals)'],
  ['packages/tools/src/a.ts', 'export const a = process.env;\n', 'eslint(no-restricted-properties)'],
  ['apps/cli/src/a.ts', 'export const a = process.argv;\n', 'eslint(no-restricted-properties)'],
  ['apps/cli/src/a.ts', 'export const a = globalThis.process;\n', 'eslint(no-restricted-properties)'],
  ['packages/agent/src/loop.ts', 'export const a = (invocation, context) => invocation.run(context);\n', 'house(only-executor-runs)'],
  ['packages/http/src/a.ts', 'export const a = (call, context) => call.invocation["run"](context);\n', 'house(only-executor-runs)'],
  ['packages/kube/src/a.ts', 'export class Client {}\n', 'house(class-only-for-errors)'],
  ['packages/kube/src/a.ts', 'export default 1;\n', 'import(no-default-export)'],
])('in %s the line %s is refused by %s', (path, text, rule) => {
  expect(lint(path, text)).toContain(rule);
});

it.each([
  ['packages/tools/src/a.ts', "import { createAgent } from '@kw/agent';\nexport const a = createAgent;\n"],
  ['packages/providers/src/testing/a.ts', "import { createServer } from 'node:http';\nexport const a = createServer;\n"],
  ['packages/agent/src/executor.ts', 'export const a = (invocation, context) => invocation.run(context);\n'],
  ['packages/kube/src/host.ts', 'export const a = process.env;\n'],
  ['apps/cli/src/main.ts', 'export const a = process.argv;\n'],
  ['packages/kube/src/a.ts', 'export class KubeError extends Error {}\n'],
])('in %s the line %s is fine', (path, text) => {
  expect(lint(path, text)).toEqual([]);
});
