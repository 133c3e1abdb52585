import { describe, expect, it } from 'vitest';
import { holderOf } from '../../src/world/finalizers.ts';
import { createWorld } from '../../src/world/world.ts';
import { toWorldObject } from '../../src/world/world-object.ts';
import type { WorldObject } from '../../src/world/world-object.ts';

function objectOf(kind: string, name: string, rest: object): WorldObject {
  const { labels, ...body } = { labels: {}, ...rest };
  const object = toWorldObject({ metadata: { name, namespace: 'shop', labels }, ...body }, kind, 'v1');
  if (object === undefined) throw new Error(`${name} is no object`);
  return object;
}

const claimed = (name: string): object => ({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: name } }] });
const pods = [
  objectOf('Pod', 'web-1', { labels: { app: 'web' }, spec: claimed('data'), status: { phase: 'Running' } }),
  objectOf('Pod', 'web-2', {
    labels: { app: 'web' },
    spec: { volumes: [{ name: 'scratch', ephemeral: {} }] },
    status: { phase: 'Running' },
  }),
  objectOf('Pod', 'web-0', { labels: { app: 'web' }, spec: claimed('data'), status: { phase: 'Succeeded' } }),
  objectOf('Pod', 'api-1', { labels: { app: 'api' }, status: { phase: 'Pending' } }),
];
const world = createWorld({ now: 0, objects: new Map([['Pod', pods]]), readings: new Map([['Pod', 'read']]), notRead: [] });
const namesOf = (found: readonly WorldObject[]): readonly string[] => found.map(({ name }) => name);
const budget = (selector: object | undefined): WorldObject =>
  objectOf('PodDisruptionBudget', 'b', { spec: selector === undefined ? {} : { selector } });

describe('pods of a world', () => {
  it('are found by the selector of a workload or a budget; those that have ended are none', () => {
    expect(namesOf(world.pods.bySelector(budget({ matchLabels: { app: 'web' } })))).toEqual(['web-1', 'web-2']);
    expect(namesOf(world.pods.bySelector(budget({ matchExpressions: [{ key: 'app', operator: 'In', values: ['api'] }] })))).toEqual([
      'api-1',
    ]);
    expect(namesOf(world.pods.bySelector(budget(undefined)))).toEqual([]);
  });

  it('are found by the claims that they mount, also by those that are made for them alone', () => {
    const byClaim = (name: string): readonly string[] => namesOf(world.pods.byClaim(objectOf('PersistentVolumeClaim', name, {})));
    expect([byClaim('data'), byClaim('web-2-scratch'), byClaim('other')]).toEqual([['web-1'], ['web-2'], []]);
  });

  it('stand together where they have the same labels', () => {
    expect(world.pods.groups('shop').map(namesOf)).toEqual([['web-1', 'web-2'], ['api-1']]);
    expect(world.pods.groups('other')).toEqual([]);
  });
});

describe('a finalizer', () => {
  it('names who takes it away, as far as it tells', () => {
    expect(holderOf('kubernetes.io/pvc-protection')).toContain('once no pod uses the claim');
    expect(holderOf('resources-finalizer.argocd.argoproj.io')).toContain('Argo CD');
    expect(holderOf('things.example.com/guard')).toBe('the controller of things.example.com');
    expect(holderOf('guard')).toBe('the controller that set it');
  });
});
