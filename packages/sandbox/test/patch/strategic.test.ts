import { describe, expect, it } from 'vitest';
import { structOf } from '../../src/api/body.ts';
import type { JsonMap } from '../../src/json.ts';
import { applyStrategicPatch } from '../../src/patch/strategic.ts';

const patched = (containers: JsonMap[], patch: JsonMap): unknown => {
  const result = applyStrategicPatch(structOf('core/v1.PodSpec'), { containers }, patch);
  return result.containers;
};

describe('strategic merge', () => {
  it('merges lists by their key and puts a new item first', () => {
    expect(patched([{ name: 'api', image: 'a:1' }], { containers: [{ name: 'side', image: 'redis:7' }] })).toEqual([
      { name: 'side', image: 'redis:7' },
      { name: 'api', image: 'a:1' },
    ]);
  });

  it('follows $setElementOrder', () => {
    const patch = { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }], containers: [{ name: 'b', image: 'b:2' }] };
    expect(
      patched(
        [
          { name: 'a', image: 'a:1' },
          { name: 'b', image: 'b:1' },
        ],
        patch,
      ),
    ).toEqual([
      { name: 'b', image: 'b:2' },
      { name: 'a', image: 'a:1' },
    ]);
  });

  it('deletes and replaces as directives say', () => {
    expect(patched([{ name: 'a' }, { name: 'b' }], { containers: [{ name: 'a', $patch: 'delete' }] })).toEqual([{ name: 'b' }]);
    expect(patched([{ name: 'a' }, { name: 'b' }], { containers: [{ $patch: 'replace' }, { name: 'c' }] })).toEqual([{ name: 'c' }]);
  });

  it('replaces lists that have no key and deletes from lists of values', () => {
    const spec = { containers: [{ name: 'a', args: ['x'] }] };
    expect(applyStrategicPatch(structOf('core/v1.PodSpec'), spec, { containers: [{ name: 'a', args: ['y'] }] })).toEqual({
      containers: [{ name: 'a', args: ['y'] }],
    });
    const meta = applyStrategicPatch(
      structOf('meta/v1.ObjectMeta'),
      { finalizers: ['a', 'b'] },
      { '$deleteFromPrimitiveList/finalizers': ['a'] },
    );
    expect(meta).toEqual({ finalizers: ['b'] });
  });

  it('refuses an item without its key', () => {
    expect(() => patched([{ name: 'a' }], { containers: [{ image: 'x' }] })).toThrow(
      'map: map[image:x] does not contain declared merge key: name',
    );
  });
});
