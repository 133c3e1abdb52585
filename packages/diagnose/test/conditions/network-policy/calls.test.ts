import { describe, expect, it } from 'vitest';
import { callsFrom } from '../../../src/conditions/network-policy/calls.ts';
import { createWorld } from '../../../src/world/world.ts';
import { toWorldObject } from '../../../src/world/world-object.ts';
import type { WorldObject } from '../../../src/world/world-object.ts';

function service(namespace: string, name: string): WorldObject {
  const object = toWorldObject({ metadata: { namespace, name, uid: `${namespace}/${name}` } }, 'Service', 'v1');
  if (object === undefined) throw new Error('no Service');
  return object;
}

const world = createWorld({
  now: 0,
  objects: new Map([['Service', [service('shop', 'cart'), service('shop', 'db'), service('data', 'db')]]]),
  readings: new Map([['Service', 'read']]),
  notRead: [],
});

function callsOf(name: string, value: string, args: readonly string[] = []): readonly string[] {
  const body = { spec: { containers: [{ name: 'web', env: [{ name, value }], args }] } };
  const pod = toWorldObject({ metadata: { namespace: 'shop', name: 'web' }, ...body }, 'Pod', 'v1');
  if (pod === undefined) throw new Error('no pod');
  return callsFrom(pod, world).map((call) => `${call.service.namespace ?? ''}/${call.service.name}:${call.port ?? ''} ${call.text}`);
}

describe('the Services that a pod is configured to call', () => {
  it.each([
    ['CART', 'http://cart', ['shop/cart: //cart']],
    ['CART', 'http://cart:8080/items', ['shop/cart:8080 //cart:8080']],
    ['DB', 'db.data:5432', ['data/db:5432 db.data:5432']],
    ['DB', 'db.data.svc.cluster.local', ['data/db: db.data.svc.cluster.local']],
    ['DB_HOST', 'db', ['shop/db: db']],
    ['BROKERS', 'cart:1,db:2', ['shop/cart:1 cart:1', 'shop/db:2 db:2']],
    // A word is no host only because a Service has the same name.
    ['MODE', 'cart', []],
    ['TITLE', 'about our cart', []],
    ['HOST', 'elsewhere', []],
    ['URL', 'https://cart.example.com/', []],
  ])('%s=%s: %j', (name, value, calls) => expect(callsOf(name, value)).toEqual(calls));

  it('are found in arguments', () => {
    expect(callsOf('A', '', ['--upstream=http://cart:80'])).toEqual(['shop/cart:80 //cart:80']);
  });

  it('are told without the user and password of an address', () => {
    expect(callsOf('DB', 'postgres://shop:hunter2@db.data.svc:5432/shop').join('\n')).not.toContain('hunter2');
    expect(callsOf('DB', 'postgres://shop:hunter2@db:5432/shop')).toEqual(['shop/db:5432 //db:5432']);
  });

  it('are looked for in no more than texts of an ordinary length, in linear time', () => {
    const started = performance.now();
    callsOf('A', `http://${'a'.repeat(1_900)}`);
    callsOf('A', `${'a.'.repeat(900)}svc`);
    callsOf('A', `//${'a@'.repeat(900)}`);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
