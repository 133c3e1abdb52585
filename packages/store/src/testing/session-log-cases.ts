import assert from 'node:assert/strict';
import { type AppendResult, type Entry, personOf } from '@kw/agent';
import type { ConformanceCase } from './conformance.ts';
import { appendNotes, note, noteOf, type OpenSessions, owner, rejectsWith, sessionCase } from './session-cases.ts';

const idle = { type: 'none' } as const;

/** The log: order, compare-and-set, sizes, characters. */
export function logCases(open: OpenSessions): readonly ConformanceCase[] {
  return [
    sessionCase(open, 'a new session is empty and says who owns it', async ({ first, second, clock }) => {
      const info = await first.create({ id: 's1', owner, title: 'why?' });
      assert.deepEqual(info, { id: 's1', owner, title: 'why?', createdAt: clock.now(), updatedAt: clock.now(), head: 0, work: idle });
      assert.deepEqual(await second.get('s1'), info);
      assert.deepEqual(await second.read('s1', { after: 0 }), []);
      assert.deepEqual(await second.snapshot('s1', 0), { entries: [] });
    }),
    sessionCase(open, 'a session is shared with people, listed for them, and taken back', async ({ first, second, clock }) => {
      const viewer = { issuer: 'https://id.example', subject: '17', name: 'bob' };
      const approver = { issuer: 'token', subject: 'cid' };
      const ids = async (by: typeof owner, shared: boolean): Promise<readonly string[]> =>
        (await second.list(by, { shared })).map(({ id }) => id);
      await first.create({ id: 's1', owner });
      clock.advance(1);
      await first.create({ id: 's2', owner: approver });
      const members = [
        { person: personOf({ issuer: viewer.issuer, subject: 'bob' }), role: 'viewer' },
        { person: personOf(approver), role: 'approver' },
      ] as const;
      await first.share('s1', members);
      const info = await second.get('s1');
      assert.deepEqual(info?.members, members);
      assert.deepEqual([await ids(viewer, true), await ids(approver, true), await ids(owner, true)], [['s1'], ['s2', 's1'], ['s1']]);
      assert.deepEqual([await ids(viewer, false), await ids(approver, false)], [[], ['s2']]);
      assert.deepEqual(await ids({ ...viewer, issuer: 'https://other.example' }, true), []);
      await second.share('s1', []);
      assert.deepEqual([(await first.get('s1'))?.members, await ids(viewer, true)], [undefined, []]);
      await first.share('s1', members);
      await first.delete('s1');
      await first.create({ id: 's1', owner });
      assert.deepEqual(await ids(viewer, true), []);
      await rejectsWith(first.share('nobody', members), 'unknown-session');
    }),
    sessionCase(
      open,
      'sessions that nobody touched for long are found, but not those that are driven',
      async ({ first, second, clock }) => {
        for (const id of ['s1', 's2', 's3']) {
          await first.create({ id, owner });
          clock.advance(10);
        }
        const middle = clock.now() - 10;
        await second.acquire('s1', 1_000);
        assert.deepEqual(await second.untouched(middle, 10), ['s2']);
        assert.deepEqual(await second.untouched(clock.now() + 1, 1), ['s2']);
        clock.advance(1_000);
        assert.deepEqual(await second.untouched(middle, 10), ['s1', 's2']);
      },
    ),
    sessionCase(open, 'an id is given once', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      await rejectsWith(second.create({ id: 's1', owner }), 'session-exists');
      const results = await Promise.allSettled([first.create({ id: 's2', owner }), second.create({ id: 's2', owner })]);
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    }),
    sessionCase(open, 'an unknown session is told from an empty one', async ({ first }) => {
      assert.equal(await first.get('nobody'), undefined);
      assert.deepEqual(await first.read('nobody', { after: 0 }), []);
      assert.deepEqual(await first.snapshot('nobody', 0), { entries: [] });
      assert.equal(await first.acquire('nobody', 1000), undefined);
      const lease = { session: 'nobody', fence: 1, expiresAt: Number.MAX_SAFE_INTEGER };
      assert.equal(await first.renew(lease, 1000), undefined);
      assert.equal(await first.appendPartial(lease, [{ kind: 'text', text: 'x' }]), false);
      await first.release(lease);
      await rejectsWith(first.append('nobody', [note('x')], { expectedHead: 0, work: idle }), 'unknown-session');
      await rejectsWith(first.rename('nobody', 'x'), 'unknown-session');
      await first.delete('nobody');
    }),
    sessionCase(open, 'entries keep their order, their time and their number without gaps', async ({ first, second, clock }) => {
      await first.create({ id: 's1', owner });
      await appendNotes(first, 's1', 0, ['a', 'b']);
      const early = clock.now();
      clock.advance(5);
      await appendNotes(second, 's1', 2, ['c']);
      const entries = await first.read('s1', { after: 0 });
      assert.deepEqual(
        entries.map(({ seq, at, entry }) => [seq, at, noteOf(entry)]),
        [
          [1, early, 'a'],
          [2, early, 'b'],
          [3, early + 5, 'c'],
        ],
      );
      assert.ok(entries.every(({ version }) => Number.isInteger(version) && version >= 1));
      const info = await first.get('s1');
      assert.deepEqual([info?.head, info?.updatedAt], [3, early + 5]);
    }),
    sessionCase(open, 'reading goes on after a number and stops at its limit', async ({ first }) => {
      await first.create({ id: 's1', owner });
      await appendNotes(first, 's1', 0, ['a', 'b', 'c', 'd']);
      assert.deepEqual(
        (await first.read('s1', { after: 1, limit: 2 })).map(({ seq }) => seq),
        [2, 3],
      );
      assert.deepEqual(await first.read('s1', { after: 4 }), []);
    }),
    sessionCase(open, 'an append at another head writes nothing and tells the head', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      await appendNotes(first, 's1', 0, ['a']);
      const stale = await second.append('s1', [note('b'), note('c')], { expectedHead: 0, work: { type: 'ready' } });
      assert.deepEqual(stale, { type: 'head-moved', head: 1 });
      assert.equal((await first.read('s1', { after: 0 })).length, 1);
      assert.deepEqual((await first.get('s1'))?.work, idle);
    }),
    sessionCase(
      open,
      'of many appends at one head exactly one wins, and a writer that tries again loses nothing',
      async ({ first, second }) => {
        await first.create({ id: 's1', owner });
        const writers = Array.from({ length: 8 }, (_, writer) => ({ writer, store: writer % 2 === 0 ? first : second }));
        const append = async (store: typeof first, message: string): Promise<number> => {
          for (let head = 0, tries = 0; ; tries += 1) {
            const result: AppendResult = await store.append('s1', [note(message)], { expectedHead: head, work: idle });
            if (result.type === 'appended') return tries;
            assert.equal(result.type, 'head-moved');
            head = result.type === 'head-moved' ? result.head : head;
          }
        };
        for (let round = 0; round < 5; round += 1)
          await Promise.all(writers.map(({ writer, store }) => append(store, `${writer}/${round}`)));
        const notes = (await second.read('s1', { after: 0 })).map(({ entry }) => noteOf(entry));
        assert.equal(notes.length, 40);
        assert.equal(new Set(notes).size, 40);
        for (const { writer } of writers) {
          const own = notes.filter((text) => text.startsWith(`${writer}/`));
          assert.deepEqual(own, own.toSorted());
        }
      },
    ),
    sessionCase(open, 'no entries at all are a legal append: only the work changes', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      assert.deepEqual(await first.append('s1', [], { expectedHead: 0, work: { type: 'ready' } }), { type: 'appended', head: 0 });
      assert.deepEqual((await second.get('s1'))?.work, { type: 'ready' });
    }),
    sessionCase(open, 'an entry of 8 MB comes back as it was', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      const large = 'ü0123456'.repeat(1_000_000);
      await appendNotes(first, 's1', 0, [large]);
      const [entry] = await second.read('s1', { after: 0 });
      assert.ok(entry !== undefined && noteOf(entry.entry) === large);
    }),
    sessionCase(open, 'any characters come back as they were: controls, NUL, emoji, lone surrogates, quotes', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      const texts = ['\u0000\u0001\u001b[31m', '😀👩‍👩‍👧 漢字 עברית', '\ud800 lone \udfff', `'; DROP TABLE entries; -- " \\ \u2028`, ''];
      await appendNotes(first, 's1', 0, texts);
      assert.deepEqual(
        (await second.read('s1', { after: 0 })).map(({ entry }) => noteOf(entry)),
        texts,
      );
    }),
    sessionCase(open, 'entries of a type that is not known are kept as they are', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      const future: Entry = JSON.parse('{"type":"from-the-future","runId":"run-1","nested":{"list":[1,null,"x"]}}');
      await first.append('s1', [future], { expectedHead: 0, work: idle });
      assert.deepEqual((await second.read('s1', { after: 0 }))[0]?.entry, future);
    }),
    sessionCase(open, '10,000 entries are written and read in order', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      for (let head = 0; head < 10_000; head += 500) {
        await appendNotes(
          first,
          's1',
          head,
          Array.from({ length: 500 }, (_, index) => `${head + index + 1}`),
        );
      }
      let after = 0;
      for (;;) {
        const page = await second.read('s1', { after });
        if (page.length === 0) break;
        assert.ok(page.length <= 1000);
        for (const { seq, entry } of page) {
          assert.equal(seq, after + 1);
          assert.equal(noteOf(entry), `${seq}`);
          after = seq;
        }
      }
      assert.equal(after, 10_000);
      assert.equal((await second.snapshot('s1', 9_990)).entries.length, 10);
      assert.equal((await second.snapshot('s1', 0)).entries.length, 10_000);
    }),
    sessionCase(open, 'sessions are listed to their owner only, the latest first', async ({ first, second, clock }) => {
      const other = { issuer: 'https://issuer.example', subject: 'ada' };
      for (const id of ['old', 'new']) {
        await first.create({ id, owner });
        clock.advance(1);
      }
      await first.create({ id: 'foreign', owner: other });
      assert.deepEqual(
        (await second.list(owner)).map(({ id }) => id),
        ['new', 'old'],
      );
      assert.deepEqual(
        (await second.list(other)).map(({ id }) => id),
        ['foreign'],
      );
      await appendNotes(first, 'old', 0, ['a']);
      assert.deepEqual(
        (await second.list(owner, { limit: 1 })).map(({ id }) => id),
        ['old'],
      );
      await first.rename('new', 'Täglich 😀');
      assert.equal((await second.get('new'))?.title, 'Täglich 😀');
    }),
    sessionCase(open, 'a deleted session is gone with all that was in it, and its id is free', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      await appendNotes(first, 's1', 0, ['secret']);
      const lease = await first.acquire('s1', 1000);
      assert.ok(lease !== undefined);
      await first.appendPartial(lease, [{ kind: 'text', text: 'half' }]);
      await second.delete('s1');
      assert.equal(await first.get('s1'), undefined);
      assert.deepEqual(await first.snapshot('s1', 0), { entries: [] });
      assert.equal(await first.appendPartial(lease, [{ kind: 'text', text: 'more' }]), false);
      await second.create({ id: 's1', owner });
      assert.deepEqual(await first.snapshot('s1', 0), { entries: [] });
      assert.equal(await first.renew(lease, 1000), undefined);
    }),
  ];
}
