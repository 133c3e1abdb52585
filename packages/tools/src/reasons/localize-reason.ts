import { kubectlTemplates } from './kubectl-templates.ts';
import { policyTemplates } from './policy-templates.ts';
import { shellTemplates } from './shell-templates.ts';

/** Languages in which reasons exist. They are logged in English. */
export type ReasonLanguage = 'en' | 'zh';

interface Template {
  readonly pattern: RegExp;
  readonly translation: string;
  /** Characters that are no placeholders: the more, the more certain. */
  readonly certainty: number;
}

// `{0}` stands for words that stay as they are, `{0*}` for reasons of their own.
const placeholder = /\{(\d)\*?\}/g;

function compile([english, translation]: readonly [string, string]): Template {
  const source = english
    .split(/(\{\d\*?\})/)
    .map((piece) => (/^\{\d\*?\}$/.test(piece) ? '([^]*?)' : piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return { pattern: new RegExp(`^${source}$`), translation, certainty: english.replaceAll(placeholder, '').length };
}

/** Makes the function that says a reason in a language; what it does not know stays English. */
export function reasonsIn(language: ReasonLanguage): (reason: string) => string {
  if (language === 'en') return (reason) => reason;
  const templates = [...kubectlTemplates, ...shellTemplates, ...policyTemplates]
    .map(compile)
    .sort((left, right) => right.certainty - left.certainty);
  const localize = (reason: string): string => {
    for (const { pattern, translation } of templates) {
      const found = pattern.exec(reason);
      if (found === null) continue;
      return translation.replaceAll(placeholder, (written, index: string) => {
        const words = found[Number(index) + 1] ?? '';
        return written.includes('*') ? words.split('; ').map(localize).join('；') : words;
      });
    }
    return reason;
  };
  return localize;
}
