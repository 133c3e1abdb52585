import { type FileLayer, type FileValue, variablePattern } from './file.ts';
import { options } from './options.ts';
import { isRecord } from './value.ts';

/** Whether a secret itself stands in the file: not its variable, and not the name of a file that has it. */
export function holdsSecret({ values }: FileLayer): boolean {
  const secret = new Set<string>(options.flatMap(({ key, secret: isSecret }) => (isSecret === true ? [key] : [])));
  return values.some((value) => secret.has(value.key) && standsThere(value));
}

function standsThere({ key, written }: FileValue): boolean {
  if (key === 'auth-tokens' && Array.isArray(written)) return written.some((entry) => hasText(isRecord(entry) ? entry['token'] : entry));
  return isRecord(written) ? Object.values(written).some(hasText) : hasText(written);
}

/** What is not understood could be one. */
function hasText(written: unknown): boolean {
  if (typeof written === 'string') return written.replaceAll(variablePattern, '').trim() !== '';
  return written !== undefined && written !== null;
}
