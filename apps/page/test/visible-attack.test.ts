import { expect, it } from 'vitest';
import { visible } from '../src/text/visible.ts';

it('what turns a command around or hides in it is seen in a question to a person', () => {
  expect(visible('kubectl delete ns \u202Edorp\u202C')).toBe('kubectl delete ns \\u{202e}dorp\\u{202c}');
  expect(visible('kubectl\u200B get\u00AD pods\u2028# rm')).toBe('kubectl\\u{200b} get\\u{ad} pods\\u{2028}# rm');
  expect(visible('a\n\tb 名 é')).toBe('a\n\tb 名 é');
});
