import { describe, expect, it } from 'vitest';
import type { Condition, Fault } from '../../src/condition.ts';
import { diagnoseWorld } from '../../src/diagnose.ts';
import { createWorld } from '../../src/world/world.ts';
import type { World } from '../../src/world/world.ts';
import { toWorldObject } from '../../src/world/world-object.ts';
import type { WorldObject } from '../../src/world/world-object.ts';

const now = Date.parse('2026-01-01T12:00:00Z');

function object(kind: string, name: string, owner?: WorldObject): WorldObject {
  const ownerReferences = owner === undefined ? [] : [{ kind: owner.kind, name: owner.name, uid: owner.uid, controller: true }];
  const made = toWorldObject({ metadata: { name, namespace: 'shop', uid: `${kind}/${name}`, ownerReferences } }, kind, 'v1');
  if (made === undefined) throw new Error('no object');
  return made;
}

const web = object('Deployment', 'web');
const set = object('ReplicaSet', 'web-1', web);
const pods = ['a', 'b', 'c'].map((name) => object('Pod', `web-1-${name}`, set));
const lone = object('Pod', 'lone');

function worldOf(...objects: readonly WorldObject[]): World {
  return createWorld({ now, objects: Map.groupBy(objects, ({ kind }) => kind), readings: new Map(), notRead: [] });
}

const world = worldOf(web, set, ...pods, lone);

function finds(...faults: readonly Fault[]): readonly Condition[] {
  return [{ id: 'test', kinds: ['Pod'], needs: ['Pod'], find: () => faults }];
}

const fault = (at: Fault['object'], reason: string, more: Partial<Fault> = {}): Fault => ({
  object: at,
  reason,
  severity: 'warning',
  summary: reason,
  evidence: [],
  ...more,
});

describe('findings', () => {
  it('roll up to the topmost owner: one for all its pods', () => {
    const findings = diagnoseWorld(world, finds(...pods.map((pod) => fault(pod, 'Broken', { since: now - 1000 })), fault(lone, 'Broken')));
    expect(findings).toMatchObject([
      { id: 'Deployment/shop/web:Broken', kind: 'Deployment', name: 'web', count: 3, fingerprint: 'Deployment/shop/web:Broken' },
      { id: 'Pod/shop/lone:Broken', count: 1 },
    ]);
    expect(findings[0]?.owner.map(({ kind }) => kind)).toEqual(['ReplicaSet', 'Deployment']);
  });

  it('take the words of the worst, and the evidence of all without doubles', () => {
    const proof = (value: string) => ({ evidence: [{ type: 'path' as const, at: 'x', value }] });
    const [finding] = diagnoseWorld(
      world,
      finds(
        ...pods.map((pod, at) => fault(pod, 'Broken', { ...proof(at === 2 ? 'other' : 'same'), severity: at === 2 ? 'critical' : 'info' })),
      ),
    );
    expect(finding).toMatchObject({ severity: 'critical', evidence: [{ value: 'same' }, { value: 'other' }] });
  });

  it('stand below what explains them, and that stands first', () => {
    const map = { kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
    const findings = diagnoseWorld(
      world,
      finds(
        fault(lone, 'Alone', { severity: 'critical' }),
        fault(web, 'Waits', { severity: 'critical', causedBy: [map] }),
        fault(map, 'Missing', { explains: [pods[0] ?? web] }),
        fault(pods[0] ?? web, 'Waits', { severity: 'critical' }),
      ),
    );
    expect(findings.map(({ id, cause, explains }) => ({ id, cause, explains }))).toEqual([
      { id: 'ConfigMap/shop/settings:Missing', cause: undefined, explains: 1 },
      { id: 'Deployment/shop/web:Waits', cause: 'ConfigMap/shop/settings:Missing', explains: 0 },
      { id: 'Pod/shop/lone:Alone', cause: undefined, explains: 0 },
    ]);
  });

  it('never explain themselves, not even around a corner', () => {
    const findings = diagnoseWorld(world, finds(fault(web, 'One', { causedBy: [lone] }), fault(lone, 'Two', { causedBy: [web] })));
    expect(findings).toHaveLength(2);
    expect(findings.filter(({ cause }) => cause !== undefined)).toHaveLength(1);
  });

  it('that only repeat what others show are left out where those are there', () => {
    const repeats = fault(web, 'Short', { onlyUnexplained: true, causedBy: pods });
    expect(diagnoseWorld(world, finds(repeats)).map(({ reason }) => reason)).toEqual(['Short']);
    expect(diagnoseWorld(world, finds(repeats, fault(pods[1] ?? web, 'Broken'))).map(({ reason }) => reason)).toEqual(['Broken']);
  });

  it('find the Deployment of a ReplicaSet that could not be read by its name', () => {
    const pod = toWorldObject(
      {
        metadata: {
          name: 'api-77f-x',
          namespace: 'shop',
          labels: { 'pod-template-hash': '77f' },
          ownerReferences: [{ kind: 'ReplicaSet', name: 'api-77f', uid: 'unread', controller: true }],
        },
      },
      'Pod',
      'v1',
    );
    const found = pod === undefined ? [] : diagnoseWorld(worldOf(pod), finds(fault(pod, 'Broken')));
    expect(found.map(({ id }) => id)).toEqual(['Deployment/shop/api:Broken']);
  });
});

describe('what could not be read', () => {
  it('is unknown, and only what was read can be missing', () => {
    const seen = createWorld({
      now,
      namespace: 'shop',
      objects: new Map(),
      readings: new Map([
        ['Secret', 'failed'],
        ['ConfigMap', 'read'],
        ['Ingress', 'absent'],
      ]),
      notRead: [{ kind: 'Secret', code: 'forbidden', message: 'secrets is forbidden' }],
    });
    expect(seen.lookup('Secret', 'shop', 'a')).toEqual({ type: 'unknown', why: 'secrets is forbidden' });
    expect(seen.lookup('ConfigMap', 'shop', 'a')).toEqual({ type: 'missing' });
    expect(seen.lookup('ConfigMap', 'other', 'a')).toMatchObject({ type: 'unknown' });
    expect(seen.lookup('Service', 'shop', 'a')).toMatchObject({ type: 'unknown' });
    expect(seen.lookup('Ingress', 'shop', 'a')).toEqual({ type: 'missing' });
  });
});
