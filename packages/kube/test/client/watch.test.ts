import { describe, expect, it } from 'vitest';
import type { KubeHost, WatchEvent, WatchOptions } from '../../src/index.ts';
import { linkedTransport } from '../../src/testing/index.ts';
import type { LinkedAnswer } from '../../src/testing/index.ts';
import { openTestTarget } from '../support/connection.ts';
import { startServer } from '../support/server.ts';

const pods = { group: '', version: 'v1', resource: 'pods' } as const;
const event = (type: string, name: string, resourceVersion: string, annotations?: object): string =>
  `${JSON.stringify({ type, object: { kind: 'Pod', metadata: { name, resourceVersion, annotations } } })}\n`;
const failure = (code: number, reason: string): string =>
  `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code, reason, message: `${reason}!` } })}\n`;

interface Watching {
  readonly events: WatchEvent[];
  readonly queries: string[];
  readonly pauses: number[];
  readonly error: unknown;
}

async function watching(answers: readonly LinkedAnswer[], options: WatchOptions = {}): Promise<Watching> {
  const queries: string[] = [];
  const pauses: number[] = [];
  const left = [...answers];
  const sleep: KubeHost['sleep'] = async (milliseconds) => void pauses.push(milliseconds);
  const { client } = await openTestTarget({
    host: { sleep },
    transport: () =>
      linkedTransport(({ url }) => {
        queries.push(new URL(url).search);
        return left.shift() ?? { body: failure(410, 'Expired') };
      }),
  });
  const events: WatchEvent[] = [];
  try {
    for await (const next of client.watch(pods, options)) events.push(next);
  } catch (error) {
    return { events, queries, pauses, error };
  }
  return { events, queries, pauses, error: undefined };
}

const short = (events: readonly WatchEvent[]): string[] =>
  events.map((next) => `${next.type} ${next.type === 'expired' ? next.message : next.resourceVersion}`);

describe('watching', () => {
  it('tells changes and bookmarks, goes on where it was when the server ends it, and ends after expired', async () => {
    const { events, queries, pauses } = await watching(
      [
        { body: event('ADDED', 'a', '5') + event('MODIFIED', 'a', '6') + event('BOOKMARK', '', '9') },
        { body: event('DELETED', 'a', '10') },
      ],
      { resourceVersion: '4', labelSelector: 'app=web' },
    );
    expect(short(events)).toEqual(['added 5', 'modified 6', 'bookmark 9', 'deleted 10', 'expired Expired!']);
    expect(queries.map((query) => new URLSearchParams(query).get('resourceVersion'))).toEqual(['4', '9', '10']);
    expect(queries[0]).toBe('?watch=true&allowWatchBookmarks=true&timeoutSeconds=290&labelSelector=app%3Dweb&resourceVersion=4');
    expect(pauses).toEqual([1_000, 1_000]);
  });

  it('initial events end with a bookmark that says so', async () => {
    const { events, queries } = await watching(
      [{ body: event('ADDED', 'a', '5') + event('BOOKMARK', '', '6', { 'k8s.io/initial-events-end': 'true' }) }],
      { sendInitialEvents: true },
    );
    expect(events[1]).toEqual({ type: 'bookmark', resourceVersion: '6', initialEventsEnd: true });
    expect(queries[0]).toContain('sendInitialEvents=true&resourceVersionMatch=NotOlderThan');
    expect(queries[1]).not.toContain('sendInitialEvents');
  });

  it('410 as an answer is expired, too', async () => {
    const { events } = await watching([{ status: 410, body: { kind: 'Status', code: 410, reason: 'Gone', message: 'too old' } }], {
      resourceVersion: '1',
    });
    expect(short(events)).toEqual(['expired too old']);
  });

  it('events cut by packets are put together, characters too', async () => {
    const bytes = Buffer.from(event('ADDED', 'grün-名前', '5') + event('ADDED', 'b', '6'), 'utf8');
    async function* bytewise(): AsyncGenerator<Uint8Array> {
      for (const byte of bytes) yield Buffer.from([byte]);
    }
    const { events } = await watching([{ body: bytewise() }]);
    expect(events[0]).toMatchObject({ object: { metadata: { name: 'grün-名前' } } });
    expect(short(events).slice(0, 2)).toEqual(['added 5', 'added 6']);
  });

  it('a server that fails is asked again with growing pauses, and given up after 5 times', async () => {
    const { error, pauses, queries } = await watching(Array.from({ length: 9 }, () => ({ status: 503, body: 'down' })));
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(queries).toHaveLength(5);
  });

  it('a server that ends each watch at once is not stormed', async () => {
    const { pauses } = await watching(Array.from({ length: 8 }, () => ({ body: '' })));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('a refusal and rubbish end it at once', async () => {
    const forbidden = await watching([{ status: 403, body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' } }]);
    expect(forbidden.error).toMatchObject({ code: 'forbidden', message: 'no' });
    expect((await watching([{ body: '<html>' }])).error).toMatchObject({ code: 'bad-answer' });
    expect((await watching([{ body: '[]' }])).error).toMatchObject({ code: 'bad-answer' });
    expect((await watching([{ body: event('ODD', 'a', '1') }])).error).toMatchObject({ code: 'bad-answer' });
    expect((await watching([{ body: failure(403, 'Forbidden') }])).error).toMatchObject({ code: 'forbidden' });
    expect((await watching([{ body: 'x'.repeat(9 * 1024 * 1024) }])).error).toMatchObject({ code: 'too-large' });
  });

  it('leaving it closes its connection; an abort leaves with its reason', async () => {
    const closed = Promise.withResolvers<void>();
    const server = await startServer((_request, response) => {
      response.write(event('ADDED', 'a', '5'));
      response.once('close', closed.resolve);
    });
    const { client } = await openTestTarget({ config: { cluster: { server: server.url } } });
    for await (const _event of client.watch(pods)) break;
    await closed.promise;
    const abort = new AbortController();
    const watch = (async () => {
      for await (const _event of client.watch(pods, { signal: abort.signal })) abort.abort(new Error('enough'));
    })();
    await expect(watch).rejects.toThrow('enough');
  });
});
