import { KwError } from '@kw/runtime';

/** A sentence in both languages. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** An error of the command line, in both languages: the Chinese sentence travels in the details. */
export function usageError({ en, zh }: Bilingual, code = 'bad-usage'): KwError {
  return new KwError(code, en, { details: { zh } });
}

/** The same text in both languages: names, paths, addresses. */
export function both(text: string): Bilingual {
  return { en: text, zh: text };
}
