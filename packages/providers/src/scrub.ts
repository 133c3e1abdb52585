const mask = '***';
const minimumPart = 8;

/** Takes a key out of a vendor's text: whole, in base64, masked by the vendor itself, or any 8 letters of it. */
export function scrub(text: string, apiKey: string | undefined): string {
  const shown = text.replace(/[\w-]*\*{3,}[\w-]*/g, mask);
  if (apiKey === undefined || apiKey.length < 4) return shown;
  const whole = shown.replaceAll(apiKey, mask).replaceAll(encodeURIComponent(apiKey), mask);
  const masked = base64Forms(apiKey).reduce((sum, form) => sum.replaceAll(form, mask), whole);
  return apiKey.length < minimumPart ? masked : maskParts(masked, apiKey);
}

/** The letters of base64 that a key leaves whatever stands in front of it (three alignments, unsafe ends cut off). */
function base64Forms(key: string): readonly string[] {
  const bytes = new TextEncoder().encode(key);
  return ['', 'a', 'ab'].flatMap((lead) => {
    const binary = lead + Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    const start = lead === '' ? 0 : lead.length + 1;
    const form = btoa(binary).replace(/=+$/, '').slice(start, -1);
    return form.length < 4 ? [] : [form, form.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function maskParts(text: string, key: string): string {
  let result = '';
  let index = 0;
  while (index < text.length) {
    const length = text[index] === '*' ? 0 : sharedLength(text, index, key);
    result += length === 0 ? text[index] : mask;
    index += Math.max(1, length);
  }
  return result;
}

function sharedLength(text: string, index: number, key: string): number {
  if (!key.includes(text.slice(index, index + minimumPart)) || index + minimumPart > text.length) return 0;
  let length = minimumPart;
  while (index + length < text.length && key.includes(text.slice(index, index + length + 1))) length++;
  return length;
}

/** A vendor's text for people: one line, without control characters, at most 500 letters. */
export function oneLine(text: string, maxLetters = 500): string {
  const line = text
    .replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return line.length <= maxLetters ? line : `${line.slice(0, maxLetters)}…`;
}
