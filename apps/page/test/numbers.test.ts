import { describe, expect, it } from 'vitest';
import { toNumber, toPlotData } from '../src/text/numbers.ts';

describe('toNumber', () => {
  it.each([
    ['250m', 0.25],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['12%', 12],
    ['1,024', 1024],
    ['3', 3],
    ['-4 s', -4],
  ])('reads %s', (text, number) => {
    expect(toNumber(text)).toBeCloseTo(number);
  });

  it.each(['web-1', '', '10.0.0.1', '3/3', '5d', '12 pods'])('knows that %j is none', (text) => {
    expect(toNumber(text)).toBeUndefined();
  });
});

describe('toPlotData', () => {
  it('takes the columns that hold numbers', () => {
    const data = toPlotData(
      ['NODE', 'CPU', 'STATUS'],
      [
        ['a', '250m', 'Ready'],
        ['b', '1', 'Ready'],
      ],
    );
    expect(data).toEqual({ labels: ['a', 'b'], columns: [{ title: 'CPU', values: [0.25, 1] }] });
  });

  it('has nothing to show of one row, of words, or of equal values', () => {
    expect(toPlotData(['NODE', 'CPU'], [['a', '1']])).toBeUndefined();
    expect(
      toPlotData(
        ['POD', 'READY'],
        [
          ['a', '1'],
          ['b', '1'],
        ],
      ),
    ).toBeUndefined();
  });
});
