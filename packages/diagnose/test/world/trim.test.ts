import { describe, expect, it } from 'vitest';
import { createTrim } from '../../src/world/trim.ts';

describe('what is kept of an object', () => {
  it('is of large add-ons only what is looked at, and never values that may be secret', () => {
    const kept = createTrim()('FluxHelmRelease')({
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        suspend: true,
        values: { password: 'hunter2' },
        chart: { spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'all' } } },
      },
      status: { conditions: [{ type: 'Ready', status: 'True' }], history: [{}, {}] },
    });
    expect(kept).toEqual({
      metadata: { name: 'web', namespace: 'shop' },
      spec: { suspend: true, chart: { spec: { sourceRef: { kind: 'HelmRepository', name: 'all' } } } },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    });
  });

  it('is of definitions everything but their schemas', () => {
    const kept = createTrim()('CustomResourceDefinition')({
      metadata: { name: 'things.example.com' },
      spec: {
        group: 'example.com',
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    });
    expect(kept).toEqual({
      metadata: { name: 'things.example.com' },
      spec: { group: 'example.com', versions: [{ name: 'v1', served: true, storage: true }] },
    });
  });
});
