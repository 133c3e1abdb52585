import { describe, expect, it } from 'vitest';
import { readMarkdown } from '../src/text/read-markdown.ts';

const hostile: Readonly<Record<string, string>> = {
  'quotes in quotes': '>'.repeat(20_000),
  'quotes in quotes with spaces': '> '.repeat(20_000),
  'quotes in quotes over lines': Array.from({ length: 300 }, (_, line) => `${'>'.repeat(line)} a`).join('\n'),
  'lists in lists': Array.from({ length: 800 }, (_, line) => `${'  '.repeat(line)}- a`).join('\n'),
  'quotes in lists': '- > '.repeat(5_000),
  'half-open emphasis': '_a'.repeat(20_000),
  'half-open stars': '*a'.repeat(20_000),
  'open brackets': '['.repeat(50_000),
  'open links': '[a]('.repeat(20_000),
  'open pictures': '!['.repeat(20_000),
  'backticks of all lengths': Array.from({ length: 1_000 }, (_, count) => '`'.repeat(count + 1)).join(' '),
  'a megabyte': 'word '.repeat(200_000),
};

describe('markdown of a model that wants to stop the page', () => {
  it.each(Object.entries(hostile))('%s: it is read in a moment and nothing is thrown', (_, text) => {
    const began = performance.now();
    const tokens = readMarkdown(text);
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(depthOf(tokens)).toBeLessThan(400);
  });

  it('what people write is read as ever', () => {
    expect(
      readMarkdown('# Pods\n\n> a\n>> b\n\n- a\n  - b\n    - **c** `d`\n')
        .map(({ type }) => type)
        .filter((type) => type !== 'space'),
    ).toEqual(['heading', 'blockquote', 'list']);
    expect(readMarkdown('| a | b |\n| - | - |\n| 1 | 2 |').map(({ type }) => type)).toEqual(['table']);
  });
});

function depthOf(value: unknown): number {
  let deepest = 0;
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    deepest = Math.max(deepest, next.depth);
    if (typeof next.value !== 'object' || next.value === null) continue;
    for (const member of Object.values(next.value)) open.push({ value: member, depth: next.depth + 1 });
  }
  return deepest;
}
