import { expect, it } from 'vitest';
import { diagnoseWorld } from '../../src/diagnose.ts';
import { selectFindings } from '../../src/report/select.ts';
import { toWorldObject } from '../../src/world/world-object.ts';
import { createWorld } from '../../src/world/world.ts';

const now = Date.parse('2026-01-01T12:00:00Z');

it('of the whole cluster’s objects only the namespace itself counts where one namespace is looked at', () => {
  const objects = ['old', 'other'].flatMap(
    (name) => toWorldObject({ metadata: { name, deletionTimestamp: '2026-01-01T09:00:00Z' } }, 'Namespace', 'v1') ?? [],
  );
  const world = createWorld({
    now,
    namespace: 'old',
    objects: new Map([['Namespace', objects]]),
    readings: new Map([['Namespace', 'read']]),
    notRead: [],
  });
  expect(selectFindings(diagnoseWorld(world), world, {}).map(({ id }) => id)).toEqual(['Namespace/old:NamespaceStuckTerminating']);
  expect(selectFindings(diagnoseWorld(world), world, { kinds: ['Namespace'] })).toHaveLength(2);
});
