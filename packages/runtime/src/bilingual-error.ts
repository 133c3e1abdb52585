import { KwError } from '@kw/providers';
import type { KwErrorOptions } from '@kw/providers';

/** A text in both languages. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}

/** An error whose Chinese sentence travels in its details, for borders that speak Chinese. */
export function bilingualError(code: string, { en, zh }: Bilingual, { cause, details }: KwErrorOptions = {}): KwError {
  return new KwError(code, en, { ...(cause === undefined ? {} : { cause }), details: { ...details, zh } });
}

/** The Chinese sentence of an error, or else its own. */
export function chineseOf(error: KwError): string {
  const { zh } = error.details;
  return typeof zh === 'string' ? zh : error.message;
}
