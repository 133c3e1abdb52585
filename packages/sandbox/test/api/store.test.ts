import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/object.ts';
import type { ResourceInfo } from '../../src/api/registry.ts';
import { createStore } from '../../src/api/store.ts';

const pods: ResourceInfo = {
  group: '',
  version: 'v1',
  resource: 'pods',
  singular: 'pod',
  kind: 'Pod',
  namespaced: true,
  verbs: [],
  shortNames: [],
  categories: [],
  subresources: new Map(),
  storage: 'pods',
};
const pod = (name: string, labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels },
});
const names = (objects: readonly KubeObject[] | undefined): (string | undefined)[] | undefined =>
  objects?.map(({ metadata }) => metadata.name);

describe('the store', () => {
  it('gives every write a higher version and lists in the order of names', () => {
    const store = createStore();
    const first = store.put(pods, pod('b'));
    const second = store.put(pods, pod('a'));
    expect(Number(second.metadata.resourceVersion)).toBeGreaterThan(Number(first.metadata.resourceVersion));
    expect(names(store.list('pods', 'default'))).toEqual(['a', 'b']);
  });

  it('shows the objects as they were at an earlier version', () => {
    const store = createStore();
    const first = store.put(pods, pod('a'));
    store.put(pods, pod('b'));
    store.put(pods, pod('a', { changed: 'yes' }));
    store.remove(pods, pod('b'));
    const then = store.listAt(Number(first.metadata.resourceVersion), 'pods');
    expect(names(then)).toEqual(['a']);
    expect(then?.[0]?.metadata.labels).toEqual({});
  });

  it('tells changes in order, also when a listener writes', () => {
    const store = createStore();
    const heard: string[] = [];
    store.watch(({ type, object }) => {
      if (type === 'added' && object.metadata.name === 'a') store.put(pods, pod('b'));
    });
    store.watch(({ object }) => void heard.push(object.metadata.name ?? ''));
    store.put(pods, pod('a'));
    expect(heard).toEqual(['a', 'b']);
  });

  it('does not look back further than its history', () => {
    const store = createStore();
    for (let index = 0; index < 20_002; index++) store.put(pods, pod('a'));
    expect(store.since(1)).toBeUndefined();
    expect(store.since(store.resourceVersion() - 1)).toHaveLength(1);
  });
});
