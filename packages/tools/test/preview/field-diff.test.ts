import { describe, expect, it } from 'vitest';
import { diffFields } from '../../src/preview/field-diff.ts';

describe('diffFields', () => {
  it('names list items by their key, not by their place', () => {
    const before = {
      spec: {
        containers: [
          { name: 'a', image: 'x:1' },
          { name: 'b', image: 'y:1' },
        ],
      },
    };
    const after = {
      spec: {
        containers: [
          { name: 'b', image: 'y:2' },
          { name: 'a', image: 'x:1' },
        ],
      },
    };
    expect(diffFields(before, after)).toEqual([{ path: 'spec.containers[name=b].image', before: 'y:1', after: 'y:2' }]);
  });

  it('is silent on a time of creation that kubectl writes as null into a template', () => {
    const template = { metadata: { creationTimestamp: null, labels: { app: 'web' } } };
    expect(diffFields({ template: { metadata: { labels: { app: 'web' } } } }, { template })).toEqual([]);
    expect(diffFields({ template }, { template: { metadata: { labels: { app: 'web' } } } })).toEqual([]);
  });

  it('shows a new or a gone subtree as one change', () => {
    expect(diffFields({ a: { b: 1 } }, { c: { d: 2 } })).toEqual([
      { path: 'a', before: { b: 1 } },
      { path: 'c', after: { d: 2 } },
    ]);
  });

  it('falls back to places where items have no key of their own', () => {
    expect(diffFields({ args: ['a', 'b'] }, { args: ['a', 'c', 'd'] })).toEqual([
      { path: 'args[1]', before: 'b', after: 'c' },
      { path: 'args[2]', after: 'd' },
    ]);
    const ports = [{ port: 80 }, { port: 80 }];
    expect(diffFields({ ports }, { ports: [{ port: 80 }, { port: 81 }] })).toEqual([{ path: 'ports[1].port', before: 80, after: 81 }]);
  });

  it('quotes keys that hold dots', () => {
    expect(diffFields({ labels: { 'a.b/c': '1' } }, { labels: { 'a.b/c': '2' } })[0]?.path).toBe('labels."a.b/c"');
  });

  it('sees no change in another order of keys, and one from null to missing', () => {
    expect(diffFields({ a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 })).toEqual([]);
    expect(diffFields({ a: null }, {})).toEqual([{ path: 'a', before: null }]);
  });
});
