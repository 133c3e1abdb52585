import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/index.ts';
import { linkedTransport } from '../../src/testing/index.ts';
import type { LinkedAnswer } from '../../src/testing/index.ts';
import { openTestTarget } from '../support/connection.ts';

const pods = { group: '', version: 'v1', resource: 'pods' } as const;
const page = (names: readonly string[], next?: string): LinkedAnswer => ({
  body: {
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: { resourceVersion: '100', ...(next !== undefined && { continue: next, remainingItemCount: 2 }) },
    items: names.map((name) => ({ metadata: { name, namespace: 'shop' } })),
  },
});
const expired = (offered?: string): LinkedAnswer => ({
  status: 410,
  body: {
    kind: 'Status',
    code: 410,
    reason: 'Expired',
    message: 'The provided continue parameter is too old',
    metadata: { continue: offered },
  },
});

async function listing(
  answers: readonly LinkedAnswer[],
  options: object = {},
): Promise<{ readonly names: unknown[]; readonly queries: string[]; readonly items: KubeObject[] }> {
  const queries: string[] = [];
  const left = [...answers];
  const { client } = await openTestTarget({
    transport: () =>
      linkedTransport(({ url }) => {
        queries.push(new URL(url).search);
        return left.shift() ?? { status: 500 };
      }),
  });
  const items: KubeObject[] = [];
  for await (const item of client.list(pods, { namespace: 'shop', ...options })) items.push(item);
  return { names: items.map(({ metadata }) => metadata?.name), queries, items };
}

describe('listing', () => {
  it('reads page by page, and names the kind that lists leave out', async () => {
    const { names, queries, items } = await listing([page(['a', 'b'], 'next1'), page(['c', 'd'], 'next2'), page(['e'])], {
      pageSize: 2,
      labelSelector: 'app=web,tier in (a,b)',
      resourceVersion: '0',
    });
    expect(names).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(items[0]).toEqual({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' } });
    expect(queries).toEqual([
      '?labelSelector=app%3Dweb%2Ctier+in+%28a%2Cb%29&limit=2&resourceVersion=0',
      '?labelSelector=app%3Dweb%2Ctier+in+%28a%2Cb%29&limit=2&continue=next1',
      '?labelSelector=app%3Dweb%2Ctier+in+%28a%2Cb%29&limit=2&continue=next2',
    ]);
  });

  it('an expired page goes on with the token that the server offers', async () => {
    const { names, queries } = await listing([page(['a', 'b'], 'old'), expired('fresh'), page(['c'])]);
    expect(names).toEqual(['a', 'b', 'c']);
    expect(queries[2]).toContain('continue=fresh');
  });

  it('an expired page without a token begins anew and gives nothing twice', async () => {
    const { names } = await listing([page(['a', 'b'], 'old'), expired(), page(['a', 'aa'], 'new'), page(['b', 'c'])]);
    expect(names).toEqual(['a', 'b', 'aa', 'c']);
  });

  it('pages that expire for ever end with the error', async () => {
    await expect(listing([page(['a'], 'old'), expired('x'), expired('y'), expired('z'), expired('w')])).rejects.toMatchObject({
      code: 'gone',
    });
  });

  it('an empty list and a null one are empty; anything else is refused', async () => {
    await expect(listing([page([])])).resolves.toMatchObject({ names: [] });
    await expect(listing([{ body: { kind: 'PodList', items: null } }])).resolves.toMatchObject({ names: [] });
    await expect(listing([{ body: { kind: 'Pod', items: 'x' } }])).rejects.toMatchObject({ code: 'bad-answer' });
    await expect(listing([{ body: { items: [7] } }])).rejects.toMatchObject({ code: 'bad-answer' });
  });

  it('pages tell what a watch needs', async () => {
    const left = [page(['a'], 'next'), expired('fresh'), page(['b'])];
    const { client } = await openTestTarget({ transport: () => linkedTransport(() => left.shift() ?? { status: 500 }) });
    const pages = [];
    for await (const { items, ...rest } of client.pages(pods)) pages.push({ count: items.length, ...rest });
    expect(pages).toEqual([
      { count: 1, resourceVersion: '100', continue: 'next', remaining: 2, consistent: true },
      { count: 1, resourceVersion: '100', consistent: false },
    ]);
  });

  it('a list of 10,000 objects is taken as it is, and leaving early asks for no more', async () => {
    let requests = 0;
    const { client } = await openTestTarget({
      transport: () =>
        linkedTransport(() => {
          requests += 1;
          return page(
            Array.from({ length: 500 }, (_, index) => `p-${requests}-${index}`),
            requests < 20 ? `next${requests}` : undefined,
          );
        }),
    });
    let count = 0;
    for await (const _pod of client.list(pods)) count += 1;
    expect([count, requests]).toEqual([10_000, 20]);
    for await (const _pod of client.list(pods)) break;
    expect(requests).toBe(21);
  });
});
