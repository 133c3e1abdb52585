import { describe, expect, it } from 'vitest';
import { jsonText } from '../../src/render/json-text.ts';

describe('JSON that goes to a terminal', () => {
  const hostile = { title: 'a\u001b[2Jb\u009b31m\u009d52;c;aGk=\u009cc\u202ed\u200be\u007f\u2066f', '\u009bkey': ['\ufeff'] };

  it.each([undefined, 2])('holds nothing that steers it and is the same value', (indent) => {
    const text = jsonText(hostile, indent);
    // oxlint-disable-next-line no-control-regex -- the controls are the point
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e\u2066\ufeff]/);
    expect(JSON.parse(text)).toEqual(hostile);
  });

  it('leaves what people write', () => {
    expect(jsonText({ a: 'Größe 大小 "x" \\' })).toBe(JSON.stringify({ a: 'Größe 大小 "x" \\' }));
  });
});
