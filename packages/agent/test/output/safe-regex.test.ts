import { isKwError } from '@kw/providers';
import { describe, expect, it } from 'vitest';
import { lineSearch } from '../../src/output/line-search.ts';
import { safeRegex } from '../../src/output/safe-regex.ts';

const expressions: readonly string[] = [
  'error',
  'err.r',
  '^a',
  'b$',
  '^$',
  'a|b|cd',
  '(ab)+c?',
  'a{2,3}',
  'x{0}y',
  '[a-c]+\\d',
  '[^a-z]',
  '\\bfoo\\b',
  '\\w+@\\w+\\.com',
  'a.*b.*c',
  '(a|b)*abb',
  '(?:x|yz){2}',
  '\\[\\d+\\]',
  'a+?b',
  '[\\d.]+ms',
  '[]a]',
  '[a-]',
  '5\\d\\d',
  'timeout|refused',
  '\\x41',
  '\\u0042',
  '(?i)ABC',
  '.',
  'B\\B',
];
const texts: readonly string[] = [
  '',
  'a',
  'b',
  'abc',
  'ERROR at 5',
  'a foo b',
  'afoob',
  'me@example.com',
  'aab',
  'xxyz',
  'yzyz',
  '[42] x',
  'GET 503 12.5ms',
  'aXbXc',
  'babb',
  'ba',
  ']',
  '-',
  'y',
  'A',
  'connection refused',
  'zzz\tz',
  '日志 error',
];

describe('a safe expression', () => {
  it.each(expressions)('%s finds what the language’s own does', (source) => {
    const mine = safeRegex(source);
    const own = new RegExp(source.replace('(?i)', '').replace('[]a]', '[\\]a]'), 'i');
    for (const text of texts) expect({ text, found: mine.test(text) }).toEqual({ text, found: own.test(text) });
  });

  it('takes time that grows with the text only', () => {
    const text = `${'a'.repeat(60_000)}!`;
    for (const source of ['(a+)+$', '(a|aa)+$', '(a|a?)+b', '(.*a){10}x', '([a-z]+)*1']) expect(safeRegex(source).test(text)).toBe(false);
  });

  it.each(['(?=a)', '(?<!a)b', '(a)\\1', 'a{1,999}', '((a{200}){200}){2}', '(', 'a)', '[a', '*a', 'a\\', 'b{3,1}', '[z-a]'])(
    'refuses %s, and says what and where',
    (source) => {
      const error: unknown = thrownBy(() => safeRegex(source));
      expect(isKwError(error) && error.code === 'tool-input' && error.message.startsWith('grep: ')).toBe(true);
    },
  );
});

describe('a search of lines', () => {
  it('takes words as they are, signs as an expression, and both without case', () => {
    expect(lineSearch('Not Found')('x not found y')).toBe(true);
    expect(lineSearch('not.*found')('NOT really FOUND')).toBe(true);
    expect(lineSearch('[error]')('an [error] here')).toBe(true);
    expect(lineSearch('absent')('x')).toBe(false);
  });
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
