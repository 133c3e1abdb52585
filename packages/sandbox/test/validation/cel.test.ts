import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/json.ts';
import { compileRule } from '../../src/validation/cel.ts';

function holds(rule: string, self: Json, oldSelf?: Json): boolean | string {
  const compiled = compileRule(rule);
  return 'evaluate' in compiled ? compiled.evaluate({ self, oldSelf }) : compiled.problem;
}

describe('CEL rules', () => {
  it.each<[string, Json, boolean]>([
    ["self.size <= 100 || self.colour == 'red'", { size: 500, colour: 'blue' }, false],
    ["self.size <= 100 || self.colour == 'red'", { size: 500, colour: 'red' }, true],
    ['has(self.a) ? self.a > 0 : true', {}, true],
    ['self.items.all(x, x.count > 0)', { items: [{ count: 1 }, { count: 0 }] }, false],
    ["self.names.exists(n, n.startsWith('web-'))", { names: ['db-0', 'web-1'] }, true],
    ["'a' in self.labels && size(self.labels) == 1", { labels: { a: 'b' } }, true],
    ["self.name.matches('^[a-z]+$')", { name: 'Abc' }, false],
    ['self.list.map(x, x * 2) == [2, 4]', { list: [1, 2] }, true],
    ['self.a + self.b == 3 && !(self.a > self.b)', { a: 1, b: 2 }, true],
  ])('%s', (rule, self, expected) => {
    expect(holds(rule, self)).toBe(expected);
  });

  it('compare with what was there before', () => {
    expect(holds('self == oldSelf', 'a', 'b')).toBe(false);
  });

  it('that can not be parsed are refused, and failures are told', () => {
    expect(compileRule('self.a ==')).toHaveProperty('problem');
    expect(holds('self.nope == 1', {})).toBe('no such key: nope');
  });
});
