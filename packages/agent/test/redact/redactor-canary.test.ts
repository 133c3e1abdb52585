import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/redact/redactor.ts';
import { inPieces } from './support.ts';

const canary = 'KW-canary:7f3a/9+b2=Zq&x';
const bytes = new TextEncoder().encode(canary);
const redactor = createRedactor({ secrets: [canary] });

/** Base64 of the canary behind so many other bytes. */
function encoded(before: number): string {
  return btoa(String.fromCharCode(...new Uint8Array(before).fill(65), ...bytes, 66, 66));
}

const forms: readonly (readonly [string, string])[] = [
  ['plain', canary],
  ['base64 at offset 0', encoded(0)],
  ['base64 at offset 1', encoded(1)],
  ['base64 at offset 2', encoded(2)],
  ['base64 for URLs', encoded(0).replaceAll('+', '-').replaceAll('/', '_')],
  ['URL-encoded', encodeURIComponent(canary)],
  ['in JSON', JSON.stringify(`a "${canary}"`)],
  ['hexadecimal', Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')],
];

describe('a canary secret', () => {
  it.each(forms)('does not survive %s, split at any border', (_name, form) => {
    const text = `before ${form} behind`;
    const whole = redactor.text(text);
    expect(whole).toContain('[redacted:secret]');
    for (let border = 1; border < text.length; border += 1) {
      const stream = redactor.stream();
      const out = stream.write(text.slice(0, border)) + stream.write(text.slice(border)) + stream.end();
      expect(out).toBe(whole);
    }
    for (let from = 0; from + 6 <= canary.length; from += 1) expect(whole).not.toContain(canary.slice(from, from + 6));
    expect(whole.replaceAll('[redacted:secret]', '')).toMatch(/^(before|behind|[\s"a\\Q-Z=]|Q[A-Za-z0-9+/_-]{0,2})+$/);
  });

  it('is found a character at a time, too', () => {
    expect(inPieces(redactor, `x${canary}y`, () => 1)).toBe('x[redacted:secret]y');
  });

  it('is kept out of structures: keys, values, text in text', () => {
    const out = JSON.stringify(redactor.json({ list: [canary, { [canary]: `a ${canary}` }], nested: JSON.stringify({ canary }) }));
    expect(out).not.toContain('7f3a');
  });

  it('stays hidden where everything else is revealed', () => {
    const open = createRedactor({ secrets: [canary], reveal: true });
    expect(open.text(`password=hunter2 ${canary}`)).toBe('password=hunter2 [redacted:secret]');
  });

  it('is looked for as a whole word where it is short', () => {
    const short = createRedactor({ secrets: ['s3cr'] });
    expect(short.text('s3cr s3cret as3cr (s3cr)')).toBe('[redacted:secret] s3cret as3cr ([redacted:secret])');
  });
});
