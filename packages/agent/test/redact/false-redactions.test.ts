import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/redactor.ts';

const read = (name: string): string => readFileSync(new URL(`corpus/${name}`, import.meta.url), 'utf8');

/** Lines that differ. */
function changedLines(text: string): readonly string[] {
  const left = new Map<string, number>();
  for (const line of createRedactor().text(text).split('\n')) left.set(line, (left.get(line) ?? 0) + 1);
  return text.split('\n').filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count < 1;
  });
}

describe('false redactions', () => {
  it('are under 0.1 % of the lines of ordinary answers', () => {
    const text = read('answers.txt');
    const changed = changedLines(text);
    expect({ changed, many: changed.length / text.split('\n').length >= 0.001 }).toEqual({ changed, many: false });
  });

  it('do not happen in lines that only sound like secrets', () => {
    expect(changedLines(read('tricky.txt'))).toEqual([]);
  });
});
