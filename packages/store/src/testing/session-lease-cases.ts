import assert from 'node:assert/strict';
import type { ConformanceCase } from './conformance.ts';
import {
  appendNotes,
  mustAcquire,
  note,
  noteOf,
  type OpenSessions,
  owner,
  partialText,
  sessionCase,
  settlesSoon,
} from './session-cases.ts';

const idle = { type: 'none' } as const;
const ready = { type: 'ready' } as const;
const hourMs = 3_600_000;

/** Leases, work, partials and hints. */
export function leaseCases(open: OpenSessions): readonly ConformanceCase[] {
  return [
    sessionCase(open, 'one holder at a time, and each has a higher fence', async ({ first, second, clock }) => {
      await first.create({ id: 's1', owner });
      const lease = await mustAcquire(first, 's1', 1000);
      assert.deepEqual([lease.session, lease.expiresAt], ['s1', clock.now() + 1000]);
      assert.equal(await second.acquire('s1', 1000), undefined);
      assert.equal(await first.acquire('s1', 1000), undefined);
      await first.release(lease);
      const next = await mustAcquire(second, 's1', 1000);
      assert.ok(next.fence > lease.fence);
    }),
    sessionCase(open, 'of many that want a lease at once exactly one gets it', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      const leases = await Promise.all([first, second, first, second].map((store) => store.acquire('s1', 1000)));
      assert.equal(leases.filter((lease) => lease !== undefined).length, 1);
    }),
    sessionCase(open, 'a lease ends by its time, is renewed before, and never comes back', async ({ first, second, clock }) => {
      await first.create({ id: 's1', owner });
      const lease = await mustAcquire(first, 's1', 1000);
      clock.advance(900);
      const renewed = await first.renew(lease, 1000);
      assert.deepEqual(renewed, { ...lease, expiresAt: clock.now() + 1000 });
      clock.advance(999);
      assert.equal(await second.acquire('s1', 1000), undefined);
      clock.advance(1);
      assert.equal(await first.renew(lease, 1000), undefined);
      const next = await mustAcquire(second, 's1', 1000);
      assert.equal(await first.renew(lease, 1000), undefined);
      await first.release(lease);
      assert.equal(await first.acquire('s1', 1000), undefined, 'a lost lease releases nothing');
      assert.ok(next.fence > lease.fence);
    }),
    sessionCase(open, 'a driver whose lease was lost, has expired or was released writes nothing', async ({ first, second, clock }) => {
      await first.create({ id: 's1', owner });
      const lease = await mustAcquire(first, 's1', 1000);
      const asDriver = { expectedHead: 0, lease, work: ready };
      clock.advance(1000);
      assert.deepEqual(await first.append('s1', [note('late')], asDriver), { type: 'lease-lost' });
      assert.equal(await first.appendPartial(lease, [{ kind: 'text', text: 'late' }]), false);
      const next = await mustAcquire(second, 's1', 1000);
      assert.deepEqual(await first.append('s1', [note('late')], asDriver), { type: 'lease-lost' });
      assert.equal(await first.appendPartial(lease, [{ kind: 'text', text: 'late' }]), false);
      assert.deepEqual(await second.append('s1', [note('mine')], { expectedHead: 0, lease: next, work: ready }), {
        type: 'appended',
        head: 1,
      });
      assert.deepEqual(await first.append('s1', [note('late')], asDriver), { type: 'lease-lost' }, 'the lease is judged before the head');
      await second.release(next);
      assert.deepEqual(await second.append('s1', [note('x')], { expectedHead: 1, lease: next, work: ready }), { type: 'lease-lost' });
      assert.deepEqual(
        (await first.read('s1', { after: 0 })).map(({ entry }) => noteOf(entry)),
        ['mine'],
      );
    }),
    sessionCase(open, 'a foreign act appends beside a driver, who then finds the head moved', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      const lease = await mustAcquire(first, 's1');
      await appendNotes(second, 's1', 0, ['cancel']);
      assert.deepEqual(await first.append('s1', [note('x')], { expectedHead: 0, lease, work: ready }), { type: 'head-moved', head: 1 });
      assert.deepEqual(await first.append('s1', [note('x')], { expectedHead: 1, lease, work: ready }), { type: 'appended', head: 2 });
    }),
    sessionCase(open, 'what is ready, or has waited long enough, and is not held may be claimed', async ({ first, second, clock }) => {
      for (const id of ['idle', 'ready', 'held', 'soon', 'later']) await first.create({ id, owner });
      await first.append('ready', [note('a')], { expectedHead: 0, work: ready });
      await first.append('held', [note('a')], { expectedHead: 0, work: ready });
      await first.append('soon', [note('a')], { expectedHead: 0, work: { type: 'waiting', wakeAt: clock.now() + 500 } });
      await first.append('later', [note('a')], { expectedHead: 0, work: { type: 'waiting', wakeAt: clock.now() + hourMs } });
      await mustAcquire(first, 'held', 1000);
      assert.deepEqual(await second.claimable(10), ['ready']);
      clock.advance(500);
      assert.deepEqual((await second.claimable(10)).toSorted(), ['ready', 'soon']);
      assert.equal((await second.claimable(1)).length, 1);
      clock.advance(500);
      assert.deepEqual((await second.claimable(10)).toSorted(), ['held', 'ready', 'soon']);
      await second.append('ready', [note('end')], { expectedHead: 1, work: idle });
      assert.deepEqual((await first.claimable(10)).toSorted(), ['held', 'soon']);
      assert.deepEqual((await first.get('later'))?.work, { type: 'waiting', wakeAt: clock.now() - 1000 + hourMs });
    }),
    sessionCase(open, 'the message being written is seen from everywhere, in order, until it is committed', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      const lease = await mustAcquire(first, 's1');
      assert.equal((await second.snapshot('s1', 0)).partial, undefined);
      await first.appendPartial(lease, [
        { kind: 'reasoning', text: 'hm ' },
        { kind: 'text', text: 'Hel' },
      ]);
      const early = (await second.snapshot('s1', 0)).partial;
      await first.appendPartial(lease, [
        { kind: 'text', text: 'lo 😀' },
        { kind: 'progress', callId: 'c1', text: '10 %' },
      ]);
      const late = (await second.snapshot('s1', 0)).partial;
      assert.deepEqual([partialText(early, 'reasoning'), partialText(early, 'text')], ['hm ', 'Hel']);
      assert.deepEqual([partialText(late, 'text'), partialText(late, 'progress')], ['Hello 😀', '10 %']);
      assert.deepEqual(
        late?.chunks.map(({ kind }) => kind).filter((kind, index, all) => kind !== all[index - 1]),
        ['reasoning', 'text', 'progress'],
      );
      assert.equal(late?.generation, early?.generation);
      const result = await first.append('s1', [note('Hello 😀')], { expectedHead: 0, lease, work: ready, endsPartial: true });
      assert.equal(result.type, 'appended');
      const after = await second.snapshot('s1', 0);
      assert.deepEqual([after.entries.length, after.partial], [1, undefined]);
      await first.appendPartial(lease, [{ kind: 'text', text: 'Next' }]);
      const next = (await second.snapshot('s1', 1)).partial;
      assert.equal(partialText(next, 'text'), 'Next');
      assert.ok((next?.generation ?? 0) > (late?.generation ?? 0), 'a new message has a higher generation');
    }),
    sessionCase(open, 'a very long piece of a message is seen whole, and so is what comes after it', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      const lease = await mustAcquire(first, 's1');
      const long = 'x😀'.repeat(100_000);
      await first.appendPartial(lease, [
        { kind: 'reasoning', text: 'hm' },
        { kind: 'text', text: long },
        { kind: 'text', text: 'y' },
      ]);
      await first.appendPartial(lease, [{ kind: 'text', text: 'z' }]);
      for (const store of [first, second]) {
        const { partial } = await store.snapshot('s1', 0);
        assert.equal(partialText(partial, 'text'), `${long}yz`);
        assert.equal(partialText(partial, 'reasoning'), 'hm');
      }
    }),
    sessionCase(
      open,
      'a reading beside the appends tells what stands in the log, whoever appended it',
      async ({ first, second, clock }) => {
        await first.create({ id: 's1', owner });
        const lease = await mustAcquire(first, 's1');
        await first.snapshot('s1', 0);
        for (let head = 0; head < 40; head += 2) {
          clock.advance(1);
          await first.append('s1', [note(`${head}a`), note(`${head}b`)], {
            expectedHead: head,
            lease,
            work: ready,
            endsPartial: head % 4 === 0,
          });
          if (head === 20) await first.appendPartial(lease, [{ kind: 'text', text: 'half' }]);
          if (head % 10 === 8) {
            await second.append('s1', [note('foreign'), note('acts')], { expectedHead: head + 2, work: ready });
            head += 2;
          }
          for (const after of [0, Math.max(0, head - 3), head, head + 1, head + 2]) {
            const { entries } = await first.snapshot('s1', after);
            assert.deepEqual(entries, await second.read('s1', { after }));
          }
        }
      },
    ),
    sessionCase(open, 'an append that does not end it leaves the message being written alone', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      const lease = await mustAcquire(first, 's1');
      await first.appendPartial(lease, [{ kind: 'text', text: 'half' }]);
      await appendNotes(second, 's1', 0, ['foreign']);
      assert.deepEqual(await first.append('s1', [note('x')], { expectedHead: 0, lease, work: ready, endsPartial: true }), {
        type: 'head-moved',
        head: 1,
      });
      assert.equal(partialText((await second.snapshot('s1', 0)).partial, 'text'), 'half');
    }),
    sessionCase(open, 'a reading never shows a message both written and being written', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      const lease = await mustAcquire(first, 's1');
      let writing = true;
      const write = async (): Promise<void> => {
        for (let message = 1; message <= 40; message += 1) {
          for (const piece of ['a', 'b', 'c']) await first.appendPartial(lease, [{ kind: 'text', text: `${message}${piece} ` }]);
          await first.append('s1', [note(`${message}`)], { expectedHead: message - 1, lease, work: ready, endsPartial: true });
        }
        writing = false;
      };
      const follow = async (): Promise<void> => {
        while (writing) {
          const { entries, partial } = await second.snapshot('s1', 0);
          const text = partialText(partial, 'text');
          const next = entries.length + 1;
          assert.ok(`${next}a ${next}b ${next}c `.startsWith(text), `"${text}" is message ${next}`);
          await new Promise<void>((resolve) => {
            setImmediate(resolve);
          });
        }
      };
      await Promise.all([write(), follow()]);
    }),
    sessionCase(open, 'who waits for a change is woken by each kind of it, on both handles', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      const lease = await mustAcquire(first, 's1');
      const wakes = async (what: string, act: () => Promise<unknown>): Promise<void> => {
        const waits = [first, second].map((store) => store.changed('s1', { timeoutMs: 60_000 }));
        await act();
        await settlesSoon(
          Promise.all(waits).then(() => {}),
          `${what} wakes`,
        );
      };
      await wakes('an entry', () => appendNotes(first, 's1', 0, ['a']));
      await wakes('a chunk', () => first.appendPartial(lease, [{ kind: 'text', text: 'a' }]));
      await wakes('a title', () => first.rename('s1', 'b'));
      await wakes('a deletion', () => first.delete('s1'));
    }),
    sessionCase(
      open,
      'who waits for a change is woken by it, too, when other sessions were deleted meanwhile',
      async ({ first, second }) => {
        for (const id of ['s1', 's2', 's3']) await first.create({ id, owner });
        for (let head = 0; head < 5; head += 1) await appendNotes(first, 's2', head, ['x']);
        const other = second.changed('s3', { timeoutMs: 60_000 });
        const idle = second.changed('s1', { timeoutMs: 200 });
        await first.delete('s2');
        await idle;
        const wait = second.changed('s1', { timeoutMs: 60_000 });
        await appendNotes(first, 's1', 0, ['a']);
        await settlesSoon(wait, 'an entry wakes');
        await first.delete('s3');
        await settlesSoon(other, 'a deletion wakes');
      },
    ),
    sessionCase(open, 'a wait ends without a change at its time-out, and at once with its signal', async ({ first }) => {
      await first.create({ id: 's1', owner });
      await first.changed('s1', { timeoutMs: 5 });
      await first.claimableChanged({ timeoutMs: 5 });
      const controller = new AbortController();
      const waits = [
        first.changed('s1', { timeoutMs: 60_000, signal: controller.signal }),
        first.claimableChanged({ timeoutMs: 60_000, signal: controller.signal }),
      ];
      controller.abort();
      await settlesSoon(
        Promise.all(waits).then(() => {}),
        'an abort ends the wait',
      );
      await settlesSoon(first.changed('s1', { timeoutMs: 60_000, signal: controller.signal }), 'an aborted signal ends it, too');
    }),
    sessionCase(open, 'who looks for work is woken by new work and by a release, on both handles', async ({ first, second }) => {
      await first.create({ id: 's1', owner });
      const wakes = async (what: string, act: () => Promise<unknown>): Promise<void> => {
        const waits = [first, second].map((store) => store.claimableChanged({ timeoutMs: 60_000 }));
        await act();
        await settlesSoon(
          Promise.all(waits).then(() => {}),
          `${what} wakes`,
        );
      };
      await wakes('new work', () => first.append('s1', [note('a')], { expectedHead: 0, work: ready }));
      const lease = await mustAcquire(first, 's1');
      await wakes('a release', () => first.release(lease));
    }),
  ];
}
