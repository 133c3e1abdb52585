/** What stood where a mark is now. */
export type MarkLabel =
  | 'secret'
  | 'secret-data'
  | 'secret-output'
  | 'env'
  | 'password'
  | 'token'
  | 'key'
  | 'private-key'
  | 'credential'
  | 'jwt'
  | 'registry-auth';

const labels: readonly MarkLabel[] = [
  'secret',
  'secret-data',
  'secret-output',
  'env',
  'password',
  'token',
  'key',
  'private-key',
  'credential',
  'jwt',
  'registry-auth',
];

/** Source of an expression for exactly our marks; anything else in that form is ordinary text. */
export const markSource: string = `\\[redacted:(?:${labels.join('|')})\\]`;

const whole = new RegExp(`^${markSource}$`);

/** What is put in a secret's place. */
export function mark(label: MarkLabel): string {
  return `[redacted:${label}]`;
}

/** True for a text that is one mark and nothing else. */
export function isMark(text: string): boolean {
  return whole.test(text);
}
