import { describe, expect, it } from 'vitest';
import { splitItems } from '../../src/read/split-items.ts';

async function read(text: string, pieceBytes: number): Promise<{ readonly items: readonly unknown[]; readonly envelope: unknown }> {
  const bytes = new TextEncoder().encode(text);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const items: unknown[] = [];
  const reading = splitItems(pieces());
  let step = await reading.next();
  for (; step.done !== true; step = await reading.next()) items.push(step.value);
  return { items, envelope: step.value };
}

const list = {
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: { resourceVersion: '7', items: [{ no: 'item' }], continue: 'next' },
  items: [
    { metadata: { name: 'a', annotations: { json: '{"items":[{"b":"\\\\"}]}', quote: 'a "quoted" word \\' } }, list: [{}, [], [[1]]] },
    { metadata: { name: '中文 😀' }, text: '}]{[', empty: {} },
    {},
  ],
  after: 'items',
};

describe('a list of the API, item by item', () => {
  it.each([1, 2, 3, 7, 64, 100_000])('gives the same in pieces of %i bytes', async (size) => {
    for (const text of [JSON.stringify(list), JSON.stringify(list, undefined, 2)]) {
      expect(await read(text, size)).toEqual({ items: list.items, envelope: { ...list, items: [] } });
    }
  });

  it('takes lists without items', async () => {
    expect(await read('{"kind":"PodList","metadata":{},"items":[]}', 5)).toEqual({
      items: [],
      envelope: { kind: 'PodList', metadata: {}, items: [] },
    });
    expect(await read('{"items":null,"metadata":{}}', 5)).toEqual({ items: [], envelope: { items: null, metadata: {} } });
  });

  it('refuses what is cut or no JSON', async () => {
    await expect(read('{"items":[{"a":1},{"b"', 4)).rejects.toThrow(SyntaxError);
    await expect(read('<html>', 4)).rejects.toThrow(SyntaxError);
  });
});
