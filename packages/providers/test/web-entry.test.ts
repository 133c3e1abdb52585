import { readFile, readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const source = new URL('../src/', import.meta.url);

describe('the main entry', () => {
  it('reaches no Node builtin, neither process nor Buffer, and the SDK only lazily', async () => {
    const seen = new Set<string>();
    const walk = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const text = await readFile(new URL(path, source), 'utf8');
      expect(text, path).not.toMatch(/from 'node:|import\('node:|\bprocess\.|\bBuffer\b/);
      if (path !== 'client.ts') expect(text, path).not.toMatch(/(from|import\() ?'openai'/);
      for (const [, next] of text.matchAll(/^(?:import|export) (?!type )[^;]*from '\.\/([^']+)'/gms))
        if (next !== undefined) await walk(next);
    };
    await walk('index.ts');
    expect(await readFile(new URL('client.ts', source), 'utf8')).toMatch(/import type \{ OpenAI \} from 'openai'/);
    expect(seen.size).toBeGreaterThan(25);
    expect((await readdir(source)).filter((name) => name.endsWith('.ts')).length).toBeGreaterThanOrEqual(seen.size);
  });
});
