import { describe, expect, it } from 'vitest';
import { nearCommand } from '../src/near-command.ts';

describe('nearCommand', () => {
  it.each([
    ['docter', 'doctor'],
    ['modles', 'models'],
    ['sesions', 'sessions'],
    ['session', 'sessions'],
    ['tolos', 'tools'],
    ['explain-comand', 'explain-command'],
  ])('takes %s for %s', (word, command) => {
    expect(nearCommand(word)).toBe(command);
  });

  it.each([['pods'], ['helm'], ['nodes'], ['why?'], ['Models'], ['模型'], ['models'], ['describe'], ['mode']])(
    'takes %s for a question',
    (word) => {
      expect(nearCommand(word)).toBeUndefined();
    },
  );
});
