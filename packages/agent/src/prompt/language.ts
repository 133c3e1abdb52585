const lookedAtUnits = 4000;

/** The language of a text by its script: `zh` where Han characters carry it (and no kana or Hangul), else `en`. */
export function languageOf(text: string): 'zh' | 'en' {
  const part = text.slice(0, lookedAtUnits);
  if (/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(part)) return 'en';
  const han = part.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = part.match(/[A-Za-z]{2,}/g)?.length ?? 0;
  return han > 0 && han * 2 >= words ? 'zh' : 'en';
}
