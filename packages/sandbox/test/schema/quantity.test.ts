import { describe, expect, it } from 'vitest';
import { canonicalQuantity, formatQuantity, parseQuantity } from '../../src/schema/quantity.ts';

describe('quantities', () => {
  it.each([
    ['0.5', '500m'],
    ['1000m', '1'],
    ['1024Mi', '1Gi'],
    ['64Mi', '64Mi'],
    ['1536Mi', '1536Mi'],
    ['1e3', '1e3'],
    ['100k', '100k'],
    ['0', '0'],
    ['-1', '-1'],
  ])('%s is written as %s', (given, canonical) => {
    expect(canonicalQuantity(given)).toBe(canonical);
  });

  it('that are none are known as such', () => {
    expect(canonicalQuantity('abc')).toBeUndefined();
    expect(parseQuantity('1Zi')).toBeUndefined();
  });

  it('add up exactly', () => {
    expect(formatQuantity((parseQuantity('100m') ?? 0n) + (parseQuantity('0.2') ?? 0n))).toBe('300m');
    expect(formatQuantity((parseQuantity('64Mi') ?? 0n) * 17n, 'binary')).toBe('1088Mi');
  });
});
