import { describe, expect, it } from 'vitest';
import { diffLines, renderDiff } from '../../../src/commands/init/diff.ts';

describe('diffLines', () => {
  it('tells what was taken away and added, and keeps what stays', () => {
    expect(diffLines('a: 1\nb: 2\nc: 3\n', 'a: 1\nb: 5\nc: 3\nd: 4\n')).toEqual([
      { type: 'same', text: 'a: 1' },
      { type: 'removed', text: 'b: 2' },
      { type: 'added', text: 'b: 5' },
      { type: 'same', text: 'c: 3' },
      { type: 'added', text: 'd: 4' },
    ]);
  });

  it('of a new file everything is added', () => {
    expect(diffLines('', 'a: 1\n')).toEqual([{ type: 'added', text: 'a: 1' }]);
    expect(diffLines('', '')).toEqual([]);
  });
});

describe('renderDiff', () => {
  it('shows changes only, and no secret', () => {
    expect(renderDiff(diffLines('a: 1\n', 'a: 1\nkey: sk-0123456789\n'), ['sk-0123456789'])).toEqual(['+ key: ***']);
  });
});
