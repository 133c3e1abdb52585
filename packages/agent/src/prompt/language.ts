/** The language of a text by its script: `zh` where Han characters carry it, else `en`. */
export function languageOf(text: string): 'zh' | 'en' {
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
}
