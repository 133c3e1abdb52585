import type { KwError } from '@kw/runtime';

/** An error's sentence in Chinese: the one that travels with it, one of the table, or else the English one. */
export function chineseOf(error: KwError): string {
  const { zh } = error.details;
  if (typeof zh === 'string') return zh;
  return error.message;
}
