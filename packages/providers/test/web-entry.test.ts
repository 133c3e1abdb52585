import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const source = new URL('../src/', import.meta.url);

/** The modules that an entry reaches, without those of which it takes only types. */
async function reach(path: string, seen: Map<string, string> = new Map()): Promise<ReadonlyMap<string, string>> {
  if (seen.has(path)) return seen;
  const text = (await readFile(new URL(path, source), 'utf8')).replace(/^\s*(\/\/|\/?\*).*$/gm, '');
  seen.set(path, text);
  for (const [, next = ''] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.{1,2}\/[^']+)'/gms)) {
    await reach(new URL(next, new URL(path, 'file:///')).pathname.slice(1), seen);
  }
  return seen;
}

describe('the main entry', () => {
  it('reaches no Node builtin, neither process nor Buffer, and the SDK only lazily', async () => {
    const modules = [...(await reach('index.ts'))];
    const ofNode = modules.filter(([, text]) => /'node:|\bprocess\.|\bBuffer\b/.test(text)).map(([path]) => path);
    const ofSDK = modules.filter(([, text]) => /(from|import\() ?'openai'/.test(text)).map(([path]) => path);
    expect({ ofNode, ofSDK }).toEqual({ ofNode: [], ofSDK: ['client.ts'] });
    expect(modules.find(([path]) => path === 'client.ts')?.[1]).toContain("import type { OpenAI } from 'openai'");
    expect(modules.length).toBeGreaterThan(25);
  });
});
