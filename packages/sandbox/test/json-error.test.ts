import { describe, expect, it } from 'vitest';
import { jsonProblem } from '../src/json-error.ts';

describe('the words for text that is no JSON', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ['nope', "invalid character 'o' in literal null (expecting 'u')"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['{} {}', "invalid character '{' after top-level value"],
    ['"a\nb"', String.raw`invalid character '\n' in string literal`],
    [String.raw`"\x"`, "invalid character 'x' in string escape code"],
    ['[1.]', "invalid character ']' after decimal point in numeric literal"],
  ])('%s', (text, problem) => {
    expect(jsonProblem(text)).toBe(problem);
  });

  it('says nothing of JSON', () => {
    expect(jsonProblem(' {"a": [1.5e3, -0, true, null, "\\u00e4"], "b": {}} ')).toBeUndefined();
  });
});
