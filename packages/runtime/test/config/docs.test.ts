import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { configurationDocs } from '../../src/config/docs.ts';
import { options } from '../../src/config/options.ts';

describe('docs/configuration.md', () => {
  it('is what the table of settings says (pnpm run docs:generate)', async () => {
    const written = await readFile(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    expect(written).toBe(configurationDocs());
  });

  it('describes every setting in both languages', () => {
    for (const { description, descriptionZh } of options) {
      expect(description.endsWith('.')).toBe(true);
      expect(descriptionZh).toMatch(/\p{Script=Han}/u);
    }
  });
});
