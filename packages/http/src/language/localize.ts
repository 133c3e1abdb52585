import { english } from './en.ts';
import type { Language } from './language.ts';
import { chinese } from './zh.ts';

/** What is told of a failure: a code, an English sentence, and the facts in it. */
export interface Told {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** The sentence in a language: that which travels with the failure, that of its code, or its own. */
export function localize({ code, message, details = {} }: Told, language: Language): string {
  if (isChinese(message)) return language === 'zh' ? message : told(english.get(code), message);
  if (language === 'en') return message;
  const { zh } = details;
  return typeof zh === 'string' ? zh : (chinese.get(code)?.(details, message) ?? message);
}

/** What the original says beside stays with it. */
function told(sentence: string | undefined, original: string): string {
  return sentence === undefined ? original : `${sentence} (${original})`;
}

/** Failures of models are told in the language of the service already. */
function isChinese(message: string): boolean {
  return /\p{Script=Han}/u.test(message);
}
