import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/index.ts';

describe('secrets that become known later', () => {
  it('are hidden where they come in the same array', () => {
    const secrets: string[] = [];
    const redactor = createRedactor({ secrets: () => secrets });
    expect(redactor.text('a hunter2-1234567890')).toBe('a hunter2-1234567890');
    secrets.push('hunter2-1234567890');
    expect(redactor.text('a hunter2-1234567890')).not.toContain('hunter2');
    expect(redactor.touches('a hunter2-1234567890')).toBe(true);
    const stream = redactor.stream();
    expect(stream.write('a hunter2-1234') + stream.write('567890') + stream.end()).not.toContain('hunter2');
  });
});
