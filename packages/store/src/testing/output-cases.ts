import assert from 'node:assert/strict';
import { isKwError, type OutputLine, type OutputReader, type OutputRef, type OutputStore } from '@kw/agent';
import type { ConformanceCase } from './conformance.ts';

/** Opens a new, empty store; `maxOutputBytes` is what may be kept of one output, after compression where there is one. */
export type OpenOutputs = (limits: { readonly maxOutputBytes: number; readonly maxSessionBytes: number }) => Promise<{
  readonly store: OutputStore;
  close(): Promise<void>;
}>;

const mebibyte = 1_048_576;

/** Behaviour that any store of outputs must show. */
export function outputStoreConformance(open: OpenOutputs): readonly ConformanceCase[] {
  const outputCase = (
    name: string,
    act: (store: OutputStore) => Promise<void>,
    limits = { maxOutputBytes: 64 * mebibyte, maxSessionBytes: 512 * mebibyte },
  ): ConformanceCase => ({
    name,
    run: async () => {
      const { store, close } = await open(limits);
      try {
        await act(store);
      } finally {
        await close();
      }
    },
  });
  return [
    outputCase('outputs of a session are numbered from 1', async (store) => {
      const sinks = [await store.write('s1'), await store.write('s1'), await store.write('s2')];
      assert.deepEqual(
        sinks.map(({ ref }) => ref),
        ['output:1', 'output:2', 'output:1'],
      );
      for (const sink of sinks) await sink.close();
    }),
    outputCase('lines come back as they came, however the pieces were cut', async (store) => {
      const text = 'one\n\nthree 😀 ü\r\nfour\u0000\u001b[0m\nlast without an end';
      for (const size of [1, 2, 3, 7, text.length]) {
        const ref = await put(store, 's1', pieces(text, size));
        assert.deepEqual(await read(store.reader('s1'), ref), text.split('\n'));
        const info = await store.reader('s1').info(ref);
        assert.deepEqual(info, { ref, bytes: new TextEncoder().encode(text).length, lines: 5 });
      }
    }),
    outputCase('an empty output has no lines; an end of line at the end begins none', async (store) => {
      assert.deepEqual(await read(store.reader('s1'), await put(store, 's1', [])), []);
      const ref = await put(store, 's1', ['a\n']);
      assert.deepEqual(await read(store.reader('s1'), ref), ['a']);
      assert.equal((await store.reader('s1').info(ref))?.lines, 1);
    }),
    outputCase('an unknown output has no info and no lines; another session sees nothing', async (store) => {
      const ref = await put(store, 's1', ['a\n']);
      assert.equal(await store.reader('s2').info(ref), undefined);
      assert.deepEqual(await read(store.reader('s2'), ref), []);
      assert.equal(await store.reader('s1').info('output:99'), undefined);
      assert.deepEqual(await read(store.reader('s1'), 'output:99'), []);
    }),
    outputCase('closing twice gives the same answer', async (store) => {
      const sink = await store.write('s1');
      await sink.write('a\nb');
      const info = await sink.close();
      assert.deepEqual(await sink.close(), info);
      assert.deepEqual([info.bytes, info.lines, info.dropped], [3, 2, undefined]);
    }),
    outputCase('reading begins at any line of 300,000', async (store) => {
      const lines = Array.from({ length: 300_000 }, (_, index) => `${index + 1} ${'x'.repeat(index % 60)}`);
      const ref = await put(store, 's1', pieces(lines.join('\n'), 65_521));
      for (const fromLine of [1, 2, 7_777, 150_000, 299_999, 300_000]) {
        const [line] = await take(store.reader('s1'), ref, fromLine, 1);
        assert.deepEqual(line, { number: fromLine, text: lines[fromLine - 1] });
      }
      assert.deepEqual(await take(store.reader('s1'), ref, 300_001, 1), []);
      let count = 0;
      for await (const { number, text } of store.reader('s1').lines(ref)) if (text === lines[number - 1]) count += 1;
      assert.equal(count, lines.length);
    }),
    outputCase('10 MB without an end of line come back whole; pieces of a long line have one number', async (store) => {
      const long = '0123456789'.repeat(mebibyte);
      const ref = await put(store, 's1', [...pieces(`first\n${long}`, 100_003), '\nlast\n']);
      assert.equal((await store.reader('s1').info(ref))?.lines, 3);
      const byNumber = new Map<number, string>();
      for await (const { number, text } of store.reader('s1').lines(ref)) byNumber.set(number, (byNumber.get(number) ?? '') + text);
      assert.deepEqual([byNumber.size, byNumber.get(1), byNumber.get(3)], [3, 'first', 'last']);
      assert.ok(byNumber.get(2) === long);
    }),
    outputCase(
      'of too much the head and the tail survive, and the middle is told',
      async (store) => {
        const sink = await store.write('s1');
        const total = 60_000;
        let bytes = 0;
        for (let number = 1; number <= total; number += 100) {
          const block = Array.from({ length: 100 }, (_, index) => `${number + index} ${noise(number + index)}\n`).join('');
          bytes += block.length;
          await sink.write(block);
        }
        const info = await sink.close();
        assert.deepEqual([info.bytes, info.lines], [bytes, total]);
        const dropped = info.dropped;
        assert.ok(dropped !== undefined && dropped.fromLine > 1 && dropped.toLine < total && dropped.fromLine < dropped.toLine);
        assert.ok(dropped.bytes > 0 && dropped.bytes < bytes);
        const lines: OutputLine[] = [];
        for await (const line of store.reader('s1').lines(sink.ref)) lines.push(line);
        assert.deepEqual([lines[0]?.number, lines.at(-1)?.number], [1, total]);
        for (const { number, text } of lines) assert.equal(text, `${number} ${noise(number)}`);
        assert.ok(lines.every(({ number }, index) => number > (lines[index - 1]?.number ?? 0)));
        const outside = lines.filter(({ number }) => number < dropped.fromLine || number > dropped.toLine);
        assert.equal(outside.length, total - (dropped.toLine - dropped.fromLine + 1)); // inside, a store may keep what is rare
        const kept = lines.reduce((sum, { text }) => sum + text.length + 1, 0);
        assert.equal(kept + dropped.bytes, bytes);
        const [next] = await take(store.reader('s1'), sink.ref, dropped.toLine + 1, 1);
        assert.equal(next?.number, dropped.toLine + 1);
        assert.deepEqual(await store.reader('s1').info(sink.ref), info);
      },
      { maxOutputBytes: mebibyte, maxSessionBytes: 8 * mebibyte },
    ),
    outputCase(
      'a session that keeps too much lets some go and says so, or refuses more with output-full',
      async (store) => {
        const block = Array.from({ length: 12_000 }, (_, index) => `${noise(index)}\n`).join('');
        const refs: OutputRef[] = [];
        let refused: unknown;
        for (let output = 0; output < 4 && refused === undefined; output += 1) {
          const ref: OutputRef | undefined = await put(store, 's1', [block]).catch((error: unknown) => {
            refused = error;
            return undefined;
          });
          if (ref !== undefined) refs.push(ref);
        }
        assert.ok(refused === undefined || (isKwError(refused) && refused.code === 'output-full'));
        let dropped = 0;
        for (const ref of refs) {
          const info = await store.reader('s1').info(ref);
          const kept = (await read(store.reader('s1'), ref)).reduce((sum, text) => sum + text.length + 1, 0);
          assert.equal(kept + (info?.dropped?.bytes ?? 0), block.length);
          dropped += info?.dropped?.bytes ?? 0;
        }
        assert.ok(dropped > 0 || refused !== undefined);
      },
      { maxOutputBytes: mebibyte, maxSessionBytes: mebibyte },
    ),
    outputCase('reading stops at its signal and when it is left', async (store) => {
      const ref = await put(store, 's1', pieces('line\n'.repeat(200_000), 50_000));
      const controller = new AbortController();
      let seen = 0;
      await assert.rejects(async () => {
        for await (const _ of store.reader('s1').lines(ref, { signal: controller.signal })) {
          seen += 1;
          if (seen === 10) controller.abort(new Error('enough'));
        }
      }, /enough/);
      assert.ok(seen < 200_000);
      assert.equal((await take(store.reader('s1'), ref, 1, 3)).length, 3);
    }),
    outputCase('a deleted session has no outputs, and another keeps its own', async (store) => {
      const ref = await put(store, 's1', ['a\n']);
      await put(store, 's2', ['b\n']);
      await store.delete('s1');
      await store.delete('nobody');
      assert.equal(await store.reader('s1').info(ref), undefined);
      assert.deepEqual(await read(store.reader('s1'), ref), []);
      assert.deepEqual(await read(store.reader('s2'), ref), ['b']);
    }),
  ];
}

async function put(store: OutputStore, session: string, texts: Iterable<string>): Promise<OutputRef> {
  const sink = await store.write(session);
  for (const text of texts) await sink.write(text);
  await sink.close();
  return sink.ref;
}

async function read(reader: OutputReader, ref: OutputRef): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { text } of reader.lines(ref)) texts.push(text);
  return texts;
}

async function take(reader: OutputReader, ref: OutputRef, fromLine: number, count: number): Promise<readonly OutputLine[]> {
  const lines: OutputLine[] = [];
  for await (const line of reader.lines(ref, { fromLine })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}

// Pairs of surrogates stay together.
function* pieces(text: string, size: number): Generator<string> {
  let piece = '';
  for (const character of text) {
    piece += character;
    if (piece.length < size) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

// Text that does not compress well, the same for the same number.
function noise(seed: number): string {
  let state = (seed + 1) * 2_654_435_761;
  let text = '';
  for (let at = 0; at < 12; at += 1) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c_1b_3c_6d) + at) >>> 0;
    text += state.toString(36);
  }
  return text;
}
