/** How vendors name the window of a model in the refusal of a request that is too long. */
const sentences: readonly RegExp[] = [
  /maximum (?:context |input |sequence |model )?(?:length|len)\b[^\d]{0,24}?(\d[\d,_]*)/i,
  /context (?:size|window|length)\b[^\d]{0,24}?(\d[\d,_]*)/i,
  /range of input length should be \[\d+, ?(\d+)\]/i,
  /tokens > (\d[\d,_]*) maximum/i,
  /must be <=? ?(\d[\d,_]*)/i,
  /token limit\b[^\d]{0,24}?(\d[\d,_]*)/i,
];
const minTokens = 256;
const maxTokens = 10_000_000;

/** The window, in tokens, that a vendor's refusal of a long request names; undefined where it names none. Pure. */
export function toldWindow(said: string): number | undefined {
  for (const sentence of sentences) {
    const tokens = Number((sentence.exec(said)?.[1] ?? '').replaceAll(/[,_]/g, ''));
    if (tokens >= minTokens && tokens <= maxTokens) return tokens;
  }
  return undefined;
}
