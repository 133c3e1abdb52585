/** A careful guess of a text's tokens: rather too many than too few. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3);
}
