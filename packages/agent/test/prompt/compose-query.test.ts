import { describe, expect, it } from 'vitest';
import { composeQuery } from '../../src/prompt/compose-query.ts';

describe('a query', () => {
  it('S180: is put together of the words and what came by the pipe', () => {
    const query = composeQuery('analyze these pods', 'NAME   READY\nweb    0/1\n');
    expect(query.startsWith('analyze these pods\n\n')).toBe(true);
    expect(query).toContain('NAME   READY\nweb    0/1');
  });

  it('is either alone where the other is missing', () => {
    expect(composeQuery('list pods', undefined)).toBe('list pods');
    expect(composeQuery('list pods', ' \n')).toBe('list pods');
    expect(composeQuery(undefined, 'list pods\n')).toBe('list pods');
    expect(composeQuery(undefined, undefined)).toBe('');
  });

  it('S182: takes 5 MB and a single line of 200 kB, and bounds them', () => {
    const query = composeQuery('find pods', `{"items":"${'x'.repeat(5_000_000)}"}`);
    expect(query.length).toBeLessThan(270_000);
    expect(query).toContain('find pods');
    expect(query).toMatch(/\[\.\.\. [\d,]+ characters \.\.\.\]/);
    expect(query.endsWith('xx"}\n```')).toBe(true);
    expect(composeQuery('find pods', 'y'.repeat(200_000))).toContain('y'.repeat(200_000));
  });
});
