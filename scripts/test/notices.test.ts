import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { productionDependencies } from '../dependencies.ts';
import { allNotices } from '../notices.ts';

const permissive = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'Unlicense']);

describe('what our packages depend on', () => {
  it.each([...productionDependencies()].map((folder) => [folder.replace(/^.*node_modules\//, ''), folder]))(
    '%s has a permissive licence',
    (_name, folder) => {
      const { license }: { readonly license?: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      expect(permissive).toContain(license);
    },
  );

  it('is named in THIRD-PARTY-NOTICES; `pnpm run notices` writes it', () => {
    expect(readFileSync(new URL('../../THIRD-PARTY-NOTICES', import.meta.url), 'utf8')).toBe(allNotices(productionDependencies()));
  });
});
