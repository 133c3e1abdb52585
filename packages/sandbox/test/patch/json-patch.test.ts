import { describe, expect, it } from 'vitest';
import { PatchError, applyJsonPatch, applyMergePatch } from '../../src/patch/json-patch.ts';

describe('JSON patch', () => {
  it('adds, replaces, removes, moves, copies and tests', () => {
    const operations = [
      { op: 'test', path: '/a/0', value: 1 },
      { op: 'add', path: '/a/-', value: 3 },
      { op: 'replace', path: '/a/0', value: 9 },
      { op: 'copy', from: '/a', path: '/b' },
      { op: 'move', from: '/c~1d', path: '/e' },
      { op: 'remove', path: '/a' },
    ];
    expect(applyJsonPatch({ a: [1], 'c/d': 'x' }, operations)).toEqual({ b: [9, 3], e: 'x' });
  });

  it.each([[{ op: 'remove', path: '/nope' }], [{ op: 'test', path: '/a', value: 2 }], [{ op: 'nope', path: '/a' }]])(
    'refuses %o',
    (operation) => {
      expect(() => applyJsonPatch({ a: 1 }, [operation])).toThrow(PatchError);
    },
  );
});

describe('merge patch', () => {
  it('merges objects, replaces lists and removes what is null', () => {
    expect(applyMergePatch({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null, e: 3 }, d: [2] })).toEqual({ a: { c: 2, e: 3 }, d: [2] });
  });
});
