// C0, DEL, C1, bidi controls, zero-width characters, line separators, byte order mark, lone surrogates.
// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

/** A foreign value as one safe line for a message: quoted, escaped and cut to `limit` characters. */
export function quote(value: string, limit = 120): string {
  return `"${toPrintable(value, limit)}"`;
}

/** Foreign text as one safe line: control, bidi and zero-width characters escaped, cut to `limit` characters. */
export function toPrintable(value: string, limit: number): string {
  const cut = value.length > limit ? `${value.slice(0, limit)}...` : value;
  return cut.replace(unprintable, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** Whether a value holds characters that can't be shown as they are. */
export function hasUnprintable(value: string): boolean {
  return value.search(unprintable) >= 0;
}

/** The message of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return toPrintable(error instanceof Error ? error.message : String(error), 400);
}

/** The `code` of a system error such as ENOENT; undefined for anything else. */
export function systemCodeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
