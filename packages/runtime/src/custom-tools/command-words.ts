import { splitCommand } from '@kw/tools';
import { refuse, textOf } from './yaml-place.ts';
import type { YamlPlace } from './yaml-place.ts';

/** The words of `command`: a program on PATH or by an absolute path, and what always stands behind it. Throws KwError `bad-configuration`. */
export function parseCommandWords(place: YamlPlace): readonly [string, ...string[]] {
  const text = textOf(place);
  const split = splitCommand(text);
  if (split.type === 'refused') throw refuse(place, `${JSON.stringify(text)} is run without a shell: ${split.reason}`);
  const [program, ...rest] = split.words;
  if (program === undefined) throw refuse(place, 'must name a program');
  if (program.includes('/') && !program.startsWith('/'))
    throw refuse(place, `${JSON.stringify(program)} must be a name on PATH or an absolute path`);
  return [program, ...rest];
}
