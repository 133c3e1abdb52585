import { describe, expect, it } from 'vitest';
import { createEventParser } from '../src/parse-events.ts';

const stream = ': hello\n\nid: 1:0\ndata: {"a":1}\n\ndata: one\ndata: two\n\nevent: x\nid\ndata\n\ndata:no space\n\ndata: unfinished';

function parseIn(text: string, size: number): readonly unknown[] {
  const parse = createEventParser();
  const events: unknown[] = [];
  for (let at = 0; at < text.length; at += size) events.push(...parse(text.slice(at, at + size)));
  return events;
}

describe('createEventParser', () => {
  const expected = [
    { data: '{"a":1}', id: '1:0' },
    { data: 'one\ntwo', id: '1:0' },
    { data: '', id: '' },
    { data: 'no space', id: '' },
  ];

  it.each(['\n', '\r\n', '\r'])('reads events that end their lines with %j, however they are cut', (end) => {
    for (let size = 1; size < 40; size += 1) expect(parseIn(stream.replaceAll('\n', end), size)).toEqual(expected);
  });

  it('takes a line of 8 MB in small pieces in linear time', () => {
    const parse = createEventParser();
    const piece = 'x'.repeat(64);
    parse('data: ');
    for (let index = 0; index < 131_072; index += 1) expect(parse(piece)).toEqual([]);
    expect(parse('\n\n')[0]?.data.length).toBe(8_388_608);
  });
});
