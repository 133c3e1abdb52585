import type { KwError } from '@kw/runtime';
import { sentences } from './errors.zh.table.ts';

/** An error's sentence in Chinese: the one that travels with it, one of the table, or else its own. */
export function chineseOf(error: KwError): string {
  const { zh } = error.details;
  if (typeof zh === 'string') return zh;
  for (const { code, pattern, chinese } of sentences) {
    if (code !== error.code) continue;
    const found = pattern.exec(error.message);
    if (found !== null) return chinese(...found.slice(1).map((group: string | undefined) => group ?? ''));
  }
  return error.message;
}
