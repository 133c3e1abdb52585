import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { configurationDocs } from '../../src/config/docs.ts';
import { options } from '../../src/config/options.ts';

describe('docs/configuration.md', () => {
  it.each([
    ['en', 'configuration.md'],
    ['zh', 'configuration.zh-CN.md'],
  ] as const)('is in %s what the table of settings says (pnpm run docs:generate)', async (language, name) => {
    const written = await readFile(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');
    expect(written).toBe(configurationDocs(language));
  });

  it.each(options)('describes $key in both languages', ({ description, descriptionZh }) => {
    expect(description.endsWith('.')).toBe(true);
    expect(descriptionZh).toMatch(/\p{Script=Han}.*。$/u);
  });
});
