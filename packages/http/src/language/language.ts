/** The languages that the API speaks. */
export type Language = 'en' | 'zh';

/** The one of ours that an `Accept-Language` header likes best; `fallback` where it names none. */
export function languageOf(acceptLanguage: string | null | undefined, fallback: Language): Language {
  let best: { readonly language: Language; readonly weight: number } | undefined;
  for (const wish of (acceptLanguage ?? '').slice(0, 1_000).split(',')) {
    const [, tag, weight = '1'] = /^\s*(en|zh)\b[^;]*(?:;\s*q=([\d.]+))?/i.exec(wish) ?? [];
    if (tag === undefined) continue;
    const found = { language: tag.toLowerCase() === 'zh' ? 'zh' : 'en', weight: Number(weight) } as const;
    if (found.weight > (best?.weight ?? 0)) best = found;
  }
  return best?.language ?? fallback;
}
