/**
 * How long a vendor asks to wait, in milliseconds; undefined where it does not say.
 * Reads `retry-after-ms` and `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); a past date is 0.
 */
export function retryAfterMs(headers: Headers, wallMs: number): number | undefined {
  const exact = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const text = headers.get('retry-after')?.trim() ?? '';
  if (text === '') return undefined;
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return Math.max(0, Number.parseFloat(text) * 1_000);
  if (/^\d+(\.\d+)?\s*ms$/i.test(text)) return Number.parseFloat(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallMs);
}

/** A wait in words: `450 ms`, `7 s`, `5 min`, `24 h`. */
export function formatWait(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
