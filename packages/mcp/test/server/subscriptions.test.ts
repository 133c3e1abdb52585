import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseObjectUri } from '../../src/server/object-uri.ts';
import { createSubscriptions, type SubscriptionPorts } from '../../src/server/subscriptions.ts';

const uri = 'k8s://prod/shop/pods/web-0';
const address = parseObjectUri(uri);
const { signal } = new AbortController();

interface Watched {
  readonly changed: () => void;
  readonly signal: AbortSignal;
  readonly end: (reason: string) => void;
}

let watched: Watched[];
let told: string[];
let said: string[];

const ports: SubscriptionPorts = {
  watch: async (_address, changed, own) => {
    const ended = Promise.withResolvers<string>();
    own.addEventListener('abort', () => ended.resolve('it was ended'));
    watched.push({ changed, signal: own, end: ended.resolve });
    return { ended: ended.promise };
  },
  changed: (changedUri) => told.push(changedUri),
  say: (text) => said.push(text),
};

beforeEach(() => {
  vi.useFakeTimers();
  [watched, told, said] = [[], [], []];
});
afterEach(() => {
  vi.useRealTimers();
});

describe('subscriptions of a client', () => {
  it('tell of a change at once, and of an object that changes without rest once a second', async () => {
    const book = createSubscriptions(ports);
    await book.add(uri, address, signal);
    await book.add(uri, address, signal);
    expect(watched).toHaveLength(1);
    for (let index = 0; index < 50; index += 1) watched[0]?.changed();
    expect(told).toEqual([uri]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual([uri, uri]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toHaveLength(2);
  });

  it('end with unsubscribing and with the client, and are silent from then on', async () => {
    const book = createSubscriptions(ports);
    await book.add(uri, address, signal);
    await book.add(`${uri}1`, address, signal);
    await book.remove(uri);
    expect(watched.map((each) => each.signal.aborted)).toEqual([true, false]);
    watched[0]?.changed();
    await book.close();
    expect(watched.map((each) => each.signal.aborted)).toEqual([true, true]);
    expect([told, said]).toEqual([[], []]);
  });

  it('have a limit, and the place of one that ended by itself is free, after it was said why', async () => {
    const book = createSubscriptions(ports);
    for (let index = 0; index < 16; index += 1) await book.add(`${uri}${index}`, address, signal);
    await expect(book.add(uri, address, signal)).rejects.toThrow(/16 objects.*unsubscribe/);
    watched[3]?.end('the cluster is away');
    await vi.advanceTimersByTimeAsync(0);
    expect(said).toEqual([`changes of ${uri}3 are told no longer: the cluster is away`]);
    await book.add(uri, address, signal);
    await book.close();
  });

  it('that cannot begin are refused with the reason, and may be tried again', async () => {
    let fails = true;
    const book = createSubscriptions({
      ...ports,
      watch: (...args) => (fails ? Promise.reject(new Error('forbidden')) : ports.watch(...args)),
    });
    await expect(book.add(uri, address, signal)).rejects.toThrow('forbidden');
    fails = false;
    await book.add(uri, address, signal);
    expect(watched).toHaveLength(1);
    await book.close();
  });
});

describe('addresses of objects', () => {
  it('are read with `_` for no namespace and escapes decoded; what is none is refused', () => {
    expect(parseObjectUri('k8s://arn%3Aaws%2Fprod/_/nodes/n1')).toEqual({ context: 'arn:aws/prod', kind: 'nodes', name: 'n1' });
    expect(parseObjectUri('k8s://c/shop/deployments.apps/web')).toEqual({
      context: 'c',
      namespace: 'shop',
      kind: 'deployments.apps',
      name: 'web',
    });
    for (const bad of ['k8s://c/pods/web', 'k8s://c/shop/pods/--all', 'k8s://c/shop/-f/x', 'k8s://c/a%20b/pods/x'])
      expect(() => parseObjectUri(bad)).toThrow(/is no/);
  });
});
