import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPage } from '../docs/markdown.ts';
import { pagePaths } from '../docs/pages.ts';
import { checkSnippets, snippetsOf } from '../docs/snippets.ts';

const root = new URL('../../', import.meta.url).pathname;
const snippets = pagePaths(root).flatMap((path) => snippetsOf(readPage(root, path)));
const folder = mkdtempSync(join(tmpdir(), 'kw-docs-'));
let said: ReadonlyMap<string, readonly string[]> = new Map();

beforeAll(async () => {
  said = await checkSnippets([...snippets, { name: 'wrong', text: 'export const wrong: number = "";' }], { root, folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('TypeScript in the pages', () => {
  it.each(snippets)('of $name has the right types', ({ name }) => {
    expect(said.get(name)).toEqual([]);
  });

  it('is really checked', () => {
    expect(said.get('wrong')).toHaveLength(1);
  });
});
