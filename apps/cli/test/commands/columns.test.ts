import { describe, expect, it } from 'vitest';
import { columns } from '../../src/commands/columns.ts';

describe('columns', () => {
  it('cuts the last column to the width of the terminal', () => {
    expect(columns([['a', 'a long title that is cut']], 16)).toEqual(['a  a long title…']);
  });

  it('leaves a column out that is empty in every row', () => {
    expect(
      columns([
        ['id-1', '', 'one'],
        ['id-2', '', 'two'],
      ]),
    ).toEqual(['id-1  one', 'id-2  two']);
  });
});
