import { mark } from './marks.ts';
import type { Transducer } from './transducer.ts';

/** One mark for all that is not white space; a last line feed stays. */
export function secretOutputStage(): Transducer {
  let seen = false;
  let lastLineFeed = false;
  return {
    write: (chunk) => {
      if (chunk !== '') lastLineFeed = chunk.endsWith('\n');
      if (seen || chunk.trim() === '') return '';
      seen = true;
      return mark('secret-output');
    },
    end: () => (lastLineFeed ? '\n' : ''),
  };
}
