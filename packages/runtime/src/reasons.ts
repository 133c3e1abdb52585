/** Says why a call was judged or decided so, in a language. What is logged is English; what is not known stays so. */
export async function loadReasons(language: 'en' | 'zh'): Promise<(reason: string) => string> {
  if (language === 'en') return (reason) => reason;
  const { reasonsIn } = await import('@kw/tools');
  return reasonsIn(language);
}
